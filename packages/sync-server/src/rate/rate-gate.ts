/**
 * Gate of one socket: how much of it is read, and how fast. Knows nothing of messages; it hears of
 * chunks as they come from the network, of frames when they are whole, and of what sessions are over.
 *
 * ```
 * opening ──(the first session is granted)──► flowing ◄──(nothing is owed)── paused
 *    │                                           └────────(over a rate)────────►│
 *    └──(too much, too long)──► closing ◄──(over its own rate for too long)─────┘
 * ```
 *
 * 1. Over a rate, nothing is read until nothing is owed: bursts wait in the network and in the peer.
 * 2. A peer that stays over its own rate for `rateOverMsMax`, with no pause of its own, is closed with
 *    `rateLimited`. Nobody is closed for what others send from the same address or to the same document.
 * 3. Before the first grant a socket has a bound in bytes, in frames and in time, whatever it sends. When
 *    all such sockets together hold too much, those that hold more than a few frames go first.
 * 4. A message counts while it comes, not only when it is whole; many at once do not fill the memory.
 * 5. A socket that is being closed is read for its goodbye only.
 * 6. A socket on which nothing is said within `firstFrameMsMax` is closed with `silent`.
 */
import type { CloseName } from '@quire/protocol'
import { Meter } from './rate-meter.ts'
import type { RateLimiter, Sleeper } from './rate-limiter.ts'
import type { Shared } from './rate-shared.ts'

/** The socket as its gate needs it. */
export interface GatedSocket {
  pause(): void
  resume(): void
  /** Ends the connection with a code; calls {@link SocketGate.closing}. */
  close(name: CloseName, why: string): void
}

/** A chunk costs this much however little is in it: an object and a place in a list. */
const chunkBytesMin = 256
/** A Step1, a presence state and some keystrokes; honest newcomers hold no more, whatever others do. */
const openingShareBytes = 16 * 1024
/** A peer that is quiet for this long after a pause has caught up: it starts anew. */
const calmMs = 10_000
/** An answer to a ping is a write of its own. Honest peers ping twice a minute. */
const framesPerPing = 10

export class SocketGate implements Sleeper {
  readonly #limiter: RateLimiter
  readonly #socket: GatedSocket
  readonly #frames: Meter
  readonly #address: Shared | undefined
  /** By when the first frame has to be whole. */
  #silenceEndsMs: number
  /** By when something has to be granted. */
  readonly #openingEndsMs: number
  #isOpening = true
  #isClosing = false
  #isEnded = false
  #isPaused = false
  #untilMs = Number.NEGATIVE_INFINITY
  /** Since when it is over its own rate again and again, and until when it was so last. */
  #overSinceMs = Number.NEGATIVE_INFINITY
  #overUntilMs = Number.NEGATIVE_INFINITY
  #openingBytes = 0
  #openingFrameCount = 0
  #unfinishedBytes = 0
  #farewellBytes = 0

  constructor(limiter: RateLimiter, address: string, socket: GatedSocket) {
    this.#limiter = limiter
    this.#socket = socket
    this.#frames = new Meter(limiter.limits.socketRate)
    this.#address = limiter.enter(address)
    const nowMs = limiter.clock.nowMs()
    this.#silenceEndsMs = nowMs + limiter.limits.firstFrameMsMax
    this.#openingEndsMs = nowMs + limiter.limits.firstGrantMsMax
    this.#arm()
  }

  /** Whether nothing is read now, so that silence is no sign of anything. */
  get isPaused(): boolean {
    return this.#isPaused
  }

  /** What is here of a message that has not ended, chunks that are small counted as `chunkBytesMin`. */
  get unfinishedBytes(): number {
    return this.#unfinishedBytes
  }

  /** A piece of the stream came, before anybody looks into it. */
  chunk(byteCount: number): void {
    const limiter = this.#limiter
    if (this.#isClosing) {
      this.#farewellBytes += byteCount
      // What was on its way may be two messages; beyond that the peer is not listening.
      if (this.#farewellBytes > 2 * limiter.limits.frameBytesMax) this.#pause()
      return
    }
    const counted = Math.max(byteCount, chunkBytesMin)
    this.#unfinishedBytes += counted
    limiter.unfinishedBytes += counted
    const { unfinishedBytesMax, openingBytesPerSocketMax, openingBytesMaxTogether } = limiter.limits
    if (limiter.unfinishedBytes > unfinishedBytesMax && this.#unfinishedBytes > openingShareBytes) {
      this.#socket.close('overloaded', 'too many messages have begun and not ended')
      return
    }
    if (!this.#isOpening) return
    this.#openingBytes += counted
    limiter.openingBytes += counted
    const isTooMuch = this.#openingBytes > openingBytesPerSocketMax
    const isTooMuchTogether =
      limiter.openingBytes > openingBytesMaxTogether && this.#openingBytes > openingShareBytes
    if (isTooMuch || isTooMuchTogether) {
      this.#socket.close('overloaded', 'too much was sent before access was granted')
    }
  }

  /** A frame is whole, of any kind. False: the socket is being closed, do not look at it. */
  frame(byteCount: number): boolean {
    const limiter = this.#limiter
    limiter.unfinishedBytes -= this.#unfinishedBytes
    this.#unfinishedBytes = 0
    if (this.#isClosing) return false
    // It is woken at that time all the same: once for nothing costs less than to move it each time.
    this.#silenceEndsMs = Number.POSITIVE_INFINITY
    if (this.#isOpening) {
      this.#openingFrameCount += 1
      if (this.#openingFrameCount > limiter.limits.openingFramesPerSocketMax) {
        this.#socket.close('overloaded', 'too much was sent before access was granted')
        return false
      }
    }
    const waitMs = this.#frames.charge(1, byteCount, limiter.clock.nowMs())
    if (waitMs > 0) this.slow(waitMs, true)
    return !this.#isClosing
  }

  /** A ping or a pong, dearer than a frame. False: do not answer it. */
  control(): boolean {
    if (this.#isClosing) return false
    const waitMs = this.#frames.charge(framesPerPing, 0, this.#limiter.clock.nowMs())
    if (waitMs > 0) this.slow(waitMs, true)
    return waitMs === 0
  }

  /** The meter of everything that comes from the address, for the sessions to charge. */
  get addressMeter(): Meter | undefined {
    return this.#address?.meter
  }

  /** A session of the socket is granted access to its document. */
  granted(): void {
    if (!this.#isOpening) return
    this.#endOpening()
    this.#arm()
  }

  /** Nothing more is read for `waitMs`; `isOwn`: for what this peer sent, not others with it. */
  slow(waitMs: number, isOwn: boolean): void {
    if (this.#isClosing) return
    const { clock, limits } = this.#limiter
    const nowMs = clock.nowMs()
    this.#untilMs = Math.max(this.#untilMs, nowMs + waitMs)
    if (isOwn) {
      if (nowMs > this.#overUntilMs + calmMs) this.#overSinceMs = nowMs
      this.#overUntilMs = this.#untilMs
      if (nowMs - this.#overSinceMs > limits.rateOverMsMax) {
        this.#socket.close('rateLimited', 'the peer sends faster than it may, for too long')
        return
      }
    }
    this.#pause()
    this.#arm()
  }

  wake(nowMs: number): void {
    if (this.#isClosing) return
    if (nowMs >= this.#silenceEndsMs) {
      this.#socket.close('silent', 'nothing was said in time')
      return
    }
    if (this.#isOpening && nowMs >= this.#openingEndsMs) {
      this.#socket.close('silent', 'access was not granted in time')
      return
    }
    if (this.#isPaused && nowMs >= this.#untilMs) {
      this.#isPaused = false
      this.#socket.resume()
    }
    this.#arm()
  }

  /** The socket is being closed: what it says does not count any more. Idempotent. */
  closing(): void {
    if (this.#isClosing) return
    this.#isClosing = true
    this.#limiter.forget(this)
    this.#endOpening()
    this.#endUnfinished()
    // The peer's goodbye has to be read.
    if (this.#isPaused) this.#socket.resume()
    this.#isPaused = false
  }

  /** The socket is gone. Idempotent. */
  ended(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.closing()
    if (this.#address) this.#limiter.leave(this.#address)
  }

  #pause(): void {
    if (this.#isPaused) return
    this.#isPaused = true
    this.#socket.pause()
  }

  #arm(): void {
    const openingMs = this.#isOpening ? this.#openingEndsMs : Number.POSITIVE_INFINITY
    const pauseMs = this.#isPaused ? this.#untilMs : Number.POSITIVE_INFINITY
    this.#limiter.wakeAt(this, Math.min(this.#silenceEndsMs, openingMs, pauseMs))
  }

  #endOpening(): void {
    if (!this.#isOpening) return
    this.#isOpening = false
    this.#silenceEndsMs = Number.POSITIVE_INFINITY
    this.#limiter.openingBytes -= this.#openingBytes
    this.#openingBytes = 0
    if (this.#address) this.#limiter.opened(this.#address)
  }

  #endUnfinished(): void {
    this.#limiter.unfinishedBytes -= this.#unfinishedBytes
    this.#unfinishedBytes = 0
  }
}

/**
 * Outbox. One per session: decides whether a frame is written now or the session catches up later.
 * Is not a place to decide who receives what; the room decides, this only carries.
 *
 * ```
 * flowing ──(unread bytes over the soft bound)──► behind ──(drained, and the room has nothing more)──► flowing
 *    └──────────────────(over the hard bound, or behind for too long)──────────────► overloaded
 * ```
 *
 * 1. Order in is order out.
 * 2. A behind session is written no document and no presence frames: it gets everything after its
 *    cursor, part by part, each when it has read what it has. So unread bytes stay near the soft bound.
 * 3. The answer to the first Step1 is not counted: it is as large as the document is. Nor is a part of a
 *    catch-up, which may be the snapshot, and comes only when everything before it was read.
 * 4. Nothing is dropped without being part of a later catch-up.
 */
import type { Clock } from '@quire/base'
import type { Limits } from '@quire/protocol'
import { copyOf } from '../copy.ts'
import type { Dialect } from '../client/dialect.ts'
import type { Transport, UnreadAnswers, WireFrame } from './frame-writer.ts'

export type OutboxState = { readonly kind: 'flowing' } | Behind | { readonly kind: 'closed' }

export interface Behind {
  readonly kind: 'behind'
  /** The number of the last log row it was sent. */
  readonly cursor: number
  readonly sinceMs: number
  /** The newest Step1 that came meanwhile: one answer is enough. */
  stateVector: Uint8Array | undefined
  savedCount: number | undefined
}

export interface OutboxOptions {
  readonly transport: Transport
  readonly dialect: Pick<Dialect, 'saved'>
  readonly limits: Pick<Limits, 'outboxBytesSoft' | 'outboxBytesMax' | 'behindMsMax'>
  readonly clock: Clock
  /** The session reads too slowly to be kept. Called at most once. */
  readonly onOverload: (why: string) => void
}

const flowing: OutboxState = { kind: 'flowing' }

export class Outbox {
  /** Whether anything was written since somebody last set this to false; for the keep-alive. */
  hasWritten = false
  #state: OutboxState = flowing
  readonly #answers: UnreadAnswers
  #hasAnswered = false
  #savedCount = 0
  readonly #options: OutboxOptions

  constructor(options: OutboxOptions) {
    this.#options = options
    this.#answers = options.transport.answers ?? { bytes: 0 }
  }

  get state(): OutboxState {
    return this.#state
  }

  /** Whether the socket has taken everything. */
  get isRead(): boolean {
    return this.#options.transport.bufferedBytes === 0
  }

  /** A frame with the log rows after number `after`. */
  document(frame: WireFrame, after: number): void {
    if (this.#state.kind !== 'flowing') return
    if (this.#unreadBytes() > this.#options.limits.outboxBytesSoft) this.fallBehind(after)
    else this.#write(frame)
  }

  /** Makes the session wait for a catch-up from number `cursor` on, if it does not wait already. */
  fallBehind(cursor: number): void {
    if (this.#state.kind !== 'flowing') return
    this.#state = {
      kind: 'behind',
      cursor,
      sinceMs: this.#options.clock.nowMs(),
      stateVector: undefined,
      savedCount: undefined,
    }
  }

  /**
   * The parts of one presence message. Skipped while behind: the catch-up ends with everybody's presence.
   * `after` is the log row up to which the session was sent everything.
   */
  presence(parts: readonly Uint8Array[], after: number): void {
    if (!this.#mayShow(after)) return
    this.hasWritten = true
    this.#options.transport.writeParts(parts)
  }

  /** The same for a message that others get too. */
  sharedPresence(frame: WireFrame, after: number): void {
    if (this.#mayShow(after)) this.#write(frame)
  }

  #mayShow(after: number): boolean {
    if (this.#state.kind !== 'flowing') return false
    if (this.#unreadBytes() <= this.#options.limits.outboxBytesSoft) return true
    this.fallBehind(after)
    return false
  }

  /** A frame that cannot be made up for later: small, and counted against the hard bound. */
  control(frame: WireFrame): void {
    if (this.#state.kind === 'closed') return
    this.#write(frame)
    if (this.#unreadBytes() > this.#options.limits.outboxBytesMax) {
      this.#options.onOverload('too much is unread')
    }
  }

  /**
   * Whether a Step1 is answered now; otherwise it is remembered and answered with the catch-up. The
   * first one always is. `after` as in {@link presence}.
   */
  mayAnswer(stateVector: Uint8Array, after: number): boolean {
    const isTooMuch = this.#unreadBytes() > this.#options.limits.outboxBytesSoft
    if (this.#hasAnswered && isTooMuch) this.fallBehind(after)
    const state = this.#state
    if (state.kind === 'behind') state.stateVector = copyOf(stateVector)
    return state.kind === 'flowing'
  }

  /** The frames of an answer. Only the first answer of a session is not counted. */
  answer(frames: readonly WireFrame[]): void {
    this.#writeAll(frames, this.#hasAnswered)
    this.#hasAnswered = true
  }

  /**
   * A part of what a session that is behind has missed, up to row `to`. With `isAll` it has everything,
   * and is flowing again.
   */
  catchUp(frames: readonly WireFrame[], to: number, isAll: boolean): void {
    const state = this.#state
    if (state.kind !== 'behind') return
    this.#writeAll(frames, false)
    if (!isAll) {
      this.#state = { ...state, cursor: to, sinceMs: this.#options.clock.nowMs() }
      return
    }
    this.#state = flowing
    this.#tellWaiting(state)
  }

  #writeAll(frames: readonly WireFrame[], areCounted: boolean): void {
    if (this.#state.kind === 'closed') return
    for (const frame of frames) {
      if (!areCounted) this.#answers.bytes += frame.framed.length
      this.#write(frame)
    }
  }

  /** The first `count` frames that the client counts are durable. */
  saved(count: number): void {
    const state = this.#state
    if (state.kind === 'behind') state.savedCount = count
    else this.#tellSaved(count)
  }

  #tellWaiting(state: Behind): void {
    const { savedCount } = state
    state.savedCount = undefined
    if (savedCount !== undefined) this.#tellSaved(savedCount)
  }

  #tellSaved(count: number): void {
    const frame = this.#options.dialect.saved(count, this.#savedCount)
    this.#savedCount = count
    if (frame) this.control(frame)
  }

  /** The client does not count any more what it was not told yet. */
  forgetSaved(): void {
    const state = this.#state
    if (state.kind !== 'behind' || state.savedCount === undefined) return
    this.#savedCount = state.savedCount
    state.savedCount = undefined
  }

  /** The socket has taken everything. A session that is behind is to be caught up now. */
  drained(): void {
    this.#answers.bytes = 0
    if (this.#state.kind === 'behind') this.#tellWaiting(this.#state)
  }

  /** Looks whether the session has been behind for too long. */
  look(nowMs: number): void {
    const state = this.#state
    if (state.kind !== 'behind') return
    if (nowMs - state.sinceMs > this.#options.limits.behindMsMax) {
      this.#options.onOverload('behind for too long')
    }
  }

  close(): void {
    this.#state = { kind: 'closed' }
  }

  #write(frame: WireFrame): void {
    this.hasWritten = true
    this.#options.transport.write(frame)
  }

  #unreadBytes(): number {
    return this.#options.transport.bufferedBytes - this.#answers.bytes
  }
}

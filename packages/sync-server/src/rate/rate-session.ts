/**
 * Rates of one session: what it may send, and what it may ask. Charges the meters that it shares with
 * its user, its document and its address, and has its socket paused when one of them is over.
 *
 * 1. Edits are never dropped: the socket is paused, and what was read already is taken.
 * 2. Presence beyond its rate is dropped, except the newest that the session says of itself, which is
 *    taken as soon as the rate allows. Each presence message that the session is shown gives it one
 *    back: stock clients repeat all that they hear.
 * 3. A question (for the document, or for everybody's presence) beyond its rate is answered later, and
 *    only the newest.
 */
import type { DocumentMessage, DocumentName } from '@quire/protocol'
import { copyOf } from '../copy.ts'
import type { SocketGate } from './rate-gate.ts'
import type { RateLimiter, Sleeper } from './rate-limiter.ts'
import { Meter } from './rate-meter.ts'
import type { Shared } from './rate-shared.ts'

/** What waited for the rate of its session. */
export type LateMessage = Extract<
  DocumentMessage,
  { readonly kind: 'presence' | 'step1' | 'queryPresence' }
>

export interface SessionRateOptions {
  readonly limiter: RateLimiter
  /** The gate of the session's socket; a session without a socket is not paused. */
  readonly gate: SocketGate | undefined
  /** What waited may be handled now; false: not yet. */
  readonly onLate: (message: LateMessage) => boolean
}

/** Reading this many structs and ranges of an update costs as much as everything else about one. */
const partsPerFrame = 100
/** A presence message is read and kept; an edit is also stored and sent on. */
const framesPerPresence = 0.1
/** What waits for its rate is tried again after this: presence is then still fluent. */
const lateMs = 50

export class SessionRate implements Sleeper {
  readonly #options: SessionRateOptions
  readonly #own: Meter
  readonly #presence: Meter
  readonly #questions: Meter
  #user: Shared | undefined = undefined
  #document: Shared | undefined = undefined
  #latePresence: Uint8Array | undefined = undefined
  #lateVector: Uint8Array | undefined = undefined
  #isAskingPresence = false
  #isAsleep = false

  constructor(options: SessionRateOptions) {
    const { sessionRate, presenceRate, questionRate } = options.limiter.limits
    this.#options = options
    this.#own = new Meter(sessionRate)
    this.#presence = new Meter(presenceRate)
    this.#questions = new Meter(questionRate)
  }

  /** The session is granted access. `full`: its user has as many sessions as it may. Once, before anything is charged. */
  granted(userId: string, document: DocumentName): 'full' | undefined {
    const { limiter, gate } = this.#options
    const user = limiter.holdUser(userId)
    if (user === 'full') return 'full'
    this.#user = user
    this.#document = limiter.holdDocument(document)
    gate?.granted()
    return undefined
  }

  /** Something came that is handled in any case: an edit, an answer, a question. */
  charge(byteCount: number): void {
    this.#charge(1, byteCount)
  }

  /** An update turned out to have `partCount` parts. */
  chargeParts(partCount: number): void {
    if (partCount >= partsPerFrame) this.#charge(partCount / partsPerFrame, 0)
  }

  /** What the session sends comes faster than it can be worked off: nothing more of its socket is read for `waitMs`. */
  hold(waitMs: number): void {
    this.#options.gate?.slow(waitMs, false)
  }

  /** Whether a presence message is handled now. */
  mayShow(byteCount: number): boolean {
    const { limiter, gate } = this.#options
    const nowMs = limiter.clock.nowMs()
    gate?.addressMeter?.charge(framesPerPresence, 0, nowMs)
    return this.#latePresence === undefined && this.#presence.tries(1, byteCount, nowMs)
  }

  /** Keeps entries about the session itself for which {@link mayShow} was false; copied. The newest win. */
  keepPresence(entries: Uint8Array): void {
    this.#latePresence = copyOf(entries)
    this.#sleep()
  }

  /** The session is sent a presence message, given in parts. */
  shown(parts: readonly Uint8Array[]): void {
    let byteCount = 0
    for (const part of parts) byteCount += part.length
    this.#presence.credit(1, byteCount)
  }

  /** Whether a question for the document is answered now; otherwise it is kept, copied, and comes back. */
  mayAsk(stateVector: Uint8Array): boolean {
    if (this.#lateVector === undefined && this.#triesQuestion()) return true
    this.#lateVector = copyOf(stateVector)
    this.#sleep()
    return false
  }

  /** Whether a question for everybody's presence is answered now; otherwise it comes back. */
  mayAskPresence(): boolean {
    if (!this.#isAskingPresence && this.#triesQuestion()) return true
    this.#isAskingPresence = true
    this.#sleep()
    return false
  }

  wake(nowMs: number): void {
    this.#isAsleep = false
    const presence = this.#latePresence
    if (presence && this.#presence.tries(1, presence.length, nowMs)) {
      this.#latePresence = undefined
      if (!this.#options.onLate({ kind: 'presence', entries: presence }))
        this.#latePresence = presence
    }
    const stateVector = this.#lateVector
    if (stateVector && this.#questions.tries(1, 0, nowMs)) {
      this.#lateVector = undefined
      if (!this.#options.onLate({ kind: 'step1', stateVector })) this.#lateVector = stateVector
    }
    if (this.#isAskingPresence && this.#questions.tries(1, 0, nowMs)) {
      this.#isAskingPresence = !this.#options.onLate({ kind: 'queryPresence' })
    }
    if (this.#latePresence || this.#lateVector || this.#isAskingPresence) this.#sleep()
  }

  /** The session is over. Idempotent. */
  ended(): void {
    const { limiter } = this.#options
    limiter.forget(this)
    if (this.#user) limiter.releaseUser(this.#user)
    if (this.#document) limiter.releaseDocument(this.#document)
    this.#user = undefined
    this.#document = undefined
    this.#latePresence = undefined
    this.#lateVector = undefined
  }

  #charge(frameCount: number, byteCount: number): void {
    const { limiter, gate } = this.#options
    const nowMs = limiter.clock.nowMs()
    const ownMs = this.#own.charge(frameCount, byteCount, nowMs)
    const userMs = this.#user?.meter.charge(frameCount, byteCount, nowMs) ?? 0
    const documentMs = this.#document?.meter.charge(frameCount, byteCount, nowMs) ?? 0
    const addressMs = gate?.addressMeter?.charge(frameCount, byteCount, nowMs) ?? 0
    const waitMs = Math.max(ownMs, userMs, documentMs, addressMs)
    if (waitMs > 0) gate?.slow(waitMs, ownMs > 0 || userMs > 0)
  }

  #triesQuestion(): boolean {
    return this.#questions.tries(1, 0, this.#options.limiter.clock.nowMs())
  }

  #sleep(): void {
    // What comes meanwhile takes the place of what waits, and does not make it wait anew.
    if (this.#isAsleep) return
    this.#isAsleep = true
    const { limiter } = this.#options
    limiter.wakeAt(this, limiter.clock.nowMs() + lateMs)
  }
}

/**
 * Access watch: one per server, one timer for all sessions. Knows until when each was granted access,
 * and has them ask again. Decides nothing: the access port does (`admission.ts`), and the session
 * keeps to its answer (`session.ts`).
 *
 * 1. A session ends in the millisecond in which its grant does.
 * 2. Before that it is asked for a newer token, once for each end.
 * 3. No answer is relied on for longer than `recheckMsMax`, or than the grant says. Such questions
 *    are spread over time, and a bounded number is asked at once. One that fails changes nothing.
 * 4. A question that the port does not answer within `authorizeMsMax` is given up.
 * 5. `recheck` puts the sessions concerned under review, at once: what they send waits for the
 *    answer. Without one in `reviewMsMax` they are closed with `accessDown`: somebody said that
 *    rights have changed, so the old ones are not good enough.
 */
import { type Clock, type Log, type Random, reasonOf, type Timer } from '@quire/base'
import type { CloseName, DocumentName, Limits } from '@quire/protocol'
import type { Grant } from './access.ts'
import { AskLane } from './ask-lane.ts'
import { Deadlines } from '../deadlines.ts'

/** Which sessions to ask about again; without either, all. */
export interface RecheckFilter {
  readonly document?: DocumentName
  /** As the access port named the user. */
  readonly userId?: string
}

/** What the watch needs of a session. */
export interface Watched {
  readonly document: DocumentName
  /** Undefined before it was granted access. */
  readonly userId: string | undefined
  /** Asks the access port about the session; a question that is open already is dropped. */
  ask(): void
  /** The port did not answer in time. */
  unanswered(): void
  /** From now on, what the session sends waits for the next answer. */
  review(): void
  /** Asks the client for a newer token, when it speaks a dialect that can. */
  askToken(): void
  close(name: CloseName, why: string): void
}

export interface AccessWatchOptions {
  readonly clock: Clock
  readonly log: Log
  readonly random: Random
  readonly limits: Pick<
    Limits,
    'authorizeMsMax' | 'recheckMsMax' | 'reviewMsMax' | 'rechecksMax' | 'reviewsMax'
  >
}

/** When what has to happen to a session, by the clock that only grows; Infinity: never. */
interface Watch {
  /** As the grant says it, to know a new end from the old one. */
  expiresAtMs: number | undefined
  endsMs: number
  requestMs: number
  recheckMs: number
  reviewEndsMs: number
  /** By when the port has to answer. */
  answerEndsMs: number
}

const never = Number.POSITIVE_INFINITY
/** A client is asked for a newer token this long before the old one ends: its application may have to ask a server of its own, twice. */
const requestLeadMs = 30_000
/** Answers that came together are not asked for again together. */
const spread = 0.25
/** A port that says less would be asked all the time. */
const recheckMsMin = 1_000
/** Timers of JavaScript cannot wait for longer than 24 days. */
const waitMsMax = 24 * 60 * 60 * 1_000

export class AccessWatch {
  readonly #options: AccessWatchOptions
  readonly #watches = new Map<Watched, Watch>()
  readonly #deadlines = new Deadlines<Watched>()
  readonly #routine: AskLane<Watched>
  readonly #reviews: AskLane<Watched>
  #timer: Timer | undefined = undefined
  #timerDueMs = never

  constructor(options: AccessWatchOptions) {
    const { limits } = options
    this.#options = options
    this.#routine = new AskLane(limits.rechecksMax, (session) => session.ask())
    this.#reviews = new AskLane(limits.reviewsMax, (session) => session.ask())
  }

  get sessionCount(): number {
    return this.#watches.size
  }

  /** A session asks for the first time. It is watched until {@link ended}. */
  opened(session: Watched): void {
    this.#watches.set(session, {
      expiresAtMs: undefined,
      endsMs: never,
      requestMs: never,
      recheckMs: never,
      reviewEndsMs: never,
      answerEndsMs: never,
    })
  }

  /** The port was asked, and answers later. */
  asked(session: Watched): void {
    const watch = this.#watches.get(session)
    if (!watch) return
    const { clock, limits } = this.#options
    watch.answerEndsMs = clock.nowMs() + limits.authorizeMsMax
    this.#arrange(session, watch)
  }

  /** The port granted access, for the first time or again. */
  granted(session: Watched, grant: Grant): void {
    const watch = this.#answered(session)
    if (!watch) return
    const { clock, limits, random } = this.#options
    const nowMs = clock.nowMs()
    const { expiresAtMs, recheckMs = limits.recheckMsMax } = grant
    if (expiresAtMs !== undefined) {
      const leftMs = expiresAtMs - clock.wallMs()
      // Also when the port gave no number at all.
      if (!(leftMs > 0)) {
        session.close('unauthorized', 'the grant has ended')
        return
      }
      watch.endsMs = nowMs + leftMs
      if (expiresAtMs !== watch.expiresAtMs) {
        watch.requestMs = watch.endsMs - Math.min(requestLeadMs, leftMs / 2)
      }
    } else {
      watch.endsMs = never
      watch.requestMs = never
    }
    watch.expiresAtMs = expiresAtMs
    const relyMs = Number.isNaN(recheckMs) ? limits.recheckMsMax : Math.max(recheckMsMin, recheckMs)
    watch.recheckMs = nowMs + relyMs * (1 - spread * random.unit())
    this.#arrange(session, watch)
  }

  /** The port could not decide; what it said before stands, and is asked about again later. */
  undecided(session: Watched): void {
    const watch = this.#answered(session)
    if (!watch) return
    const { clock, limits, random } = this.#options
    watch.recheckMs = clock.nowMs() + limits.recheckMsMax * (1 - spread * random.unit())
    this.#arrange(session, watch)
  }

  /** The session is over. */
  ended(session: Watched): void {
    this.#watches.delete(session)
    this.#deadlines.delete(session)
    this.#routine.delete(session)
    this.#reviews.delete(session)
    this.#arm()
  }

  /** Has every session that is concerned ask again now. Those whose user is not known yet are concerned. */
  recheck({ document, userId }: RecheckFilter): void {
    const { clock, limits } = this.#options
    const reviewEndsMs = clock.nowMs() + limits.reviewMsMax
    const concerned = [...this.#watches].filter(
      ([session]) =>
        (document === undefined || session.document === document) &&
        (userId === undefined || session.userId === undefined || session.userId === userId),
    )
    // All of them before any of them is answered: an answer may come, and close a session, at once.
    for (const [session, watch] of concerned) {
      if (session.userId === undefined) continue
      watch.reviewEndsMs = Math.min(watch.reviewEndsMs, reviewEndsMs)
      this.#routine.delete(session)
      this.#arrange(session, watch)
      session.review()
    }
    for (const [session] of concerned) {
      if (!this.#watches.has(session)) continue
      if (session.userId === undefined) session.ask()
      else this.#reviews.add(session)
    }
  }

  /** Stops the timer; for the end of a shutdown. */
  close(): void {
    this.#disarm()
    this.#watches.clear()
  }

  /** Undefined for a session that is over. */
  #answered(session: Watched): Watch | undefined {
    this.#routine.delete(session)
    this.#reviews.delete(session)
    const watch = this.#watches.get(session)
    if (watch) {
      watch.reviewEndsMs = never
      watch.answerEndsMs = never
    }
    return watch
  }

  #arrange(session: Watched, watch: Watch): void {
    const { endsMs, requestMs, recheckMs, reviewEndsMs, answerEndsMs } = watch
    const nextMs = Math.min(endsMs, requestMs, recheckMs, reviewEndsMs, answerEndsMs)
    this.#deadlines.set(session, nextMs)
    this.#arm()
  }

  #arm(): void {
    const dueMs = this.#deadlines.nextMs
    if (dueMs === never) this.#disarm()
    // A timer that is early finds nothing to do, and arms the next one.
    if (dueMs >= this.#timerDueMs) return
    const { clock } = this.#options
    this.#timer?.cancel()
    this.#timerDueMs = dueMs
    const delayMs = Math.min(waitMsMax, dueMs - clock.nowMs())
    this.#timer = clock.after(delayMs, () => {
      this.#timerDueMs = never
      const nowMs = clock.nowMs()
      for (let due = this.#deadlines.take(nowMs); due; due = this.#deadlines.take(nowMs)) {
        this.#guardedDue(due, nowMs)
      }
      this.#arm()
    })
  }

  /** A session that breaks when its time has come ends; the others have theirs all the same. */
  #guardedDue(session: Watched, nowMs: number): void {
    try {
      this.#due(session, nowMs)
    } catch (error) {
      this.#options.log.error('a session broke', {
        document: session.document,
        reason: reasonOf(error),
      })
      session.close('internal', 'the session broke')
    }
  }

  #disarm(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#timerDueMs = never
  }

  #due(session: Watched, nowMs: number): void {
    const watch = this.#watches.get(session)
    if (!watch) return
    if (watch.endsMs <= nowMs) {
      session.close('unauthorized', 'the grant has ended')
      return
    }
    if (watch.reviewEndsMs <= nowMs) {
      session.close('accessDown', 'rights changed, and access could not be decided in time')
      return
    }
    if (watch.answerEndsMs <= nowMs) {
      watch.answerEndsMs = never
      session.unanswered()
      if (this.#watches.get(session) !== watch) return
    }
    if (watch.requestMs <= nowMs) {
      watch.requestMs = never
      session.askToken()
    }
    if (watch.recheckMs <= nowMs) {
      watch.recheckMs = never
      this.#routine.add(session)
    }
    // A port that answers at once may have ended it meanwhile.
    if (this.#watches.get(session) === watch) this.#arrange(session, watch)
  }
}

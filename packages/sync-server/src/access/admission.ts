/**
 * Admission. One per session: asks the access port about it and hands on what the port answers. Keeps
 * the newest token, and tells the watch until when the answer holds. Keeps no frames; what an answer
 * means for the session is the session's.
 *
 * 1. The newest question counts; a late answer to an older one is dropped.
 * 2. Without an answer in time, or with a fault of the port, nothing is decided, which is not a denial.
 *    Under review that ends the session all the same: somebody said that the old rights are gone.
 * 3. A port that answers at once is heard in the same turn.
 * 4. One question is open for the tokens that a client sends, however many: the last one waits.
 * 5. What the client proved itself with is not in the log, whatever the port says in its error.
 */
import { reasonOf } from '@quire/base'
import type { CloseName } from '@quire/protocol'
import {
  type AccessAnswer,
  type AccessRequest,
  type Denial,
  type Grant,
  isRole,
  type User,
  userCharsMax,
} from './access.ts'
import type { AccessWatch, Watched } from './access-watch.ts'
import type { Ports } from '../ports.ts'

/** What becomes of the session. */
export interface Admitted {
  /** The port grants access; again, when `grant` is already known. The watch knows of it. */
  granted(grant: Grant): void
  refused(close: CloseName, why: string): void
}

export interface AdmissionOptions {
  readonly ports: Ports
  readonly watch: AccessWatch
  readonly session: Watched
  readonly request: AccessRequest
  readonly outcome: Admitted
}

export class Admission {
  readonly #options: AdmissionOptions
  #request: AccessRequest
  #grant: Grant | undefined = undefined
  #question = 0
  #isAsking = false
  #isUnderReview = false
  #nextToken: string | undefined = undefined
  /** Takes the question that is open for unanswered. */
  #giveUp: (() => void) | undefined = undefined
  #phase: 'new' | 'asked' | 'over' = 'new'

  constructor(options: AdmissionOptions) {
    this.#options = options
    this.#request = options.request
  }

  /** What the port granted last. */
  get grant(): Grant | undefined {
    return this.#grant
  }

  /** Whether the port was asked. */
  get hasBegun(): boolean {
    return this.#phase !== 'new'
  }

  /** Whether rights are in doubt: nothing may happen in their name. */
  get isUnderReview(): boolean {
    return this.#isUnderReview
  }

  /** Asks to be let in; again, when a newer token came. An empty token is none. */
  open(token: string | undefined): void {
    if (this.#phase === 'over') return
    if (this.#phase === 'new') this.#options.watch.opened(this.#options.session)
    this.#phase = 'asked'
    if (token !== undefined && this.#isAsking) {
      this.#nextToken = token
      return
    }
    if (token !== undefined) this.#request = { ...this.#request, token: token || undefined }
    this.ask()
  }

  review(): void {
    this.#isUnderReview = true
  }

  ask(): void {
    const { authorize, log } = this.#options.ports
    const request = this.#request
    this.#drop()
    const question = this.#question
    const answer = (given: AccessAnswer | 'unavailable'): void => {
      if (question !== this.#question) return
      this.#drop()
      try {
        this.#answered(given)
      } catch (error) {
        log.error('a session broke', { document: request.document, reason: reasonOf(error) })
        this.#options.outcome.refused('internal', 'the session broke')
      }
    }
    const failed = (error: unknown): void => {
      log.error('access could not be decided', {
        document: request.document,
        reason: withoutSecrets(reasonOf(error), request),
      })
      answer('unavailable')
    }
    const heard = (given: unknown): void => {
      if (isAnswer(given)) answer(given)
      else failed('the answer of the access port is neither a grant nor a denial')
    }
    let given: ReturnType<typeof authorize>
    try {
      given = authorize(request)
    } catch (error) {
      failed(error)
      return
    }
    if (!(given instanceof Promise)) {
      heard(given)
      return
    }
    this.#isAsking = true
    this.#giveUp = () => failed('no answer in time')
    this.#options.watch.asked(this.#options.session)
    given.then(heard, failed)
  }

  /** The time in which the port has to answer is over. */
  unanswered(): void {
    this.#giveUp?.()
  }

  /** Nobody waits for an answer any more. Idempotent. */
  end(): void {
    if (this.#phase === 'over') return
    this.#phase = 'over'
    this.#drop()
    this.#options.watch.ended(this.#options.session)
  }

  #drop(): void {
    this.#question += 1
    this.#isAsking = false
    this.#giveUp = undefined
  }

  #answered(answer: AccessAnswer | 'unavailable'): void {
    const { watch, session, outcome } = this.#options
    const before = this.#grant
    if (answer === 'unavailable') {
      if (!before) outcome.refused('accessDown', 'access could not be decided')
      else if (this.#isUnderReview)
        outcome.refused('accessDown', 'rights changed, and access could not be decided')
      // Somebody who is in already stays until the grant ends.
      else watch.undecided(session)
    } else if ('denied' in answer) {
      const isUnknown = answer.denied === 'unauthenticated'
      outcome.refused(isUnknown ? 'unauthorized' : 'forbidden', `access denied: ${answer.denied}`)
    } else if (before && before.user.id !== answer.user.id) {
      // Presence and authorship of a session belong to one person.
      outcome.refused('accessChanged', 'the session became that of another user')
    } else {
      this.#grant = answer
      this.#isUnderReview = false
      watch.granted(session, answer)
      outcome.granted(answer)
    }
    const token = this.#nextToken
    this.#nextToken = undefined
    if (token !== undefined) this.open(token)
  }
}

/** The port is somebody else's code, and not all of that is checked by a compiler. */
function isAnswer(given: unknown): given is AccessAnswer {
  if (typeof given !== 'object' || given === null) return false
  const { denied, role, user } = given as Partial<Denial & Grant>
  if (denied !== undefined) return denied === 'unauthenticated' || denied === 'forbidden'
  return isRole(role) && isUser(user)
}

/** Ids go into the log of the document, names and colours to everybody. */
function isUser(user: User | undefined): boolean {
  const { id, name, color } = user ?? {}
  if (typeof id !== 'string' || typeof name !== 'string') return false
  const isColor = typeof color === 'string' && /^#[0-9a-f]{6}$/i.test(color)
  return isText(id) && isText(name) && (color === undefined || isColor)
}

/** Well-formed, and of a bearable length. */
function isText(text: string): boolean {
  return text.length <= userCharsMax && !/[\0\p{Surrogate}]/u.test(text)
}

function withoutSecrets(reason: string, { token, headers }: AccessRequest): string {
  let text = reason
  for (const secret of [token, headers.authorization, headers.cookie]) {
    if (secret) text = text.replaceAll(secret, '[secret]')
  }
  return text
}

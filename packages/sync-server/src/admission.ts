/**
 * Admission. One per session: asks the access port and hands on what it answers. Keeps no frames and
 * decides nothing itself.
 *
 * 1. The newest question counts; a late answer to an older one is dropped.
 * 2. Without an answer in time, or with a fault of the port, the outcome is `unavailable`, which is
 *    not a denial.
 * 3. A port that answers at once is heard in the same turn.
 */
import { reasonOf, type Timer } from '@quire/base'
import type { AccessAnswer, AccessRequest } from './access.ts'
import type { Ports } from './ports.ts'

export type Admitted = AccessAnswer | 'unavailable'

export class Admission {
  readonly #ports: Ports
  readonly #onAnswer: (answer: Admitted) => void
  #question = 0
  #deadline: Timer | undefined = undefined

  constructor(ports: Ports, onAnswer: (answer: Admitted) => void) {
    this.#ports = ports
    this.#onAnswer = onAnswer
  }

  ask(request: AccessRequest): void {
    const { authorize, clock, limits, log } = this.#ports
    this.cancel()
    const question = this.#question
    const answer = (given: Admitted): void => {
      if (question !== this.#question) return
      this.cancel()
      this.#onAnswer(given)
    }
    const failed = (error: unknown): void => {
      log.error('access could not be decided', {
        document: request.document,
        reason: reasonOf(error),
      })
      answer('unavailable')
    }
    let given: ReturnType<typeof authorize>
    try {
      given = authorize(request)
    } catch (error) {
      failed(error)
      return
    }
    if (!(given instanceof Promise)) {
      answer(given)
      return
    }
    this.#deadline = clock.after(limits.authorizeMsMax, () => failed('no answer in time'))
    given.then(answer, failed)
  }

  /** Nobody waits for the answer any more. */
  cancel(): void {
    this.#question += 1
    this.#deadline?.cancel()
    this.#deadline = undefined
  }
}

/**
 * Token: asks the application for the token with which a connection says who it is. Keeps none, and
 * does not look into it.
 *
 * 1. One question is open at a time; what comes for an earlier one, or too late, is not used.
 * 2. A token is not in any trace or log. What the application throws is shown without its message.
 */
import type { Clock, Log, Timer } from '@quire/base'
import type { Trace } from './trace.ts'

/** A token, or how to get one that is good now: called before each connection, and when the one in use is about to end. */
export type TokenSource = string | (() => string | Promise<string>)

export interface TokenOutcome {
  readonly arrived: (token: string) => void
  /** It is in log and trace already. */
  readonly failed: () => void
}

export interface Tokens {
  /** Whether a question is open. */
  readonly isAsking: boolean
  /** Whether another question may bring another token. */
  readonly isRenewable: boolean
  /** Answers at once when the application does. */
  ask(outcome: TokenOutcome): void
  /** Nobody waits for the answer any more. */
  cancel(): void
}

export interface TokensOptions {
  readonly source: TokenSource
  readonly clock: Clock
  readonly log: Log
  readonly trace: Trace
  /** An answer that takes longer counts as a failure. */
  readonly msMax: number
}

export function createTokens({ source, clock, log, trace, msMax }: TokensOptions): Tokens {
  let question = 0
  let deadline: Timer | undefined

  function cancel(): void {
    question += 1
    deadline?.cancel()
    deadline = undefined
  }

  return {
    get isAsking() {
      return deadline !== undefined
    },
    isRenewable: typeof source === 'function',
    cancel,
    ask({ arrived, failed }) {
      cancel()
      const mine = question
      const answer = (token: unknown): void => {
        if (mine !== question) return
        if (typeof token !== 'string') return fail('the token is not a text')
        cancel()
        arrived(token)
      }
      const fail = (why: string): void => {
        if (mine !== question) return
        cancel()
        trace.note('no token', { why })
        log.warn('no token', { why })
        failed()
      }
      const threw = (error: unknown): void =>
        fail(`the application threw ${error instanceof Error ? error.name : typeof error}`)
      let given: string | Promise<string>
      try {
        given = typeof source === 'string' ? source : source()
      } catch (error) {
        threw(error)
        return
      }
      if (typeof given === 'string') {
        answer(given)
        return
      }
      deadline = clock.after(msMax, () => fail('the token does not come'))
      Promise.resolve(given).then(answer, threw)
    },
  }
}

/**
 * Turn budget: what comes in crowds, such as a thousand clients after a restart, is worked off in
 * portions, so that others are served in between. Knows nothing about the tasks.
 *
 * 1. Tasks run in the order in which they came, each once. Without a crowd they run at once.
 * 2. In one turn of the event loop no task begins after the others have taken `budgetMs`.
 */
import type { Clock } from '@quire/base'

export interface TurnBudgetOptions {
  readonly clock: Pick<Clock, 'nowMs'>
  readonly budgetMs: number
  /** Runs a task in the next turn of the event loop, after what came meanwhile. */
  readonly nextTurn: (task: () => void) => void
}

export class TurnBudget {
  readonly #options: TurnBudgetOptions
  readonly #waiting: (() => void)[] = []
  #leftMs: number
  #isPlanned = false

  constructor(options: TurnBudgetOptions) {
    this.#options = options
    this.#leftMs = options.budgetMs
  }

  /** Runs `task` now or in one of the next turns. It must not throw. */
  run(task: () => void): void {
    this.#plan()
    if (this.#waiting.length > 0 || this.#leftMs <= 0) this.#waiting.push(task)
    else this.#timed(task)
  }

  #plan(): void {
    if (this.#isPlanned) return
    this.#isPlanned = true
    this.#options.nextTurn(() => {
      this.#isPlanned = false
      this.#leftMs = this.#options.budgetMs
      if (this.#waiting.length === 0) return
      this.#plan()
      let count = 0
      for (const task of this.#waiting) {
        if (this.#leftMs <= 0) break
        count += 1
        this.#timed(task)
      }
      this.#waiting.splice(0, count)
    })
  }

  #timed(task: () => void): void {
    const { clock } = this.#options
    const startMs = clock.nowMs()
    task()
    this.#leftMs -= clock.nowMs() - startMs
  }
}

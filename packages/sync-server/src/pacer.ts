/**
 * Pacer: at once when quiet, seldom when busy. Runs a task now if it may, otherwise once later; what
 * is asked for meanwhile is done by the one run. The busier the task, the more each run gathers.
 *
 * 1. The task never runs more often than its share of one core allows, measured by its own duration.
 * 2. A request is served within `waitMsMax`, however expensive the last run was.
 */
import type { Clock, Timer } from '@quire/base'

export interface PacerOptions {
  readonly clock: Clock
  readonly task: () => void
  /** The part of one core that the task may take, for example 0.25. */
  readonly share: number
  /** The shortest time between two starts, in ms; asked before each wait. */
  readonly gapMs: () => number
  readonly waitMsMax: number
}

export class Pacer {
  readonly #options: PacerOptions
  #timer: Timer | undefined = undefined
  /** When the share allows the next run, and when the gap does. */
  #restUntilMs = 0
  #gapUntilMs = 0
  #isUrgent = false
  #isRunning = false
  #isAskedAgain = false

  constructor(options: PacerOptions) {
    this.#options = options
  }

  /** Runs the task now or soon. An urgent request waits for the share only, not for the gap. */
  request(isUrgent = false): void {
    if (this.#isRunning) this.#isAskedAgain = true
    if (this.#isRunning) return
    if (this.#timer && (!isUrgent || this.#isUrgent)) return
    this.stop()
    this.#isUrgent = isUrgent
    const untilMs = isUrgent ? this.#restUntilMs : Math.max(this.#restUntilMs, this.#gapUntilMs)
    const waitMs = untilMs - this.#options.clock.nowMs()
    if (waitMs <= 0) this.flush()
    else {
      this.#timer = this.#options.clock.after(waitMs, () => {
        this.#timer = undefined
        this.flush()
      })
    }
  }

  /** Runs the task now, whatever the budget says. */
  flush(): void {
    this.stop()
    if (this.#isRunning) return
    const { clock, share, gapMs, waitMsMax, task } = this.#options
    const startMs = clock.nowMs()
    this.#isRunning = true
    try {
      task()
    } finally {
      this.#isRunning = false
      const endMs = clock.nowMs()
      const restMs = (endMs - startMs) * (1 / share - 1)
      this.#restUntilMs = endMs + Math.min(restMs, waitMsMax)
      this.#gapUntilMs = startMs + gapMs()
    }
    if (this.#isAskedAgain) {
      this.#isAskedAgain = false
      this.request()
    }
  }

  /** Forgets a planned run. */
  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }
}

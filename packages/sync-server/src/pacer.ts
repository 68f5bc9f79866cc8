/**
 * Pacer: at once when quiet, seldom when busy. Runs a task now if it may, otherwise once later; what
 * is asked for meanwhile is done by the one run. The busier the task, the more each run gathers.
 *
 * 1. The task takes no more than its share of one core, measured by what its runs usually take.
 * 2. A request is served within its gap or `waitMsMax`, whichever is longer, however expensive the
 *    last run was.
 * 3. "At once" is the end of the present turn of the event loop: what came with it is done with it.
 * 4. A timer is started only for what still waits at the end of the next turn: mostly what it was to wait
 *    for has come by then, and a timer that was not needed wakes the process all the same.
 */
import type { Clock, Timer } from '@quire/base'

export interface PacerOptions {
  readonly clock: Clock
  readonly task: () => void
  /** The part of one core that the task may take, for example 0.25. */
  readonly share: number
  readonly waitMsMax: number
  /** Runs a task at the end of this turn of the event loop, or at once. */
  readonly atTurnEnd: (task: () => void) => void
}

/**
 * How much the last run counts in what a run is thought to take. One that met a pause of the process
 * is not answered with a pause three times as long.
 */
const newestShare = 0.25

export class Pacer {
  readonly #options: PacerOptions
  #timer: Timer | undefined = undefined
  /** When the planned run is; Infinity when none is. */
  #dueMs = Number.POSITIVE_INFINITY
  #startMs = Number.NEGATIVE_INFINITY
  #restUntilMs = Number.NEGATIVE_INFINITY
  #usualMs = 0
  #isRunning = false
  #isAtTurnEnd = false
  /** Whether a timer is started soon, if it is needed then. */
  #isArming = false
  #askedAgainGapMs: number | undefined = undefined

  constructor(options: PacerOptions) {
    this.#options = options
  }

  /**
   * Runs the task as soon as the share allows, at least `gapMs` after its last start and `holdMs` after
   * now. What was asked for before is not put off.
   */
  request(gapMs: number, holdMs = 0): void {
    if (this.#isAtTurnEnd) return
    if (this.#isRunning) {
      this.#askedAgainGapMs = Math.min(gapMs, this.#askedAgainGapMs ?? gapMs)
      return
    }
    const nowMs = this.#options.clock.nowMs()
    const dueMs = Math.max(this.#restUntilMs, this.#startMs + gapMs, nowMs + holdMs)
    if (this.#dueMs <= dueMs) return
    this.stop()
    this.#dueMs = dueMs
    if (dueMs <= nowMs) {
      this.#isAtTurnEnd = true
      this.#options.atTurnEnd(this.#runAtTurnEnd)
    } else if (!this.#isArming) {
      this.#isArming = true
      this.#options.atTurnEnd(this.#armInNextTurn)
    }
  }

  /** Runs the task now, whatever the budget says. */
  flush(): void {
    this.stop()
    if (this.#isRunning) return
    const { clock, share, waitMsMax, task } = this.#options
    const startMs = clock.nowMs()
    this.#isRunning = true
    try {
      task()
    } finally {
      this.#isRunning = false
      const endMs = clock.nowMs()
      const tookMs = endMs - startMs
      this.#usualMs += (tookMs - this.#usualMs) * newestShare
      const restMs = Math.min(tookMs, this.#usualMs) * (1 / share - 1)
      this.#restUntilMs = endMs + Math.min(restMs, waitMsMax)
      this.#startMs = startMs
    }
    const gapMs = this.#askedAgainGapMs
    if (gapMs !== undefined) {
      this.#askedAgainGapMs = undefined
      this.request(gapMs)
    }
  }

  /** Forgets a planned run. */
  stop(): void {
    this.#isAtTurnEnd = false
    this.#dueMs = Number.POSITIVE_INFINITY
    this.#timer?.cancel()
    this.#timer = undefined
  }

  // Made once: a closure for each request is what the garbage collector would live on.
  readonly #runAtTurnEnd = (): void => {
    if (this.#isAtTurnEnd) this.flush()
  }

  readonly #runByTimer = (): void => this.flush()

  readonly #armInNextTurn = (): void => this.#options.atTurnEnd(this.#arm)

  readonly #arm = (): void => {
    this.#isArming = false
    if (this.#isAtTurnEnd || this.#timer || this.#dueMs === Number.POSITIVE_INFINITY) return
    const { clock } = this.#options
    const waitMs = this.#dueMs - clock.nowMs()
    if (waitMs > 0) this.#timer = clock.after(waitMs, this.#runByTimer)
    else this.flush()
  }
}

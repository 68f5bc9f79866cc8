/**
 * The Clock port. Everything that waits or asks for the time takes one, so that tests and the
 * simulation own time.
 */

/** A started timer. `cancel` is idempotent, and a cancelled timer never runs. */
export interface Timer {
  cancel(): void
}

export interface Clock {
  /** Milliseconds that only grow, for measuring and for deadlines. Not a date. */
  nowMs(): number
  /** Milliseconds since 1970, for what people see and for rows in the database. Never for ordering. */
  wallMs(): number
  /** Runs `task` once after at least `delayMs`. A timer never keeps the process alive by itself. */
  after(delayMs: number, task: () => void): Timer
}

declare const performance: { now(): number }
declare function setTimeout(task: () => void, delayMs: number): unknown
declare function clearTimeout(handle: unknown): void

/** The clock of the machine, in a browser or in Node. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  after(delayMs, task) {
    const handle = setTimeout(task, delayMs)
    // Node's handle has `unref`, a browser's is a number.
    if (typeof handle === 'object' && handle !== null && 'unref' in handle) {
      ;(handle as { unref(): void }).unref()
    }
    return { cancel: () => clearTimeout(handle) }
  },
}

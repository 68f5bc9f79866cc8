/** A clock that moves only when a test says so. Timers run in order of their due time, then of their making. */
import type { Clock, Timer } from '@quire/base'

export interface ManualClock extends Clock {
  /** Moves time on and runs every timer that falls due on the way, each at its own moment. */
  advance(byMs: number): void
  /** How many timers wait: a test that ends with some left has found a leak. */
  readonly timerCount: number
}

export function createManualClock(startMs = 1_000): ManualClock {
  let nowMs = startMs
  let made = 0
  const timers = new Set<{ readonly dueMs: number; readonly order: number; task: () => void }>()

  function nextDue(untilMs: number) {
    let first: { readonly dueMs: number; readonly order: number; task: () => void } | undefined
    for (const timer of timers) {
      if (timer.dueMs > untilMs) continue
      if (
        !first ||
        timer.dueMs < first.dueMs ||
        (timer.dueMs === first.dueMs && timer.order < first.order)
      ) {
        first = timer
      }
    }
    return first
  }

  return {
    nowMs: () => nowMs,
    wallMs: () => 1_700_000_000_000 + nowMs,
    after(delayMs, task): Timer {
      const timer = { dueMs: nowMs + Math.max(0, delayMs), order: made++, task }
      timers.add(timer)
      return { cancel: () => void timers.delete(timer) }
    },
    advance(byMs) {
      const untilMs = nowMs + byMs
      for (let timer = nextDue(untilMs); timer; timer = nextDue(untilMs)) {
        timers.delete(timer)
        nowMs = Math.max(nowMs, timer.dueMs)
        timer.task()
      }
      nowMs = untilMs
    },
    get timerCount() {
      return timers.size
    },
  }
}

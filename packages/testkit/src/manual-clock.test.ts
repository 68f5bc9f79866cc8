import { expect, test } from 'vitest'
import { createManualClock } from './manual-clock.ts'

test('timers run in order of their due time, at their own moment, and cancelled ones never', () => {
  const clock = createManualClock(0)
  const seen: string[] = []
  clock.after(20, () => seen.push(`late at ${clock.nowMs()}`))
  clock.after(10, () => {
    seen.push(`early at ${clock.nowMs()}`)
    clock.after(5, () => seen.push(`made on the way at ${clock.nowMs()}`))
  })
  clock.after(15, () => seen.push('never')).cancel()
  clock.advance(30)
  expect(seen).toEqual(['early at 10', 'made on the way at 15', 'late at 20'])
  expect(clock.nowMs()).toBe(30)
  expect(clock.timerCount).toBe(0)
})

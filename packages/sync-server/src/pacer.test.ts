import { createManualClock } from '@quire/testkit'
import { expect, test } from 'vitest'
import { Pacer } from './pacer.ts'

function setUp() {
  const clock = createManualClock()
  let turn: (() => void)[] = []
  const runsMs: number[] = []
  const pacer = new Pacer({
    clock,
    task: () => runsMs.push(clock.nowMs()),
    share: 0.25,
    waitMsMax: 80,
    atTurnEnd: (task) => turn.push(task),
  })
  /** Everything that waits for the end of this turn of the event loop. */
  const endTurn = (): void => {
    const tasks = turn
    turn = []
    for (const task of tasks) task()
  }
  const startMs = clock.nowMs()
  return { clock, pacer, runsMs, endTurn, startMs, turnTasks: () => turn.length }
}

test('[RM10] what is waited for and comes in the next turn costs no timer', () => {
  const { clock, pacer, runsMs, endTurn, startMs, turnTasks } = setUp()
  pacer.request(1, 2)
  endTurn()
  pacer.request(1)
  endTurn()
  expect([runsMs, clock.timerCount, turnTasks()]).toEqual([[startMs], 0, 0])
})

test('[RM10] what is waited for in vain is waited for as long as it may, and asked for again no later', () => {
  const { clock, pacer, runsMs, endTurn, startMs } = setUp()
  pacer.request(1, 2)
  endTurn()
  endTurn()
  pacer.request(50, 50)
  expect(clock.timerCount).toBe(1)
  clock.advance(1)
  expect(runsMs).toEqual([])
  clock.advance(1)
  expect(runsMs).toEqual([startMs + 2])
  pacer.request(10)
  endTurn()
  endTurn()
  clock.advance(20)
  expect([runsMs, clock.timerCount]).toEqual([[startMs + 2, startMs + 12], 0])
})

test('[RM10] a turn that takes longer than the wait ends it, and what was stopped does not run', () => {
  const { clock, pacer, runsMs, endTurn, startMs } = setUp()
  pacer.request(1, 2)
  endTurn()
  clock.advance(3)
  endTurn()
  expect(runsMs).toEqual([startMs + 3])
  pacer.request(10)
  pacer.stop()
  endTurn()
  endTurn()
  clock.advance(100)
  expect([runsMs, clock.timerCount]).toEqual([[startMs + 3], 0])
})

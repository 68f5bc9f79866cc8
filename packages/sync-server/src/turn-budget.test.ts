import { createManualClock } from '@quire/testkit'
import { expect, test } from 'vitest'
import { TurnBudget } from './turn-budget.ts'

test('[DL6] a crowd is worked off in portions, in order; one alone does not wait', () => {
  const clock = createManualClock()
  let turn: (() => void)[] = []
  const budget = new TurnBudget({ clock, budgetMs: 10, nextTurn: (task) => turn.push(task) })
  const nextTurn = (): void => {
    for (const task of turn.splice(0)) task()
  }
  const done: number[] = []
  const take = (task: number): void =>
    budget.run(() => {
      clock.advance(4)
      done.push(task)
    })
  take(0)
  expect(done).toEqual([0])
  nextTurn()
  for (let task = 1; task <= 8; task++) take(task)
  expect(done).toEqual([0, 1, 2, 3])
  nextTurn()
  expect(done).toEqual([0, 1, 2, 3, 4, 5, 6])
  take(9)
  expect(done).toHaveLength(7)
  nextTurn()
  expect(done).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  nextTurn()
  expect(turn).toEqual([])
  take(10)
  expect(done.at(-1)).toBe(10)
})

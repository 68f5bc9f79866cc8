import { createSeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import { plainReplay, Readings, runsOf } from './history-runs.ts'
import { makeConcurrentTrace } from './made-trace.ts'

test('a run ends where somebody read its author, and where its author read somebody', () => {
  const patches = [[0, 0, 'x']] as const
  const runs = runsOf({
    agentCount: 2,
    txns: [
      { agent: 0, parents: [], patches },
      { agent: 0, parents: [0], patches },
      { agent: 0, parents: [1], patches },
      { agent: 1, parents: [1], patches },
      { agent: 0, parents: [2, 3], patches },
    ],
  })
  expect(runs.map(({ agent, parents, txns }) => ({ agent, parents, count: txns.length }))).toEqual([
    { agent: 0, parents: [], count: 2 },
    { agent: 0, parents: [0], count: 1 },
    { agent: 1, parents: [0], count: 1 },
    { agent: 0, parents: [1, 2], count: 1 },
  ])
  const readings = new Readings(runs)
  expect(runs.map((run) => readings.lackingFor(run))).toEqual([[], [], [0], [2]])
  expect(readings.lackingBefore(1, 4)).toEqual([1, 3])
})

test('a made trace replays with plain Yjs, and twice the same', () => {
  const made = () => makeConcurrentTrace(createSeededRandom(5), { agentCount: 3, txnCount: 400 })
  const trace = made()
  const runs = runsOf(trace)
  expect(runs.length).toBeGreaterThan(50)
  expect(plainReplay(trace, runs, []).get(runs.length)).toEqual(
    plainReplay(made(), runsOf(made()), []).get(runs.length),
  )
})

import { silentLog } from '@quire/base'
import { type Append, type AppendResult, StoreError } from '@quire/persistence'
import { createManualClock } from '@quire/testkit'
import { expect, test } from 'vitest'
import { named } from '../../test/harness.ts'
import { turns } from '../../test/world.ts'
import { type LogOwner, LogWriter } from './log-writer.ts'

const stored = (head: number): AppendResult => ({ kind: 'stored', head, lineage: 'lineage' })

function setUp() {
  const clock = createManualClock()
  const batches: (readonly Append[])[] = []
  const answers: ((answer: readonly AppendResult[] | Error) => void)[] = []
  const health: string[] = []
  const writer = new LogWriter({
    clock,
    log: silentLog,
    onHealth: (state) => health.push(state),
    store: {
      append: (batch) => {
        batches.push(batch)
        return new Promise((resolve, reject) => {
          answers.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)))
        })
      },
    },
  })
  const owner = (name: string) => {
    const seen: unknown[] = []
    const made: LogOwner = {
      document: named(name),
      stored: (count, head) => seen.push(['stored', count, head]),
      lost: (why) => seen.push(['lost', why]),
    }
    return { made, seen }
  }
  const update = (value: number) => Uint8Array.of(value)
  return { clock, batches, answers, health, writer, owner, update }
}

test('[LW1] one append at a time; what comes meanwhile of all rooms is the next, in order', async () => {
  const { clock, batches, answers, writer, owner, update } = setUp()
  const [one, two] = [owner('one'), owner('two')]
  writer.append(one.made, update(1))
  writer.append(two.made, update(2))
  await turns()
  expect(batches).toHaveLength(1)
  writer.append(one.made, update(3))
  writer.append(one.made, update(4))
  clock.advance(10_000)
  expect(batches).toHaveLength(1)
  answers[0]?.([stored(1), stored(1)])
  await turns()
  expect([one.seen, two.seen]).toEqual([[['stored', 1, 1]], [['stored', 1, 1]]])
  clock.advance(10_000)
  expect(batches[1]).toEqual([{ document: 'one', updates: [update(3), update(4)] }])
  expect(writer.unsavedCount).toBe(2)
})

test('[LW2] a failing store is tried again in the same order for as long as it fails, ever more seldom', async () => {
  const { clock, batches, answers, health, writer, owner, update } = setUp()
  const one = owner('one')
  writer.append(one.made, update(1))
  await turns()
  const startsMs: number[] = []
  for (let i = 0; i < 12; i++) {
    startsMs.push(clock.nowMs())
    answers[i]?.(new StoreError('full', 'no space'))
    await turns()
    if (i === 3) writer.append(one.made, update(2))
    for (let waited = 0; batches.length === i + 1 && waited < 10_000; waited += 10)
      clock.advance(10)
    expect(batches).toHaveLength(i + 2)
  }
  const gaps = startsMs.slice(1).map((ms, i) => ms - (startsMs[i] ?? 0))
  expect(gaps.every((gap, i) => i === 0 || gap >= (gaps[i - 1] ?? 0))).toBe(true)
  expect(gaps.at(-1)).toBeLessThanOrEqual(5_010)
  expect(writer.health).toMatchObject({ state: 'failing' })
  expect(batches.at(-1)?.[0]?.updates).toEqual([update(1), update(2)])
  answers.at(-1)?.([stored(2)])
  await turns()
  expect(one.seen).toEqual([['stored', 2, 2]])
  expect(health).toEqual(['failing', 'ok'])
  expect(writer.unsavedBytes).toBe(0)
})

test('[LW3] a deleted document is told apart from the others of its batch', async () => {
  const { answers, writer, owner, update } = setUp()
  const [one, two] = [owner('one'), owner('two')]
  writer.append(one.made, update(1))
  writer.append(two.made, update(2))
  await turns()
  answers[0]?.([{ kind: 'deleted' }, stored(7)])
  await turns()
  expect([one.seen, two.seen]).toEqual([[['lost', 'deleted']], [['stored', 1, 7]]])
  expect(writer.unsavedCount).toBe(0)
})

test('[LW2] after a document that can never be written the next update is still written', async () => {
  const { clock, batches, answers, writer, owner, update } = setUp()
  const [bad, good] = [owner('bad'), owner('good')]
  writer.append(bad.made, update(1))
  await turns()
  answers[0]?.(new StoreError('io', 'disk'))
  await turns()
  clock.advance(200)
  answers[1]?.(new StoreError('corrupt', 'checksum'))
  await turns()
  expect(bad.seen).toEqual([['lost', 'unwritable']])
  writer.append(good.made, update(2))
  clock.advance(1_000)
  await turns()
  expect(batches[2]).toEqual([{ document: 'good', updates: [update(2)] }])
})

test('[LW1] a steady stream of edits is committed in steps, and an edit after a pause at once', async () => {
  const { clock, batches, answers, writer, owner, update } = setUp()
  const one = owner('one')
  for (let i = 0; i < 100; i++) {
    writer.append(one.made, update(i))
    await turns()
    const head = batches.flatMap((batch) => batch[0]?.updates ?? []).length
    answers[batches.length - 1]?.([stored(head)])
    await turns()
    clock.advance(20)
  }
  // Two seconds of edits.
  expect(batches.length).toBeGreaterThanOrEqual(5)
  expect(batches.length).toBeLessThanOrEqual(6)
  clock.advance(1_000)
  answers.at(-1)?.([stored(100)])
  await turns()
  const before = batches.length
  clock.advance(1_000)
  writer.append(one.made, update(0))
  await turns()
  expect(batches.length).toBe(before + 1)
})

/** The times between commits while `count` people write in turn, one of them every `everyMs`. */
async function gapsOf(count: number, everyMs: number): Promise<readonly number[]> {
  const { clock, batches, answers, writer, owner, update } = setUp()
  const one = owner('one')
  const people = Array.from({ length: count }, () => ({}))
  const startsMs: number[] = []
  for (let i = 0; i * everyMs < 2_000; i++) {
    const before = batches.length
    writer.append(one.made, update(i), undefined, people[i % count])
    await turns()
    clock.advance(everyMs)
    await turns()
    if (batches.length > before) {
      startsMs.push(clock.nowMs())
      const head = batches.flatMap((batch) => batch[0]?.updates ?? []).length
      answers[batches.length - 1]?.([stored(head)])
      await turns()
    }
  }
  return startsMs.slice(1).map((ms, i) => ms - (startsMs[i] ?? 0))
}

test('[LW1] the more people wait the sooner it is committed, and not more often than the least gap', async () => {
  const gaps = await gapsOf(50, 4)
  expect(gaps.length).toBeGreaterThan(50)
  expect(Math.max(...gaps)).toBeLessThanOrEqual(40)
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(24)
})

test('[LW1] few who write without a pause are not committed for more often than others', async () => {
  expect(Math.min(...(await gapsOf(5, 4)))).toBeGreaterThanOrEqual(400)
})

test('[LW1] what a crowd waits for is committed less often, so that no more than so many are told in a second', async () => {
  const fifty = await gapsOf(50, 0.5)
  const thousand = await gapsOf(1_000, 0.5)
  expect(Math.min(...fifty)).toBeGreaterThanOrEqual(99)
  expect(Math.max(...fifty)).toBeLessThanOrEqual(102)
  expect(Math.min(...thousand)).toBeGreaterThanOrEqual(149)
  expect(Math.max(...thousand)).toBeLessThanOrEqual(152)
})

test('[LW4] a large backlog goes to the store in pieces, in order', async () => {
  const { clock, batches, answers, writer, owner } = setUp()
  const one = owner('one')
  const sizes = [20, 20, 20, 40, 1].map((megabytes) => megabytes * 1024 * 1024)
  for (const size of sizes) writer.append(one.made, new Uint8Array(size))
  const drained = writer.drain()
  for (let i = 0; i < 5; i++) {
    await turns()
    const rows = batches.flatMap((batch) => batch.flatMap(({ updates }) => updates)).length
    answers[i]?.([stored(rows)])
    clock.advance(100)
  }
  await drained
  expect(batches.map((batch) => batch[0]?.updates.map(({ length }) => length / 2 ** 20))).toEqual([
    [20],
    [20],
    [20],
    [40],
    [1],
  ])
  expect(one.seen.at(-1)).toEqual(['stored', 1, 5])
  expect(writer.unsavedBytes).toBe(0)
})

test('[LW5] a writer that stops while an append is under way begins no other, and leaves no timer', async () => {
  for (const answer of ['stored', 'fails', 'hangs'] as const) {
    const { clock, batches, answers, writer, owner, update } = setUp()
    const one = owner('one')
    writer.append(one.made, update(1))
    await turns()
    writer.append(one.made, update(2))
    void writer.drain()
    writer.stop()
    if (answer === 'stored') answers[0]?.([stored(1)])
    if (answer === 'fails') answers[0]?.(new StoreError('full', 'no space'))
    await turns()
    expect(clock.timerCount, answer).toBe(0)
    writer.append(one.made, update(3))
    await turns()
    expect(batches, answer).toHaveLength(1)
    expect(clock.timerCount, answer).toBe(0)
    expect(writer.unsavedCount, answer).toBe(answer === 'stored' ? 2 : 3)
  }
})

test('[LW5] a writer that stops while documents are tried one by one tries no further', async () => {
  const { clock, batches, answers, writer, owner, update } = setUp()
  const owners = ['one', 'two', 'three'].map(owner)
  for (const { made } of owners) writer.append(made, update(1))
  await turns()
  answers[0]?.(new StoreError('corrupt', 'one of them is damaged'))
  await turns()
  expect(batches).toHaveLength(2)
  writer.stop()
  answers[1]?.([stored(1)])
  await turns()
  expect(batches).toHaveLength(2)
  expect([writer.unsavedCount, clock.timerCount]).toEqual([2, 0])
  expect(owners.map(({ seen }) => seen)).toEqual([[['stored', 1, 1]], [], []])
})

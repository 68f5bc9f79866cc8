import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSeededRandom } from '@quire/testkit'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqliteStore } from '../src/index.ts'
import { confirmedBy, startWriter } from './writer-process.ts'
import { differenceOf, named } from './written.ts'

const rounds = Number(process.env['QUIRE_KILL_ROUNDS'] ?? 20)
const seed = Number(process.env['QUIRE_SEED'] ?? Date.now() % 1_000_000)
const replay = `replay with QUIRE_SEED=${seed}`
const after = (delayMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, delayMs))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quire-kill-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

/** Opens the store as it was left and compares it with what was confirmed. */
async function check(confirmed: ReadonlyMap<string, number>, round: string): Promise<void> {
  const store = await openSqliteStore({ folder })
  try {
    for (const [name, head] of confirmed) {
      const stored = await store.open(named(name))
      expect(differenceOf(name, stored), `${round}, ${replay}`).toBeUndefined()
      expect(stored.head, `${round}, document ${name}, ${replay}`).toBeGreaterThanOrEqual(head)
    }
    expect((await store.verify()).problems, `${round}, ${replay}`).toEqual([])
  } finally {
    await store.close()
  }
}

test('[SQ1] kill -9 at any moment loses nothing that was confirmed', async () => {
  const random = createSeededRandom(seed)
  const confirmed = new Map<string, number>()
  for (let round = 1; round <= rounds; round++) {
    const writer = startWriter(folder, 'append')
    await writer.said('open')
    await after(random.below(250))
    await writer.kill()
    for (const [name, head] of confirmedBy(writer.lines)) confirmed.set(name, head)
    // Every other time the next writer meets what the killed one left, without us in between.
    if (random.chance(0.5) || round === rounds) await check(confirmed, `round ${round}`)
  }
  expect([...confirmed.values()].reduce((sum, head) => sum + head, 0)).toBeGreaterThan(rounds * 20)
})

test('[SQ2] a crash in the middle of a compaction leaves the rows or the snapshot, never half', async () => {
  const random = createSeededRandom(seed + 1)
  const confirmed = new Map<string, number>()
  let between = 0
  // Some more, should none of them meet a compaction under way.
  for (let round = 1; round <= rounds / 2 || (between === 0 && round < 40); round++) {
    const writer = startWriter(folder, 'compact')
    await writer.said('compacting')
    await after(random.below(4))
    await writer.kill()
    if (writer.lines.at(-1) === 'compacting') between += 1
    for (const [name, head] of confirmedBy(writer.lines)) confirmed.set(name, head)
    await check(confirmed, `round ${round}`)
  }
  expect(between, 'no round met a compaction under way').toBeGreaterThan(0)
})

test('[SQ3] a folder is used by one process at a time, and is free when that one is killed', async () => {
  const writer = startWriter(folder, 'hold')
  await writer.said('open')
  await expect(openSqliteStore({ folder, lockWaitMs: 100 })).rejects.toMatchObject({
    code: 'locked',
    retry: 'later',
    message: expect.stringContaining(folder),
  })
  await writer.kill()
  const store = await openSqliteStore({ folder })
  await expect(openSqliteStore({ folder, lockWaitMs: 100 })).rejects.toMatchObject({
    code: 'locked',
  })
  // The refused one must not have taken the lock of the first with it when it let go.
  const second = startWriter(folder, 'hold')
  await expect(second.said('open')).rejects.toThrow('another process uses the data folder')
  await store.close()
})

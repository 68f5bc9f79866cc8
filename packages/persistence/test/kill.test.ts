import { createReadStream, existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createSeededRandom } from '@quire/testkit'
import { describe, expect, test } from 'vitest'
import { readBackup } from '../src/backup/read-backup.ts'
import { OpenFolder } from '../src/sqlite/open-folder.ts'
import { openSqliteStore } from '../src/sqlite/sqlite-store.ts'
import { confirmedBy, startWriter } from './writer-process.ts'
import { differenceOf, named } from './written.ts'

/** Kills of all tests together: that many when they are asked for, else as many of them as a minute takes. */
const askedKills = process.env['QUIRE_KILLS']
const kills = Number(askedKills ?? 100)
const killsMs = askedKills === undefined ? 40_000 : Infinity
const startMs = performance.now()
/** Whether a test whose part of the kills is `share` goes on. */
const goesOn = (round: number, share: number): boolean =>
  round <= kills * share && (round <= 5 || performance.now() - startMs < killsMs)
const seed = Number(process.env['QUIRE_SEED'] ?? Date.now() % 1_000_000)
const replay = `replay with QUIRE_SEED=${seed} QUIRE_KILLS=${kills}`
const after = (delayMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, delayMs))

/** A folder that is removed when `run` is done. */
async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'quire-kill-'))
  try {
    await run(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Opens the store as it was left and compares it with what was confirmed. */
async function check(
  folder: string,
  confirmed: ReadonlyMap<string, number>,
  round: string,
): Promise<void> {
  const opened = new OpenFolder(folder, 1_000)
  try {
    const database = opened.database()
    for (const [name, head] of confirmed) {
      const stored = database.open(named(name))
      expect(differenceOf(name, stored), `${round}, ${replay}`).toBeUndefined()
      expect(stored.head, `${round}, document ${name}, ${replay}`).toBeGreaterThanOrEqual(head)
    }
    const problems = [...database.verifyFile(), ...database.verifyDocuments(0, 10).problems]
    expect(problems, `${round}, ${replay}`).toEqual([])
  } finally {
    opened.close()
  }
}

function note(confirmed: Map<string, number>, lines: readonly string[]): void {
  for (const [name, head] of confirmedBy(lines)) confirmed.set(name, head)
}

// Several at once: most of a round is the start of a process.
describe.concurrent('kill -9 at a random moment', () => {
  test('[SQ1] of appending loses nothing that was confirmed', () =>
    inFolder(async (folder) => {
      const random = createSeededRandom(seed)
      const confirmed = new Map<string, number>()
      let round = 1
      for (; goesOn(round, 0.4); round++) {
        const writer = startWriter(folder, 'append')
        await writer.said('open')
        await after(random.below(250))
        await writer.kill()
        note(confirmed, writer.lines)
        // Every other time the next writer meets what the killed one left, without us in between.
        if (random.chance(0.5)) await check(folder, confirmed, `round ${round}`)
      }
      await check(folder, confirmed, 'the last round')
      const sum = [...confirmed.values()].reduce((all, head) => all + head, 0)
      expect(sum).toBeGreaterThan(round * 10)
    }))

  test('[SQ2] of a compaction leaves the rows or the snapshot, never half', () =>
    inFolder(async (folder) => {
      const random = createSeededRandom(seed + 1)
      const confirmed = new Map<string, number>()
      let between = 0
      // Some more, should none of them meet a compaction under way.
      for (let round = 1; goesOn(round, 0.2) || (between === 0 && round < 40); round++) {
        const writer = startWriter(folder, 'compact')
        await writer.said('compacting')
        await after(random.below(4))
        await writer.kill()
        if (writer.lines.at(-1) === 'compacting') between += 1
        note(confirmed, writer.lines)
        await check(folder, confirmed, `round ${round}`)
      }
      expect(between, 'no round met a compaction under way').toBeGreaterThan(0)
    }))

  test('[SQ9] of a migration leaves a file that opens with everything in it', () =>
    inFolder(async (folder) => {
      const random = createSeededRandom(seed + 2)
      const fixture = fileURLToPath(new URL('./fixtures/version-1.db', import.meta.url))
      let before = 0
      for (let round = 1; goesOn(round, 0.2); round++) {
        const each = join(folder, `${round}`)
        await mkdir(each)
        await copyFile(fixture, join(each, 'quire.db'))
        const writer = startWriter(each, 'migrate')
        await writer.said('opening')
        await after(random.below(500))
        await writer.kill()
        if (!writer.lines.includes('open')) before += 1
        const confirmed = new Map([
          ['a', 15],
          ['b', 3],
        ])
        note(confirmed, writer.lines)
        await check(each, confirmed, `round ${round}`)
      }
      expect(before, 'no round was killed before the file was open').toBeGreaterThan(0)
    }))

  test('[BK5] of a backup leaves a whole one under its name, or none', () =>
    inFolder(async (folder) => {
      const random = createSeededRandom(seed + 3)
      const confirmed = new Map<string, number>()
      const file = join(folder, 'backup')
      let between = 0
      for (let round = 1; goesOn(round, 0.2) || (between === 0 && round < 40); round++) {
        await rm(`${file}.part`, { force: true })
        const writer = startWriter(folder, 'backup')
        await writer.said('backing up')
        await after(random.below(8))
        await writer.kill()
        if (writer.lines.at(-1) === 'backing up') between += 1
        note(confirmed, writer.lines)
        await check(folder, confirmed, `round ${round}`)
        const isThere = existsSync(file)
        expect(isThere || !writer.lines.includes('backed up'), replay).toBe(true)
        if (isThere) for await (const each of readBackup(createReadStream(file))) void each
      }
      expect(between, 'no round met a backup under way').toBeGreaterThan(0)
    }))
})

test('[SQ3] a folder is used by one process at a time, and is free when that one is killed', () =>
  inFolder(async (folder) => {
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
  }))

/**
 * A crash at every step. A run is recorded once, call by call; then the disk is made as it was after each
 * call, for a process that is killed there and for a power cut there, opened, and compared with what the
 * run had confirmed until then. `kill.test.ts` kills real processes at random moments.
 */
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readBackup } from '../src/backup/read-backup.ts'
import { OpenFolder } from '../src/sqlite/open-folder.ts'
import { openSqliteStore } from '../src/sqlite/sqlite-store.ts'
import { CrashDisk, writeImage } from './crash-image.ts'
import { recordRun, type Step } from './recorded-run.ts'
import { confirmedBy } from './writer-process.ts'
import { differenceOf, named } from './written.ts'

const canTrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0
const seed = Number(process.env['QUIRE_SEED'] ?? Date.now() % 1_000_000)
/** Power cuts after each step; each leaves other parts of what was not synced. */
const cutsPerStep = Number(process.env['QUIRE_CUTS'] ?? 2)

let folder: string
let trial: string
beforeEach(() => {
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'quire-crash-')))
  folder = join(place, 'recorded')
  // What is tried need not reach a disk; in memory a thousand images take seconds.
  const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
  trial = mkdtempSync(join(memory, 'quire-crash-'))
  writeImage(folder, new Map())
})
afterEach(() => {
  rmSync(join(folder, '..'), { recursive: true })
  rmSync(trial, { recursive: true, force: true })
})

/** What is wrong with the files in `trial`, of a run that had said `said`. */
async function faultOf(said: readonly string[]): Promise<string | undefined> {
  const opened = new OpenFolder(trial, 100)
  try {
    const database = opened.database()
    for (const name of ['a', 'b', 'c']) {
      const stored = database.open(named(name))
      if (stored.isDeleted) {
        if (name !== 'c') return `${name} is deleted`
        continue
      }
      if (name === 'c' && said.includes('deleted c')) return 'c is back'
      const difference = differenceOf(name, stored)
      if (difference !== undefined) return `${difference} of ${name}`
      const confirmed = confirmedBy(said).get(name) ?? 0
      if (stored.head < confirmed) return `${name} lacks ${stored.head + 1} to ${confirmed}`
      const compacted = Number(
        said.findLast((line) => line.startsWith('compacted'))?.slice(10) ?? 0,
      )
      if (name === 'a' && (stored.snapshot?.number ?? 0) < compacted) return 'a is not compacted'
    }
    const problems = [...database.verifyFile(), ...database.verifyDocuments(0, 10).problems]
    return problems[0]
  } catch (error) {
    return String(error)
  } finally {
    opened.close()
  }
}

/** A backup that stands under its name is whole, and one that was said to be made stands there. */
async function faultOfBackup(
  files: ReadonlyMap<string, Buffer>,
  said: readonly string[],
): Promise<string | undefined> {
  const bytes = files.get('backup')
  if (bytes === undefined) return said.includes('backed up') ? 'the backup is gone' : undefined
  try {
    for await (const each of readBackup([bytes])) void each
    return undefined
  } catch (error) {
    return String(error)
  }
}

/** Tries a crash after every step, or every one that `isTried` takes. Answers how many were tried, and the first few that lost something. */
async function crashEverywhere(
  before: ReadonlyMap<string, Buffer>,
  steps: readonly Step[],
  isTried: (step: Step, at: number) => boolean = () => true,
): Promise<{ readonly count: number; readonly faults: readonly string[] }> {
  const disk = new CrashDisk(before)
  const faults: string[] = []
  let count = 0
  const attempt = async (files: ReadonlyMap<string, Buffer>, what: string): Promise<void> => {
    writeImage(trial, files)
    const fault = (await faultOf(disk.said)) ?? (await faultOfBackup(files, disk.said))
    if (fault !== undefined) faults.push(`${what}: ${fault}`)
    count += 1
  }
  for (const [at, step] of steps.entries()) {
    disk.do(step)
    if (!isTried(step, at)) continue
    const where = `after step ${at}, ${step.kind} ${'file' in step ? step.file : ''}`
    if (step.kind !== 'said' && step.kind !== 'sync')
      await attempt(disk.killed(), `killed ${where}`)
    for (let cut = 0; cut < cutsPerStep; cut++) {
      await attempt(disk.cut(seed + at * 1_000 + cut), `power cut ${cut} ${where}`)
    }
    if (faults.length > 3) break
  }
  return { count, faults }
}

const replay = `replay with QUIRE_SEED=${seed} QUIRE_CUTS=${cutsPerStep}`

const filesOf = (names: readonly string[]): Map<string, Buffer> =>
  new Map(names.map((name) => [name, readFileSync(join(folder, name))]))

test.skipIf(!canTrace)(
  '[SQ1] [SQ2] [SQ11] a crash at any step of appending, compacting and closing loses nothing confirmed',
  async () => {
    const steps = await recordRun(folder, 'story')
    // The recording is the whole of it: played to its end it makes the same files.
    const disk = new CrashDisk(new Map())
    for (const step of steps) disk.do(step)
    const made = disk.killed()
    made.delete('quire.db-shm')
    expect(made).toEqual(filesOf(readdirSync(folder).filter((name) => name !== 'quire.db-shm')))
    expect(steps.filter(({ kind }) => kind === 'said').length).toBeGreaterThan(8)
    const { count, faults } = await crashEverywhere(new Map(), steps)
    expect(faults, replay).toEqual([])
    expect(count).toBeGreaterThan(200)
    // The search itself: of a store that did not sync its log it finds a loss.
    const loose = steps.filter((step) => !(step.kind === 'sync' && step.file === 'quire.db-wal'))
    expect((await crashEverywhere(new Map(), loose)).faults).not.toEqual([])
  },
)

test.skipIf(!canTrace)(
  '[SQ9] [SQ11] a crash at any step of a migration leaves the old version or the new one',
  async () => {
    const fixture = fileURLToPath(new URL('./fixtures/version-1.db', import.meta.url))
    copyFileSync(fixture, join(folder, 'quire.db'))
    const before = filesOf(['quire.db'])
    // The fixture's rows are confirmed from the start.
    const steps: Step[] = ['a 15', 'b 3'].map((line) => ({ kind: 'said', line }))
    steps.push(...(await recordRun(folder, 'migrate')))
    const { count, faults } = await crashEverywhere(before, steps)
    expect(faults, replay).toEqual([])
    expect(count).toBeGreaterThan(50)
  },
)

test.skipIf(!canTrace)(
  '[BK5] a crash at any step of a backup leaves the store as it was, and half a backup never stands under its name',
  async () => {
    const steps = await recordRun(folder, 'story-with-backup')
    expect(steps.some(({ kind }) => kind === 'rename')).toBe(true)
    const { count, faults } = await crashEverywhere(new Map(), steps)
    expect(faults, replay).toEqual([])
    expect(count).toBeGreaterThan(200)
  },
)

test.skipIf(!canTrace)(
  '[SQ6] after a sync that failed, what is confirmed later does not rest on what that sync lost',
  async () => {
    await (await openSqliteStore({ folder })).close()
    const before = filesOf(['quire.db', 'quire.mark'])
    let failedCount = 0
    for (const which of [5, 8]) {
      writeImage(folder, before)
      const inject = ['-e', `inject=fsync,fdatasync:error=EIO:when=${which}`]
      const steps = await recordRun(folder, 'stubborn', inject)
      if (steps.some((step) => step.kind === 'said' && step.line === 'failed io')) failedCount += 1
      const { faults } = await crashEverywhere(before, steps, ({ kind }) => kind === 'said')
      expect(faults, `sync ${which}, ${replay}`).toEqual([])
    }
    expect(failedCount).toBe(2)
  },
)

test.skipIf(!canTrace)(
  '[SQ14] a crash at any step of folding the journal leaves every row once, in it or in the logs',
  async () => {
    const steps = await recordRun(folder, 'fold')
    // Commits before are all alike; the search begins shortly before the journal is full.
    const first = steps.findIndex((step) => step.kind === 'said' && step.line === 'a 126')
    expect(first).toBeGreaterThan(0)
    const { count, faults } = await crashEverywhere(new Map(), steps, (_, at) => at >= first)
    expect(faults, replay).toEqual([])
    expect(count).toBeGreaterThan(30)
  },
)

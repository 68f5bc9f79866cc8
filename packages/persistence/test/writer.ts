/**
 * A process that writes to a store until it is killed, and says what was confirmed: one line
 * `document head` for each. `--conditions=source --import tsx writer.ts <folder> <job>`.
 *
 * Jobs, which end with `done` when they end at all:
 * - `append`: several documents with several batches in flight, until it is killed.
 * - `compact`: appends and compacts, with a line `compacting` before each, until it is killed.
 * - `backup`: appends and makes backups, with a line `backing up` before each, until it is killed.
 * - `stubborn`: appends until 10 batches were confirmed, whatever fails in between (`failed <code>`).
 * - `endless`: the same without an end.
 * - `hold`: opens the store and waits.
 * - `story`: one of everything. `story-with-backup`: the same with two backups.
 * - `migrate`: opens an old file and appends. `fold`: appends until the journal is folded.
 * - `measure`: says `measured <median of an append, ms> <p99 of the event loop's delay, ms>`.
 */
import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { writeBackupFile } from '../src/backup/backup-file.ts'
import { openSqliteStore } from '../src/sqlite/sqlite-store.ts'
import { StoreError } from '../src/store.ts'
import { named, snapshotAt, updateAt } from './written.ts'

const [folder = '', job = ''] = process.argv.slice(2)

/** Writes a line before it returns; a pipe that is full for a moment is tried again. */
function say(line: string): void {
  for (;;) {
    try {
      writeSync(1, `${line}\n`)
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
  }
}

say('opening')
let store = await openSqliteStore({ folder, lockWaitMs: 200 })
say('open')

async function append(name: string): Promise<never> {
  const document = named(name)
  let { head } = await store.open(document)
  for (;;) {
    const batches: Promise<unknown>[] = []
    for (let inFlight = 0; inFlight < 3; inFlight++) {
      const count = 1 + (head % 7)
      const updates = Array.from({ length: count }, (_, at) => updateAt(name, head + 1 + at))
      head += count
      const confirmed = head
      const results = store.append([{ document, updates }])
      batches.push(results.then(() => say(`${name} ${confirmed}`)))
    }
    await Promise.all(batches)
  }
}

async function compact(name: string): Promise<never> {
  const document = named(name)
  for (;;) {
    const { head, snapshot } = await store.open(document)
    const updates = Array.from({ length: 400 }, (_, at) => updateAt(name, head + 1 + at))
    await store.append([{ document, updates }])
    say(`${name} ${head + 400}`)
    say('compacting')
    await store.compact(document, snapshotAt(name, head + 390), snapshot?.number ?? 0)
    say(`compacted ${head + 390}`)
  }
}

async function stubborn(name: string, batchCount: number): Promise<void> {
  const document = named(name)
  for (let confirmed = 0; confirmed < batchCount; ) {
    try {
      const { head } = await store.open(document)
      const updates = Array.from({ length: 5 }, (_, at) => updateAt(name, head + 1 + at))
      await store.append([{ document, updates }])
      confirmed += 1
      say(`${name} ${head + 5}`)
    } catch (error) {
      say(`failed ${error instanceof StoreError ? error.code : String(error)}`)
    }
  }
  await store.close()
  say('done')
}

async function appendOnce(name: string, count: number): Promise<void> {
  const { head } = await store.open(named(name))
  const updates = Array.from({ length: count }, (_, at) => updateAt(name, head + 1 + at))
  await store.append([{ document: named(name), updates, author: 'Ada', newClients: [head + 1] }])
  say(`${name} ${head + count}`)
}

async function backUp(): Promise<void> {
  say('backing up')
  await writeBackupFile(store, join(folder, 'backup'), { madeMs: 1 })
  say('backed up')
}

async function story(hasBackup: boolean): Promise<void> {
  await appendOnce('a', 5)
  await store.append(
    ['b', 'c'].map((name) => ({
      document: named(name),
      updates: [1, 2].map((n) => updateAt(name, n)),
    })),
  )
  for (const name of ['b', 'c']) say(`${name} 2`)
  await appendOnce('a', 30)
  await store.rename(named('b'), 'Renamed')
  if (hasBackup) await backUp()
  await store.compact(named('a'), snapshotAt('a', 33), 0)
  say('compacted 33')
  await store.delete(named('c'))
  say('deleted c')
  await store.close()
  store = await openSqliteStore({ folder })
  await appendOnce('a', 20)
  await store.compact(named('a'), snapshotAt('a', 50), 33)
  say('compacted 50')
  if (hasBackup) await backUp()
  await appendOnce('b', 3)
  await store.close()
  say('done')
}

/** Appends one after the other for a while, and says the median of their times and the 99th percentile of the event loop's delays, in ms. */
async function measure(): Promise<void> {
  await appendOnce('a', 1)
  const delays = monitorEventLoopDelay({ resolution: 5 })
  delays.enable()
  const times: number[] = []
  const startMs = performance.now()
  while (times.length < 30 || performance.now() - startMs < 1_500) {
    const beforeMs = performance.now()
    await store.append([{ document: named('a'), updates: [updateAt('a', 2 + times.length)] }])
    times.push(performance.now() - beforeMs)
  }
  delays.disable()
  times.sort((a, b) => a - b)
  const middle = times[Math.floor(times.length / 2)] ?? 0
  say(`measured ${middle.toFixed(1)} ${(delays.percentile(99) / 1e6 - 5).toFixed(1)}`)
  await store.close()
  say('done')
}

/** More commits than the journal keeps. */
async function fold(): Promise<void> {
  for (let commit = 0; commit < 132; commit++) await appendOnce('a', 1)
  await store.close()
  say('done')
}

async function migrate(): Promise<void> {
  await appendOnce('a', 3)
  await store.close()
  say('done')
}

async function keepBackingUp(name: string): Promise<never> {
  for (;;) {
    await appendOnce(name, 40)
    await backUp()
  }
}

if (job === 'append') await Promise.all(['a', 'b', 'c'].map(append))
else if (job === 'compact') await compact('a')
else if (job === 'stubborn') await stubborn('a', 10)
else if (job === 'endless') await stubborn('a', Infinity)
else if (job === 'backup') await keepBackingUp('a')
else if (job === 'measure') await measure()
else if (job === 'fold') await fold()
else if (job === 'migrate') await migrate()
else if (job.startsWith('story')) await story(job === 'story-with-backup')
else await new Promise((resolve) => setTimeout(resolve, 60_000))

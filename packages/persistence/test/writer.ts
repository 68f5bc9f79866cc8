/**
 * A process that writes to a store until it is killed, and says what was confirmed: one line
 * `document head` for each. `--conditions=source --import tsx writer.ts <folder> <job>`.
 *
 * Jobs: `append` several documents with several batches in flight · `compact` appends and compacts,
 * with a line `compacting` before each · `stubborn` appends until 10 batches were confirmed, whatever
 * fails in between (`failed <code>`), then closes and says `done` · `hold` opens the store and waits.
 */
import { writeSync } from 'node:fs'
import { openSqliteStore, StoreError } from '../src/index.ts'
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

const store = await openSqliteStore({ folder, lockWaitMs: 200 })
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

async function stubborn(name: string): Promise<void> {
  const document = named(name)
  for (let confirmed = 0; confirmed < 10; ) {
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

if (job === 'append') await Promise.all(['a', 'b', 'c'].map(append))
else if (job === 'compact') await compact('a')
else if (job === 'stubborn') await stubborn('a')
else await new Promise((resolve) => setTimeout(resolve, 60_000))

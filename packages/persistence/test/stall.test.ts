/**
 * A disk that is slow and neighbours that hold on: what the event loop notices, how large the write-ahead
 * log gets, and what happens while somebody else writes to the database.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { must } from '@quire/base'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqliteSnapshot } from '../src/sqlite/sqlite-snapshot.ts'
import { openSqliteStore } from '../src/sqlite/sqlite-store.ts'
import type { DocumentStore } from '../src/store.ts'
import { startWriter } from './writer-process.ts'
import { differenceOf, named, updateAt } from './written.ts'

const canTrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0
const megabyte = 1024 * 1024
const document = named('a')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quire-stall-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const logBytes = (): number => {
  const file = join(folder, 'quire.db-wal')
  return existsSync(file) ? statSync(file).size : 0
}

/** Appends `megabytes` of rows, a quarter of a megabyte in a batch. Answers the largest size of the log between. */
async function write(store: DocumentStore, megabytes: number): Promise<number> {
  let largest = 0
  for (let batch = 0; batch < megabytes * 4; batch++) {
    const updates = Array.from({ length: 4 }, () => new Uint8Array(megabyte / 16).fill(batch))
    await store.append([{ document, updates }])
    largest = Math.max(largest, logBytes())
  }
  return largest
}

/** Runs the job under strace, with syncs that take `delayMs` longer. */
async function measure(delayMs: number): Promise<{ appendMs: number; loopMs: number }> {
  const inject = `inject=fsync,fdatasync:delay_exit=${delayMs * 1_000}`
  const options = ['-e', 'trace=fsync,fdatasync', ...(delayMs > 0 ? ['-e', inject] : [])]
  const writer = startWriter(folder, 'measure', [
    ...['strace', '-D', '-f', '-qq', '--seccomp-bpf', ...options],
    ...['-o', '/dev/null'],
  ])
  await writer.said('done')
  const line = must(writer.lines.at(-2), 'a measurement')
  const [, appendMs = 0, loopMs = 0] = line.split(' ').map(Number)
  return { appendMs, loopMs }
}

test.skipIf(!canTrace)('[SQ7] syncs of 50 ms hold up appends, and not the event loop', async () => {
  const quick = await measure(0)
  const slow = await measure(50)
  expect(slow.appendMs).toBeGreaterThanOrEqual(50)
  // A loop that waited for syncs would be as late as they take; on a busy machine it is a little late anyway.
  expect(slow.loopMs, `without the delay ${quick.loopMs} ms`).toBeLessThan(
    Math.max(25, quick.loopMs * 2),
  )
})

test('[SQ12] the write-ahead log stays small, also after a reader kept it from being moved', async () => {
  const store = await openSqliteStore({ folder })
  expect(await write(store, 12)).toBeLessThan(8 * megabyte)
  const reader = openSqliteSnapshot(folder)
  expect(await write(store, 24)).toBeGreaterThan(20 * megabyte)
  await reader.close()
  await write(store, 8)
  expect(logBytes()).toBeLessThanOrEqual(17 * megabyte)
  await store.close()
})

test('[SQ12] a reader gives up before the log has grown beyond its bound, and it shrinks again', async () => {
  const store = await openSqliteStore({ folder })
  await write(store, 1)
  const reader = openSqliteSnapshot(folder, { logBytesMax: 20 * megabyte })
  await write(store, 10)
  expect((await reader.open(document)).head).toBe(16)
  await write(store, 12)
  await expect(reader.open(document)).rejects.toMatchObject({ code: 'io', retry: 'later' })
  await expect(reader.list({ limit: 1 })).rejects.toMatchObject({ code: 'io' })
  await write(store, 8)
  expect(logBytes()).toBeLessThanOrEqual(17 * megabyte)
  await reader.close()
  await store.close()
})

test('[SQ13] an append waits for somebody else who writes, and fails with `locked` when that takes too long', async () => {
  const store = await openSqliteStore({ folder })
  const append = (number: number): Promise<unknown> =>
    store.append([{ document, updates: [updateAt('a', number)] }])
  await append(1)
  const other = new DatabaseSync(join(folder, 'quire.db'), { timeout: 0 })
  other.exec('BEGIN IMMEDIATE')
  const waiting = append(2)
  const first = await Promise.race([
    waiting.then(() => 'stored'),
    new Promise((resolve) => setTimeout(() => resolve('waits'), 200)),
  ])
  expect(first).toBe('waits')
  other.exec('COMMIT')
  await waiting
  other.exec('BEGIN IMMEDIATE')
  await expect(append(3)).rejects.toMatchObject({ code: 'locked', retry: 'later' })
  other.exec('COMMIT')
  other.close()
  await append(3)
  const stored = await store.open(document)
  expect([stored.head, differenceOf('a', stored)]).toEqual([3, undefined])
  await store.close()
})

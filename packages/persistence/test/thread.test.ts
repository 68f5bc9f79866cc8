/** The thread behind the store: that it is one, and what happens when it ends. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'
import { createLog, type LogEntry } from '@quire/base'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqliteStore } from '../src/index.ts'
import { openSqliteStoreOn } from '../src/sqlite/sqlite-store.ts'
import { startWorker } from '../src/worker-start.ts'
import { differenceOf, named, updateAt } from './written.ts'

const workerModule = new URL('../src/sqlite/sqlite-store.ts', import.meta.url).href
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quire-thread-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

test('[SQ7] the event loop stays free while the thread works', async () => {
  const store = await openSqliteStore({ folder })
  const updates = Array.from({ length: 500 }, () => new Uint8Array(30_000).fill(7))
  const before = performance.eventLoopUtilization()
  for (let at = 0; at < 10; at++) await store.append([{ document: named('a'), updates }])
  expect((await store.verify()).problems).toEqual([])
  const { utilization } = performance.eventLoopUtilization(before)
  expect(utilization).toBeLessThan(0.5)
  await store.close()
})

/** A thread that starts in order and breaks at the first call after that. */
const breaking = `
  const { parentPort } = require('node:worker_threads')
  parentPort.on('message', ({ id, call }) => {
    if (call.kind !== 'start') throw new Error('the thread breaks')
    parentPort.postMessage({ id, kind: 'done' })
  })`

test('[SQ8] when the thread ends, calls under way fail with `io` and the next ones work', async () => {
  let threads = 0
  const entries: LogEntry[] = []
  const log = createLog((entry) => void entries.push(entry))
  const store = await openSqliteStoreOn({ folder, log }, (workerData) => {
    threads += 1
    if (threads === 1) return new Worker(breaking, { eval: true })
    return startWorker('sqlite-worker', workerModule, { workerData })
  })
  const document = named('a')
  const append = [{ document, updates: [updateAt('a', 1)] }]
  const calls = [store.append(append), store.open(document), store.describe(document)]
  for (const result of await Promise.allSettled(calls)) {
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'io', retry: 'later' } })
  }
  expect(entries).toMatchObject([{ level: 'error', fields: { calls: 3 } }])
  expect(await store.append(append)).toMatchObject([{ kind: 'stored', head: 1 }])
  expect(differenceOf('a', await store.open(document))).toBeUndefined()
  expect(threads).toBe(2)
  await store.close()
})

test('[SQ8] a store whose thread ended can be closed', async () => {
  const store = await openSqliteStoreOn({ folder }, () => new Worker(breaking, { eval: true }))
  await expect(store.open(named('a'))).rejects.toMatchObject({ code: 'io' })
  await store.close()
  await expect(store.open(named('a'))).rejects.toMatchObject({ code: 'closed' })
})

test('[DS12] close waits for what is under way', async () => {
  const store = await openSqliteStore({ folder })
  const appends = Array.from({ length: 50 }, (_, at) =>
    store.append([{ document: named('a'), updates: [updateAt('a', at + 1)] }]),
  )
  await store.close()
  expect(await Promise.all(appends)).toHaveLength(50)
  const again = await openSqliteStore({ folder })
  expect((await again.open(named('a'))).head).toBe(50)
  await again.close()
})

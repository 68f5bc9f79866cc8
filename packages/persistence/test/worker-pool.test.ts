import { performance } from 'node:perf_hooks'
import { afterEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import { compactDocument } from '../src/index.ts'
import {
  packRows,
  type PackedRows,
  startWorker,
  WorkerPool,
  type WorkerPoolOptions,
} from '../src/work/index.ts'
import type { TestJobs } from './pool-jobs.ts'

const open: WorkerPool<TestJobs>[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((pool) => pool.close()))
})

function makePool(options: Partial<WorkerPoolOptions> = {}): WorkerPool<TestJobs> {
  const pool = new WorkerPool<TestJobs>({
    threadsMax: 2,
    start: (settings) => startWorker('pool-jobs', import.meta.url, settings),
    ...options,
  })
  open.push(pool)
  return pool
}

const bytes = (): Uint8Array => Uint8Array.of(1, 2, 3)

/** A document of two rows and the rows packed. */
function writtenDocument(): { doc: Y.Doc; rows: PackedRows; tail: [Uint8Array, Uint8Array] } {
  const doc = new Y.Doc()
  doc.getText('content').insert(0, 'first words, ')
  const first = Y.encodeStateAsUpdate(doc)
  const before = Y.encodeStateVector(doc)
  doc.getText('content').insert(13, 'then more')
  doc.getText('content').delete(0, 6)
  const second = Y.encodeStateAsUpdate(doc, before)
  const tail = [first, second].map((update, at) => ({ number: at + 1, update }))
  return { doc, rows: packRows({ snapshot: undefined, tail }), tail: [first, second] }
}

test('[DW1] jobs that hang, eat all memory or end their thread fail alone, and the event loop stays free', async () => {
  const pool = makePool({ heapMbMax: 64 })
  await pool.run('echo', { bytes: bytes() }, { document: 'warm' })
  const before = performance.eventLoopUtilization()
  const bad = [
    [pool.run('hang', { isSaid: true }, { document: 'a', jobMsMax: 300 }), 'too-slow'],
    [pool.run('eat', { isSaid: true }, { document: 'b' }), 'crashed'],
    [pool.run('end', { code: 0 }, { document: 'c' }), 'crashed'],
    [pool.run('end', { code: 3 }, { document: 'd' }), 'crashed'],
    [pool.run('unclonable', { isSaid: true }, { document: 'e' }), 'crashed'],
  ] as const
  const good = Array.from({ length: 6 }, (_, at) =>
    pool.run('echo', { bytes: bytes() }, { document: `good-${at}` }),
  )
  await Promise.all(bad.map(([job, code]) => expect(job).rejects.toMatchObject({ code })))
  expect(await Promise.all(good)).toEqual(good.map(() => ({ bytes: bytes() })))
  expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5)
  const named = pool.quarantined().map(({ document, kind }) => `${kind} ${document}`)
  expect(named.toSorted()).toEqual(['eat b', 'end c', 'end d', 'hang a', 'unclonable e'])
})

test('[DW6] a packed state loads as the rows, in about the size that V2 has', async () => {
  const { doc, rows } = writtenDocument()
  const { state, stateVector } = await makePool().run('pack', rows, { document: 'a' })
  const again = new Y.Doc()
  Y.applyUpdateV2(again, state)
  expect(again.getText('content').toJSON()).toBe(doc.getText('content').toJSON())
  expect(Y.encodeStateVector(again)).toEqual(stateVector)
  expect(Y.encodeStateAsUpdate(again)).toEqual(Y.encodeStateAsUpdate(doc))
})

test('[DW6] rows that do not load as a whole are refused, with the reason', async () => {
  const pool = makePool()
  const { tail } = writtenDocument()
  const lonely = packRows({ snapshot: undefined, tail: [{ number: 1, update: tail[1] }] })
  await expect(pool.run('pack', lonely, { document: 'a' })).rejects.toMatchObject({
    code: 'refused',
    reason: 'pending',
  })
  const broken = packRows({ snapshot: undefined, tail: [{ number: 1, update: bytes() }] })
  await expect(pool.run('pack', broken, { document: 'a' })).rejects.toMatchObject({
    code: 'refused',
    reason: 'malformed',
  })
})

test('[DW6] verify finds rows that do not load, and a snapshot that is not what stands beside it', async () => {
  const pool = makePool()
  const { rows, tail } = writtenDocument()
  const verify = (ask: Parameters<TestJobs['verify']>[0]): Promise<string[]> =>
    pool.run('verify', ask, { document: 'a' })
  expect(await verify({ rows, beside: undefined })).toEqual([])
  const snapshot = compactDocument({
    snapshot: undefined,
    tail: [{ number: 1, update: tail[0] }],
  })
  const next = (): PackedRows => packRows({ snapshot, tail: [{ number: 2, update: tail[1] }] })
  const { stateVector, deleteSet } = snapshot
  expect(await verify({ rows: next(), beside: { stateVector, deleteSet } })).toEqual([])
  const other = { stateVector: Uint8Array.of(0), deleteSet: Uint8Array.of(1, 1, 1, 1, 1) }
  expect(await verify({ rows: next(), beside: other })).toEqual([
    'the state vector of snapshot 1 is not its own',
    'the delete set of snapshot 1 is not its own',
  ])
  const lonely = packRows({ snapshot: undefined, tail: [{ number: 1, update: tail[1] }] })
  expect(await verify({ rows: lonely, beside: undefined })).toEqual([
    expect.stringContaining('the whole of it does not load'),
  ])
})

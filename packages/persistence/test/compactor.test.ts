import { performance } from 'node:perf_hooks'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { createCompactor, type NumberedUpdate } from '../src/index.ts'

/** Rows that each wait for all before them: Yjs merges what waits with every row, in time that grows with the square. */
function poisoned(rowCount: number): NumberedUpdate[] {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.unshift(update))
  for (let at = 0; at < rowCount; at++) doc.getText('content').insert(0, 'x')
  return updates.map((update, at) => ({ number: at + 1, update }))
}

function good(): NumberedUpdate[] {
  const doc = new Y.Doc()
  doc.getText('content').insert(0, 'good')
  return [{ number: 1, update: Y.encodeStateAsUpdate(doc) }]
}

test('[CP5] a poisoned document costs its own job, and the event loop stays free', async () => {
  const compactor = createCompactor({ jobMsMax: 2_000 })
  const tail = poisoned(20_000)
  const before = performance.eventLoopUtilization()
  const slow = compactor.compact({ snapshot: undefined, tail })
  const behind = compactor.compact({ snapshot: undefined, tail: good() })
  await expect(slow).rejects.toMatchObject({ name: 'CompactionError', code: 'too-slow' })
  expect((await behind).number).toBe(1)
  expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5)
  await compactor.close()
})

test('[CP5] a job that needs more memory than the thread may have fails alone', async () => {
  const compactor = createCompactor({ heapMbMax: 48 })
  const doc = new Y.Doc()
  const text = doc.getText('content')
  doc.transact(() => {
    // Inserting at the front makes every letter an item of its own.
    for (let at = 0; at < 1_500_000; at++) text.insert(0, 'x')
  })
  const tail = [{ number: 1, update: Y.encodeStateAsUpdate(doc) }]
  await expect(compactor.compact({ snapshot: undefined, tail })).rejects.toMatchObject({
    code: 'crashed',
  })
  expect((await compactor.compact({ snapshot: undefined, tail: good() })).number).toBe(1)
  await compactor.close()
})

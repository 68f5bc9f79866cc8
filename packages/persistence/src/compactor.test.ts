import { createManualClock } from '@quire/testkit'
import { afterEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import { compactDocument } from './compact-document.ts'
import type { CompactionJob, Compactor } from './compaction.ts'
import { type CompactorOptions, createCompactor } from './compactor.ts'

const open: Compactor[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((compactor) => compactor.close()))
})
function make(options: CompactorOptions = {}): Compactor {
  const compactor = createCompactor(options)
  open.push(compactor)
  return compactor
}

function jobOf(text: string): CompactionJob {
  const doc = new Y.Doc()
  doc.getText('content').insert(0, text)
  doc.getText('content').delete(0, 1)
  return { snapshot: undefined, tail: [{ number: 1, update: Y.encodeStateAsUpdate(doc) }] }
}

test('[CP2] the thread answers what the work itself answers, and leaves the job as it was', async () => {
  const compactor = make()
  const job = jobOf('some text')
  const copy = structuredClone(job)
  const snapshot = await compactor.compact(job)
  expect(snapshot).toEqual(compactDocument(job))
  expect(job).toEqual(copy)
  const next = { snapshot, tail: jobOf('more').tail.map((row) => ({ ...row, number: 2 })) }
  expect(await compactor.compact(next)).toEqual(compactDocument(next))
})

test('[CP3] what the work refuses, the thread refuses with the same code', async () => {
  const compactor = make()
  const broken = { snapshot: undefined, tail: [{ number: 1, update: new Uint8Array([7]) }] }
  await expect(compactor.compact(broken)).rejects.toMatchObject({ code: 'malformed' })
  await expect(compactor.compact({ ...broken, tail: [] })).rejects.toMatchObject({
    code: 'malformed',
  })
  expect((await compactor.compact(jobOf('good'))).number).toBe(1)
})

test('[CP5] a job whose time is up fails alone; the ones behind it get a new thread', async () => {
  const clock = createManualClock()
  const compactor = make({ clock, jobMsMax: 1_000 })
  const results = ['a', 'b', 'c'].map((text) => compactor.compact(jobOf(text)))
  const first = expect(results[0]).rejects.toMatchObject({ code: 'too-slow' })
  clock.advance(1_000)
  await first
  expect(await Promise.all(results.slice(1))).toMatchObject([{ number: 1 }, { number: 1 }])
  expect(clock.timerCount).toBe(0)
})

test('[CP5] closing fails what waits and what runs, and later calls', async () => {
  const compactor = make()
  const jobs = ['a', 'b'].map((text) => compactor.compact(jobOf(text)))
  const failed = jobs.map((job) => expect(job).rejects.toMatchObject({ code: 'closed' }))
  await compactor.close()
  await Promise.all(failed)
  await expect(compactor.compact(jobOf('c'))).rejects.toMatchObject({ code: 'closed' })
  await compactor.close()
})

import { must, silentLog } from '@quire/base'
import { contentOf, seedUpdate } from '@quire/document'
import { createMemoryStore, type StoredDocument } from '@quire/persistence'
import { parseDocumentName } from '@quire/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as Y from 'yjs'
import { createDocumentWorkers, type DocumentWorkers } from '../src/workers/document-workers.ts'

const document = must(parseDocumentName('plan'), 'a name')
let workers: DocumentWorkers
beforeAll(() => {
  workers = createDocumentWorkers({ log: silentLog })
})
afterAll(() => workers.close())

/** A stored document whose first block says `text`, with a snapshot when it is to be compacted. */
async function storedDocument(text: string, isCompacted: boolean): Promise<StoredDocument> {
  const store = createMemoryStore()
  const doc = new Y.Doc()
  Y.applyUpdate(doc, seedUpdate)
  const block = contentOf(doc).get(0) as Y.XmlElement
  ;(block.get(0) as Y.XmlText).insert(0, text)
  const vector = Y.encodeStateVectorFromUpdate(seedUpdate)
  await store.append([{ document, updates: [seedUpdate, Y.encodeStateAsUpdate(doc, vector)] }])
  const stored = await store.open(document)
  if (!isCompacted) return stored
  await store.compact(document, await workers.compactor.compact({ ...stored, document }), 0)
  return store.open(document)
}

test.each([false, true])(
  'a stored document (compacted: %s) is rendered, extracted, packed and verified in a thread',
  async (isCompacted) => {
    const stored = await storedDocument('Words & more', isCompacted)
    const copy = structuredClone(stored)
    const render = (format: 'html' | 'markdown' | 'text'): Promise<string> =>
      workers.render(document, { stored }, format)
    expect(await render('html')).toBe('<p>Words &amp; more</p>')
    expect(await render('markdown')).toBe('Words \\& more')
    expect(await workers.extract(document, { stored }, 5)).toBe('Words')
    expect(await workers.verify(document, stored)).toEqual([])
    const { state } = await workers.pack(document, stored)
    expect(await workers.render(document, { packed: state }, 'text')).toBe('Words & more')
    // A version that is used is still the caller's.
    expect(await workers.diff(document, { packed: state }, { stored })).toEqual([
      { kind: 'same', count: 1 },
    ])
    expect(stored).toEqual(copy)
  },
)

test('a restore and an import come back as updates, and as nothing when nothing is to be done', async () => {
  const now = await storedDocument('now', true)
  const past = await storedDocument('then', false)
  const { state: packed } = await workers.pack(document, past)
  const update = must(await workers.restore(document, { stored: now }, { packed }), 'an update')
  const tail = [{ number: now.head + 1, update, author: '' }]
  const after = { snapshot: now.snapshot, tail }
  expect(await workers.render(document, { stored: after }, 'text')).toBe('then')
  expect(await workers.restore(document, { stored: after }, { packed })).toBeUndefined()
  const json = {
    type: 'doc',
    content: [{ type: 'block', content: [{ type: 'text', text: 'in' }] }],
  }
  const written = must(await workers.write(document, { stored: now }, json), 'an update')
  const imported = { ...after, tail: [{ number: now.head + 1, update: written, author: '' }] }
  expect(await workers.render(document, { stored: imported }, 'text')).toBe('in')
})

test('a document that is none is refused with the reason, and quarantines nobody', async () => {
  const tail = [{ number: 1, update: Uint8Array.of(7), author: '' }]
  await expect(
    workers.render(document, { stored: { snapshot: undefined, tail } }, 'text'),
  ).rejects.toMatchObject({ name: 'JobError', code: 'refused', reason: 'malformed' })
  expect(workers.quarantined()).toEqual([])
})

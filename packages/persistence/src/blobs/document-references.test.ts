import { createManualClock } from '@quire/testkit'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { createMemoryStore } from '../memory-store.ts'
import { parseDocumentName } from '@quire/protocol'
import { must } from '@quire/base'
import { type BlobName, blobNameOf, type BlobStore } from './blob-store.ts'
import { collectBlobs } from './collect-blobs.ts'
import { documentReferences, namesIn } from './document-references.ts'

const nameOf = (text: string): BlobName => blobNameOf(Buffer.from(text))
const named = (name: string) => must(parseDocumentName(name), name)

/** A document that shows `images`, as an editor writes it. */
function showing(...images: string[]): Y.Doc {
  const doc = new Y.Doc()
  for (const image of images) {
    const element = new Y.XmlElement('image')
    element.setAttribute('src', `/files/${nameOf(image)}.png`)
    doc.getXmlFragment('content').push([element])
  }
  return doc
}

test('[BL8] what any document or version shows is found, in rows, snapshots and versions', async () => {
  const store = createMemoryStore()
  const [rows, compacted] = [showing('in a row', 'in another'), showing('in a snapshot')]
  await store.append([{ document: named('rows'), updates: [Y.encodeStateAsUpdate(rows)] }])
  await store.append([
    { document: named('compacted'), updates: [Y.encodeStateAsUpdate(compacted)] },
  ])
  const empty = new Uint8Array()
  const update = Y.encodeStateAsUpdate(compacted)
  const snapshot = { number: 1, update, stateVector: empty, deleteSet: empty }
  await store.compact(named('compacted'), snapshot, 0)
  const state = Y.encodeStateAsUpdateV2(showing('in a version', 'also there'))
  await store.versions.create(named('rows'), { number: 1, kind: 'time', state })
  const found = new Set<BlobName>()
  for await (const name of documentReferences(store)) found.add(name)
  const shown = ['in a row', 'in another', 'in a snapshot', 'in a version', 'also there']
  expect([...found].toSorted()).toEqual(shown.map(nameOf).toSorted())

  const gone: BlobName[] = []
  const blobs: Pick<BlobStore, 'list' | 'delete'> = {
    async *list() {
      for (const text of [...shown, 'nowhere']) yield { name: nameOf(text), bytes: 1, storedMs: 0 }
    },
    delete: async (name) => {
      gone.push(name)
      return 'deleted'
    },
  }
  const clock = createManualClock()
  await collectBlobs(blobs, { references: documentReferences(store), graceMs: 0, clock })
  expect(gone).toEqual([nameOf('nowhere')])
})

test('[BL8] while a deleted document is kept nothing is said to be unused', async () => {
  const store = createMemoryStore()
  await store.append([{ document: named('gone'), updates: [Uint8Array.of(1)] }])
  await store.delete(named('gone'))
  const read = async (): Promise<void> => {
    for await (const name of documentReferences(store)) void name
  }
  await expect(read()).rejects.toThrow('document gone is deleted and not erased yet')
  await store.trash.purge(named('gone'))
  await read()
})

test('[BL8] a name is found whatever stands beside it', () => {
  const name = nameOf('x')
  for (const [before, after] of [
    ['', ''],
    ['abc', 'def'],
    ['/files/', '.png'],
    ['\0\xff', '\n'],
  ]) {
    expect([...namesIn(Buffer.from(`${before}${name}${after}`, 'latin1'))]).toContain(name)
  }
  expect([...namesIn(Buffer.from(name.slice(1)))]).toEqual([])
})

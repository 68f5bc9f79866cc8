import { type DocumentName, parseDocumentName } from '@quire/protocol'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { createMemoryStore } from '../memory-store.ts'
import { importDocuments } from './import-documents.ts'

const named = (name: string): DocumentName => {
  const parsed = parseDocumentName(name)
  if (parsed === undefined) throw new Error(`${name} is not a document name`)
  return parsed
}

function docWith(text: string): { whole: Uint8Array; updates: Uint8Array[] } {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  for (const letter of text) doc.getText('content').insert(doc.getText('content').length, letter)
  doc.getText('content').delete(0, 1)
  return { whole: Y.encodeStateAsUpdate(doc), updates }
}

test('[IM1] documents come over with their content; what cannot come is named with its reason', async () => {
  const store = createMemoryStore()
  await store.create(named('taken'), 'Mine')
  const { whole, updates } = docWith('xhello')
  const source = [
    { name: 'whole', updates: [whole] },
    { name: 'in-parts', updates },
    { name: 'taken', updates: [whole] },
    { name: 'a folder/with spaces', updates: [whole] },
    { name: 'cut', updates: [whole.subarray(0, whole.length - 3)] },
    { name: 'incomplete', updates: updates.slice(2) },
    { name: 'v2', updates: [Y.convertUpdateFormatV1ToV2(whole)] },
    { name: 'nothing', updates: [] },
  ]
  const expected = {
    imported: ['whole', 'in-parts'],
    left: ['taken', 'a folder/with spaces', 'cut', 'incomplete', 'v2', 'nothing'],
  }
  for (const isDryRun of [true, false]) {
    const { imported, left } = await importDocuments(store, source, { isDryRun })
    expect(imported.map(({ from }) => from)).toEqual(expected.imported)
    expect(left.map(({ from }) => from)).toEqual(expected.left)
    for (const { why } of left) expect(why.length).toBeGreaterThan(10)
    const { documents } = await store.list({ limit: 10 })
    expect(documents).toHaveLength(isDryRun ? 1 : 3)
  }
  for (const name of expected.imported) {
    const { snapshot, tail, head } = await store.open(named(name))
    expect([tail, head]).toEqual([[], 1])
    const doc = new Y.Doc()
    Y.applyUpdate(doc, snapshot?.update ?? new Uint8Array())
    expect(doc.getText('content').toJSON()).toBe('hello')
  }
})

test('[IM2] documents can be renamed on the way, and never two to one name', async () => {
  const store = createMemoryStore()
  const { whole } = docWith('xa')
  const source = ['team/plan', 'team plan', 'skip', 'same'].map((name) => ({
    name,
    updates: [whole],
  }))
  const rename = (name: string) => (name === 'skip' ? undefined : name.replaceAll(/[^a-z]/g, '-'))
  const { imported, left } = await importDocuments(store, source, { rename })
  expect(imported.map(({ document }) => document)).toEqual(['team-plan', 'same'])
  expect(left.map(({ from }) => from)).toEqual(['team plan', 'skip'])
})

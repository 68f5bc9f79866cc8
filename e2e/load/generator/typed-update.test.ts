import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { RangeReader, rangesOf } from './update-ranges.ts'
import { type Place, typedUpdate } from './typed-update.ts'

const client = 3_000_000_123

function typeWithYjs(doc: Y.Doc, at: number, text: string): readonly Uint8Array[] {
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  for (const [i, char] of text.split('').entries()) doc.getText('t').insert(at + i, char)
  return updates
}

const typeByHand = (place: Place, text: string): readonly Uint8Array[] =>
  text.split('').map((char, clock) => typedUpdate(client, clock, place, char))

test('typing in an empty text makes the bytes that Yjs makes', () => {
  const doc = new Y.Doc()
  doc.clientID = client
  expect(typeByHand({ kind: 'root', name: 't' }, 'abc')).toEqual(typeWithYjs(doc, 0, 'abc'))
})

test('typing inside a document makes the bytes that Yjs makes', () => {
  const base = new Y.Doc()
  base.clientID = 77
  base.getText('t').insert(0, 'Hello world')
  const doc = new Y.Doc()
  doc.clientID = client
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(base))
  const place = {
    kind: 'between',
    left: { client: 77, clock: 4 },
    right: { client: 77, clock: 5 },
  } as const
  expect(typeByHand(place, 'xyz')).toEqual(typeWithYjs(doc, 5, 'xyz'))
})

test('the ranges of an update are those that Yjs reads, merged or not, typed or not', () => {
  const updates = [
    ...typeByHand({ kind: 'root', name: 't' }, 'a text that is long enough to be kept'),
    typedUpdate(42, 0, { kind: 'root', name: 't' }, 'q'),
  ]
  const merged = Y.mergeUpdates([...updates])
  expect(rangesOf(merged)).toEqual([client, 0, 37, 42, 0, 1])
  const reader = new RangeReader()
  expect(reader.read(merged)).toEqual(rangesOf(merged))
  expect(reader.read(merged)).toBe(reader.read(Uint8Array.from(merged)))

  const doc = new Y.Doc()
  doc.clientID = 9
  doc.getMap('m').set('key', { deep: [1, 2, 'ü'] })
  doc.getText('t').insert(0, 'ü€')
  expect(rangesOf(Y.encodeStateAsUpdate(doc))).toEqual([9, 0, 3])
})

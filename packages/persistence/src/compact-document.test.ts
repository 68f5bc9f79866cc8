import { must } from '@quire/base'
import { createSeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { compactDocument, decodeDeleteSet } from './compact-document.ts'
import type { NumberedUpdate } from './store.ts'

const seed = Number(process.env['QUIRE_SEED'] ?? 4711)

/** The rows that `edit` makes. */
function rowsOf(edit: (doc: Y.Doc) => void): { doc: Y.Doc; rows: NumberedUpdate[] } {
  const doc = new Y.Doc()
  const rows: NumberedUpdate[] = []
  doc.on('update', (update: Uint8Array) => rows.push({ number: rows.length + 1, update }))
  edit(doc)
  return { doc, rows }
}

function loaded(updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  return doc
}

/** Two authors who write at once, in text, attributes and nested blocks, and delete again. */
function randomRows(from: number): NumberedUpdate[] {
  const random = createSeededRandom(from)
  const docs = [new Y.Doc(), new Y.Doc()]
  const rows: NumberedUpdate[] = []
  for (const [at, doc] of docs.entries()) {
    doc.clientID = 10 + at
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'sync') rows.push({ number: rows.length + 1, update })
    })
  }
  for (let step = 0; step < 120; step++) {
    const doc = random.pick(docs)
    const content = doc.getXmlFragment('content')
    if (content.length === 0 || random.chance(0.15)) {
      const block = new Y.XmlElement('block')
      block.insert(0, [new Y.XmlText('text')])
      content.insert(random.below(content.length + 1), [block])
      continue
    }
    const place = random.below(content.length)
    const block = content.get(place) as Y.XmlElement
    const text = block.get(0) as Y.XmlText
    const at = random.below(text.length + 1)
    if (random.chance(0.1)) content.delete(place, 1)
    else if (random.chance(0.2)) block.setAttribute('level', `${random.below(6)}`)
    else if (random.chance(0.25)) text.format(0, at, { bold: random.chance(0.5) ? true : null })
    else if (random.chance(0.3)) text.delete(at, Math.min(2, text.length - at))
    else text.insert(at, `${step} `)
    if (random.chance(0.2)) {
      for (const row of rows) for (const other of docs) Y.applyUpdate(other, row.update, 'sync')
    }
  }
  return rows
}

test('[CP2] a snapshot loads as its rows do, for random documents', () => {
  for (let round = 0; round < 25; round++) {
    const rows = randomRows(seed + round)
    const what = `replay with QUIRE_SEED=${seed + round}`
    const expected = loaded(rows.map(({ update }) => update))
    const half = compactDocument({ snapshot: undefined, tail: rows.slice(0, 40) })
    const snapshot = compactDocument({ snapshot: half, tail: rows.slice(40) })
    expect(snapshot.number, what).toBe(rows.length)
    const actual = loaded([snapshot.update])
    expect(actual.getXmlFragment('content').toJSON(), what).toBe(
      expected.getXmlFragment('content').toJSON(),
    )
    expect(snapshot.stateVector, what).toEqual(Y.encodeStateVector(expected))
    // Each author knew the same rows, so nothing is new to anybody.
    expect(Y.encodeStateAsUpdate(actual, snapshot.stateVector).length, what).toBeLessThanOrEqual(
      snapshot.deleteSet.length + 1,
    )
  }
})

test('[CP2] the state vector and the delete set are those of the update, byte for byte', () => {
  const { doc, rows } = rowsOf((made) => {
    const text = made.getText('content')
    text.insert(0, 'Hello, world')
    text.delete(2, 3)
    text.delete(5, 1)
  })
  const { update, stateVector, deleteSet } = compactDocument({ snapshot: undefined, tail: rows })
  expect(stateVector).toEqual(Y.encodeStateVector(doc))
  expect(update.slice(-deleteSet.length)).toEqual(deleteSet)
  expect(Y.equalDeleteSets(decodeDeleteSet(deleteSet), Y.snapshot(doc).ds)).toBe(true)
  const whole = new Uint8Array([...deleteSet, ...stateVector])
  expect(whole).toEqual(Y.encodeSnapshot(Y.snapshot(doc)))
})

test('[CP2] a document without deletions has an empty delete set', () => {
  const { rows } = rowsOf((doc) => doc.getText('content').insert(0, 'x'))
  const { deleteSet } = compactDocument({ snapshot: undefined, tail: rows })
  expect(deleteSet).toEqual(new Uint8Array([0]))
  expect(decodeDeleteSet(deleteSet).clients.size).toBe(0)
})

test('[CP3] rows that wait for a predecessor are refused, not dropped', () => {
  const { rows } = rowsOf((doc) => {
    const text = doc.getText('content')
    for (const letter of 'abcd') text.insert(0, letter)
    text.delete(0, 2)
  })
  const without = (missing: number): NumberedUpdate[] =>
    rows
      .filter(({ number }) => number !== missing)
      .map(({ update }, at) => ({ number: at + 1, update }))
  for (const missing of [1, 2, 4]) {
    expect(() => compactDocument({ snapshot: undefined, tail: without(missing) })).toThrow(
      expect.objectContaining({ code: 'pending' }),
    )
  }
  const onlyDeletion = [{ number: 1, update: must(rows.at(-1), 'the deletion').update }]
  expect(() => compactDocument({ snapshot: undefined, tail: onlyDeletion })).toThrow(
    expect.objectContaining({ code: 'pending' }),
  )
})

test('[CP3] rows that are not updates, that have a gap, or that are none are refused', () => {
  const { rows } = rowsOf((doc) => {
    for (const letter of 'abcd') doc.getText('content').insert(0, letter)
  })
  const bad = [
    [],
    rows.slice(1),
    rows.filter(({ number }) => number !== 3),
    [{ number: 1, update: new Uint8Array([9, 9, 9]) }],
    [{ number: 1, update: must(rows[0], 'a row').update.slice(0, 5) }],
  ]
  for (const tail of bad) {
    expect(() => compactDocument({ snapshot: undefined, tail })).toThrow(
      expect.objectContaining({ code: 'malformed' }),
    )
  }
})

test('[CP4] compaction makes no edit of its own: formatting that Yjs would tidy up stays', () => {
  const { doc, rows } = rowsOf((made) => {
    made.clientID = 1
    const block = new Y.XmlElement('block')
    const text = new Y.XmlText('one two three')
    block.insert(0, [text])
    made.getXmlFragment('content').insert(0, [block])
  })
  // Two authors make the same words bold at once: one of the two pairs of marks is superfluous.
  for (const clientId of [2, 3]) {
    const other = loaded(rows.slice(0, 1).map(({ update }) => update))
    other.clientID = clientId
    other.on('update', (update: Uint8Array) => rows.push({ number: rows.length + 1, update }))
    const text = (other.getXmlFragment('content').get(0) as Y.XmlElement).get(0) as Y.XmlText
    text.format(0, 3, { bold: true })
  }
  const { deleteSet } = compactDocument({ snapshot: undefined, tail: rows })
  expect(decodeDeleteSet(deleteSet).clients.size).toBe(0)
  // The test is worth something: an ordinary load of the same rows does delete.
  for (const { update } of rows) Y.applyUpdate(doc, update)
  expect(Y.snapshot(doc).ds.clients.size).toBeGreaterThan(0)
})

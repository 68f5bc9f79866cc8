import { createSeededRandom, type SeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { defaultLimits } from './limits.ts'
import type { ClockRange } from './clock-columns.ts'
import { scanUpdate } from './update-scan.ts'
import { isConflict, unitsOf } from './update-units.ts'

const seedCount = Number(process.env['QUIRE_SEEDS'] ?? 150)

function edit(doc: Y.Doc, random: SeededRandom): void {
  const text = doc.getText('text')
  const xml = doc.getXmlFragment('xml')
  const at = random.below(text.length + 1)
  switch (random.below(8)) {
    case 0:
      text.delete(Math.max(0, at - 2), Math.min(2, text.length - Math.max(0, at - 2)))
      return
    case 1:
      if (text.length > 0)
        text.format(Math.min(at, text.length - 1), 1, { bold: random.chance(0.5) })
      return
    case 2:
      xml.insert(random.below(xml.length + 1), [
        new Y.XmlElement(random.pick(['p', 'h1'])),
        new Y.XmlText('é😀'),
      ])
      return
    case 3:
      if (xml.length > 0) xml.delete(random.below(xml.length), 1)
      return
    case 4:
      doc.getMap('map').set(random.pick(['a', 'b']), { x: [1, at, 'y'] })
      return
    case 5:
      doc.getArray('list').push([at, 'x', new Uint8Array([1, 2])])
      return
    default:
      text.insert(at, random.pick(['a', 'word ', '😀', 'ü']))
  }
}

/** Everything that was written about a document, in every form in which it travels or is stored. */
function formsOf(seed: number): { forms: Uint8Array[]; clocks: Map<number, number> } {
  const random = createSeededRandom(seed)
  const updates: Uint8Array[] = []
  const docs = [1, 2, 3_000_000_000].map((clientId) => {
    const doc = new Y.Doc()
    doc.clientID = clientId
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'other') updates.push(update)
    })
    return doc
  })
  for (let step = 0; step < 60; step++) {
    const doc = random.pick(docs)
    doc.transact(() => {
      for (let i = random.below(3); i >= 0; i--) edit(doc, random)
    })
    const [from, to] = [random.pick(docs), random.pick(docs)]
    Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)), 'other')
  }
  const all = new Y.Doc()
  for (const update of updates) Y.applyUpdate(all, update)
  const whole = Y.encodeStateAsUpdate(all)
  const clocks = Y.decodeStateVector(Y.encodeStateVector(all))
  const cuts = Array.from({ length: 6 }, () => {
    const vector = new Map([...clocks].map(([client, clock]) => [client, random.below(clock + 1)]))
    return Y.diffUpdate(random.pick([whole, Y.mergeUpdates(updates)]), Y.encodeStateVector(vector))
  })
  const own = docs.map((doc) => Y.encodeStateAsUpdate(doc))
  return { forms: [whole, Y.mergeUpdates(updates), ...updates, ...cuts, ...own], clocks }
}

test('[UU1] the same edits mean the same by every clock, however they were cut, joined and forgotten', () => {
  let compared = 0
  for (let seed = 1; seed <= seedCount; seed++) {
    const { forms, clocks } = formsOf(seed)
    const ranges = [...clocks].map(([client, to]) => ({ client, from: 0, to }))
    const [whole = new Map(), merged = new Map(), ...others] = forms.map((form) =>
      unitsOf(form, ranges),
    )
    for (const [client, to] of clocks) {
      // What people wrote is there, but for what somebody made and cleared away in one go.
      const found = [...(merged.get(client)?.keys() ?? [])]
      expect(found, `seed ${seed}`).toEqual(found.toSorted((a, b) => a - b))
      expect(found.length, `seed ${seed}`).toBeGreaterThan(to / 2)
    }
    for (const other of [merged, ...others]) {
      const replay = `seed ${seed} (replay: QUIRE_SEEDS=${seed})`
      expect(isConflict(other, whole), replay).toBe(false)
      expect(isConflict(merged, other), replay).toBe(false)
      for (const units of other.values()) compared += units.size
    }
  }
  expect(compared).toBeGreaterThan(seedCount * 200)
})

test('[UU1] exactly the clocks of the ranges are read', () => {
  const { forms, clocks } = formsOf(7)
  const merged = forms[1] ?? new Uint8Array()
  const all = unitsOf(
    merged,
    [...clocks].map(([client, to]) => ({ client, from: 0, to })),
  )
  const longest = Math.max(...clocks.values())
  for (let from = 0; from < longest; from += 3) {
    const ranges = [...clocks.keys()].map((client) => ({ client, from, to: from + 5 }))
    const part = unitsOf(merged, ranges)
    for (const [client, units] of all) {
      const expected = [...units].filter(([clock]) => clock >= from && clock < from + 5)
      expect([...(part.get(client) ?? [])]).toEqual(expected)
    }
  }
})

const rangeOf = (update: Uint8Array): ClockRange => {
  const scan = scanUpdate(update, defaultLimits)
  const [range] = scan.kind === 'scanned' ? scan.inserts : []
  if (!range) throw new Error('nothing is inserted')
  return range
}

/** Two documents of clients with the same id, each edited alone. */
function twins(
  first: (doc: Y.Doc) => void,
  second: (doc: Y.Doc) => void,
): [Uint8Array, Uint8Array] {
  const [a, b] = [first, second].map((write) => {
    const doc = new Y.Doc()
    doc.clientID = 7
    write(doc)
    return Y.encodeStateAsUpdate(doc)
  })
  return [a ?? new Uint8Array(), b ?? new Uint8Array()]
}

test('[UU2] what two clients with one id wrote alone is a conflict, in its letters, its place or its kind', () => {
  const text =
    (name: string, ...inserts: [number, string][]) =>
    (doc: Y.Doc) => {
      for (const [at, letters] of inserts) doc.getText(name).insert(at, letters)
    }
  const cases: [(doc: Y.Doc) => void, (doc: Y.Doc) => void, boolean][] = [
    [text('t', [0, 'hello']), text('t', [0, 'jello']), true],
    [text('t', [0, 'hello']), text('t', [0, 'hello there']), false],
    [text('t', [0, 'he'], [2, 'llo']), text('t', [0, 'hello']), false],
    [text('t', [0, 'ab'], [0, 'c']), text('t', [0, 'abc']), true],
    [text('t', [0, 'a']), text('u', [0, 'a']), true],
    [text('t', [0, 'a']), (doc) => doc.getMap('t').set('k', 'a'), true],
    [(doc) => doc.getMap('m').set('k', 1), (doc) => doc.getMap('m').set('l', 1), true],
    [
      (doc) => doc.getXmlFragment('x').insert(0, [new Y.XmlElement('p')]),
      (doc) => doc.getXmlFragment('x').insert(0, [new Y.XmlElement('h')]),
      true,
    ],
    // Deleted letters are forgotten, so nobody can say.
    [
      (doc) => {
        text('t', [0, 'hello'])(doc)
        doc.getText('t').delete(0, 5)
      },
      text('t', [0, 'jolly']),
      false,
    ],
  ]
  for (const [first, second, expected] of cases) {
    const [a, b] = twins(first, second)
    const [ours, theirs] = [unitsOf(a, [rangeOf(a)]), unitsOf(b, [rangeOf(b)])]
    const what = `${String(first)} | ${String(second)}`
    expect([isConflict(ours, theirs), isConflict(theirs, ours)], what).toEqual([expected, expected])
  }
})

test('[UU3] bytes that are no update never throw', () => {
  const random = createSeededRandom(3)
  const { forms } = formsOf(3)
  for (let i = 0; i < 3_000; i++) {
    const bytes = random.pick(forms).slice(0, 1 + random.below(200))
    for (let j = random.below(4); j >= 0; j--) bytes[random.below(bytes.length)] = random.below(256)
    unitsOf(bytes, [
      { client: 1, from: 0, to: 64 },
      { client: 2, from: 3, to: 5 },
    ])
  }
})

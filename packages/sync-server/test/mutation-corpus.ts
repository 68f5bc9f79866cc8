/** Valid frames of every kind for `mutations.ts` to spoil: what a few people who edit together send. */
import {
  encodeClient,
  encodeHocuspocusAddress,
  encodePresence,
  encodePresenceEntries,
  encodeQueryPresence,
  encodeStep1,
  encodeStep2,
  encodeToken,
  encodeUpdate,
} from '@quire/protocol'
import { createSeededRandom, type SeededRandom } from '@quire/testkit'
import * as Y from 'yjs'

export interface Corpus {
  /** A document that the server knows, and how it would be told of it. */
  readonly base: Uint8Array
  /** Updates of people who have the base, and more. */
  readonly updates: readonly Uint8Array[]
  /** Frames of all kinds, those of the updates among them. */
  readonly frames: readonly Uint8Array[]
}

function value(random: SeededRandom): unknown {
  return random.pick([
    null,
    true,
    1.5,
    -7,
    2 ** 40,
    'ü',
    '🦊',
    { k: [1, 'x'] },
    [[]],
    undefined,
    12n,
    new Uint8Array([1, 2, 3]),
  ])
}

function edit(doc: Y.Doc, random: SeededRandom): void {
  const text = doc.getText('text')
  const map = doc.getMap('map')
  const array = doc.getArray('array')
  const xml = doc.getXmlFragment('content')
  const at = (length: number): number => random.below(length + 1)
  switch (random.below(12)) {
    case 0:
      return text.insert(at(text.length), random.pick(['a', 'hello', '🦊', 'żółw', 'שלום']))
    case 1:
      return text.insert(at(text.length), 'bold', { bold: true, link: { href: 'x' } })
    case 2:
      return text.length > 0 ? text.format(random.below(text.length), 1, { b: null }) : undefined
    case 3:
      return text.insertEmbed(at(text.length), { image: 'x' })
    case 4:
      return void map.set(random.pick(['k', 'l', 'ü']), { v: value(random) })
    case 5:
      return void map.set('nested', random.pick([new Y.Map(), new Y.Array(), new Y.Text('t')]))
    case 6:
      return map.delete(random.pick(['k', 'l', 'nested']))
    case 7:
      return array.insert(at(array.length), [
        'x',
        { v: value(random) },
        new Y.Doc({ autoLoad: true }),
      ])
    case 8: {
      const block = new Y.XmlElement(random.pick(['p', 'block']))
      block.setAttribute('level', '1')
      block.insert(0, [new Y.XmlText('words'), new Y.XmlElement('image')])
      return xml.insert(at(xml.length), [block])
    }
    case 9:
      return xml.length > 0 ? xml.delete(random.below(xml.length), 1) : undefined
    case 10:
      return array.length > 0 ? array.delete(random.below(array.length), 1) : undefined
    default:
      return text.length > 1 ? text.delete(random.below(text.length - 1), 2) : undefined
  }
}

export function makeCorpus(seed: number): Corpus {
  const random = createSeededRandom(seed)
  const updates: Uint8Array[] = []
  const base = new Y.Doc()
  base.clientID = 3
  for (let i = 0; i < 12; i++) edit(base, random)
  const docs = [1, 2, 4_000_000_000].map((clientID) => {
    const doc = new Y.Doc({ gc: random.chance(0.7) })
    doc.clientID = clientID
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(base))
    doc.on('update', (update: Uint8Array) => updates.push(update))
    return doc
  })
  for (let step = 0; step < 24; step++) {
    const doc = random.pick(docs)
    doc.transact(() => {
      for (let i = random.below(3); i >= 0; i--) edit(doc, random)
    })
    if (random.chance(0.2)) {
      const other = random.pick(docs)
      Y.applyUpdate(other, Y.encodeStateAsUpdate(doc, Y.encodeStateVector(other)))
    }
  }
  for (let i = 0; i < 4; i++) {
    // With gaps, so that there are Skips among the structs.
    updates.push(Y.mergeUpdates([random.pick(updates), random.pick(updates)]))
  }
  updates.push(...docs.map((doc) => Y.encodeStateAsUpdate(doc)))
  const json = (text: string) => new TextEncoder().encode(text)
  const messages = [
    ...updates.map((update) => (random.chance(0.5) ? encodeUpdate(update) : encodeStep2(update))),
    ...docs.map((doc) => encodeStep1(Y.encodeStateVector(doc))),
    encodePresence(
      encodePresenceEntries([
        { clientId: 1, clock: 3, json: json('{"user":{"name":"Ada \\u00fc","c":[1,2.5e3,null]}}') },
        { clientId: 4_000_000_000, clock: 2 ** 33, json: json('null') },
      ]),
    ),
    encodeQueryPresence(),
    encodeToken('eyJhbGciOiJIUzI1NiJ9.e30.ü'),
    encodeClient(77, [5, 4_000_000_000], new Uint8Array(16).fill(7)),
  ]
  const addressed = messages.map((message) =>
    Uint8Array.from(Buffer.concat([encodeHocuspocusAddress('notes\0s1'), message])),
  )
  return { base: Y.encodeStateAsUpdate(base), updates, frames: [...messages, ...addressed] }
}

/** Length: the oracle, the random documents and the hostile bytes belong to one subject. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createSeededRandom, type SeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { defaultLimits, type ScannedUpdate, scanUpdate } from './index.ts'

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
const scan = (update: Uint8Array) => scanUpdate(update, defaultLimits)

function scanned(update: Uint8Array, what = 'an honest update'): ScannedUpdate {
  const result = scan(update)
  if (result.kind === 'refused') throw new Error(`${what} was refused: ${result.why}`)
  return result
}

/** The oracle: what Yjs itself reads, put into the shape of a scan. */
function yjsReads(update: Uint8Array) {
  const { structs, ds } = Y.decodeUpdate(update)
  const inserts: { client: number; from: number; to: number }[] = []
  for (const struct of structs) {
    if (struct instanceof Y.Skip) continue
    const { client, clock } = struct.id
    const last = inserts.at(-1)
    if (last?.client === client && last.to === clock) last.to = clock + struct.length
    else inserts.push({ client, from: clock, to: clock + struct.length })
  }
  const deletes = [...ds.clients].flatMap(([client, items]) =>
    items.map((item) => ({ client, from: item.clock, to: item.clock + item.len })),
  )
  return { inserts, deletes }
}

function expectAgreement(update: Uint8Array, what: string): void {
  const { inserts, deletes } = scanned(update, what)
  const oracle = yjsReads(update)
  const byClient = (list: readonly { client: number; from: number; to: number }[]) =>
    [...list].sort((a, b) => a.client - b.client || a.from - b.from)
  expect(byClient(inserts), what).toEqual(byClient(oracle.inserts))
  expect(byClient([...deletes]), what).toEqual(byClient(oracle.deletes))
  const meta = Y.parseUpdateMeta(update)
  const ends = new Map<number, number>()
  for (const { client, to } of inserts) ends.set(client, Math.max(to, ends.get(client) ?? 0))
  for (const [client, to] of ends) expect(meta.to.get(client), what).toBe(to)
}

const values = (random: SeededRandom) =>
  random.pick([
    null,
    true,
    -7,
    2 ** 31 + 5,
    0.1,
    1.5,
    -0,
    'x',
    'Grüße 🦊',
    { deep: [{ er: null }], ü: [] },
    [1, [2, [3]]],
    undefined,
    12n,
    new Uint8Array([1, 2, 3]),
  ])

function edit(doc: Y.Doc, random: SeededRandom): void {
  const text = doc.getText('text')
  const map = doc.getMap('map')
  const array = doc.getArray('array')
  const xml = doc.getXmlFragment('content')
  const at = (length: number) => random.below(length + 1)
  switch (random.below(14)) {
    case 0:
      text.insert(
        at(text.length),
        random.pick(['a', 'hello', '🦊', 'żółw', '\u2028', '\ufeff', 'שלום']),
      )
      break
    case 1:
      text.insert(at(text.length), 'bold', random.pick([{ bold: true }, { link: { href: 'x' } }]))
      break
    case 2:
      if (text.length > 0)
        text.format(random.below(text.length), 1, { color: random.pick(['red', null]) })
      break
    case 3:
      text.insertEmbed(at(text.length), { image: 'x' })
      break
    case 4:
      map.set(random.pick(['k', 'l', 'ü']), { v: values(random) })
      break
    case 5:
      map.set(
        'nested',
        random.pick([new Y.Map(), new Y.Array(), new Y.Text('t'), new Y.XmlFragment()]),
      )
      break
    case 6:
      map.delete(random.pick(['k', 'l', 'nested']))
      break
    case 7:
      array.insert(at(array.length), ['x', { v: values(random) }, [values(random)], 7])
      break
    case 8:
      array.insert(at(array.length), [
        random.chance(0.5) ? new Y.Doc({ autoLoad: true }) : new Uint8Array(3),
      ])
      break
    case 9: {
      const element = new Y.XmlElement(random.pick(['p', 'block', 'h1']))
      xml.insert(at(xml.length), [
        random.pick([
          element,
          new Y.XmlText('in'),
          new Y.XmlHook('hook') as unknown as Y.XmlElement,
        ]),
      ])
      break
    }
    case 10: {
      const first = xml.length > 0 ? xml.get(random.below(xml.length)) : undefined
      if (first instanceof Y.XmlElement && !(first instanceof Y.XmlHook)) {
        first.setAttribute('level', random.pick(['1', '2']))
        first.insert(0, [new Y.XmlText('deep'), new Y.XmlElement('p')])
      }
      break
    }
    case 11:
      if (xml.length > 0) xml.delete(random.below(xml.length), 1)
      break
    case 12:
      if (array.length > 0) array.delete(random.below(array.length), 1)
      break
    default: {
      const length = Math.min(text.length, 1 + random.below(4))
      if (length > 0) text.delete(random.below(text.length - length + 1), length)
    }
  }
}

/** A few people who edit at once and meet now and then. Returns every kind of update they would send. */
function editTogether(seed: number): { updates: Uint8Array[]; docs: Y.Doc[] } {
  const random = createSeededRandom(seed)
  const updates: Uint8Array[] = []
  const docs = Array.from({ length: 3 }, (_, i) => {
    const doc = new Y.Doc({ gc: random.chance(0.6) })
    doc.clientID = random.pick([i + 1, 4_000_000_000 + i])
    doc.on('update', (update: Uint8Array) => updates.push(update))
    return doc
  })
  for (let step = 0; step < 40; step++) {
    const doc = random.pick(docs)
    doc.transact(() => {
      for (let i = random.below(3); i >= 0; i--) edit(doc, random)
    })
    if (random.chance(0.2)) {
      const other = random.pick(docs)
      const missing = Y.encodeStateAsUpdate(doc, Y.encodeStateVector(other))
      updates.push(missing)
      Y.applyUpdate(other, missing)
    }
  }
  for (let i = 0; i < 4; i++) {
    // Picking from all of them leaves gaps, so the merge writes Skip structs.
    updates.push(Y.mergeUpdates([random.pick(updates), random.pick(updates), random.pick(updates)]))
  }
  const straggler = new Y.Doc()
  Y.applyUpdate(straggler, random.pick(updates))
  Y.applyUpdate(straggler, random.pick(updates))
  updates.push(...docs.map((doc) => Y.encodeStateAsUpdate(doc)), Y.encodeStateAsUpdate(straggler))
  return { updates, docs }
}

const seedCount = Number(process.env['QUIRE_SEEDS'] ?? 150)

test('[US1] what people write is accepted and read as Yjs reads it', () => {
  let updateCount = 0
  for (let seed = 1; seed <= seedCount; seed++) {
    for (const update of editTogether(seed).updates) {
      expectAgreement(update, `seed ${seed} (replay: QUIRE_SEEDS=${seed})`)
      updateCount += 1
    }
  }
  expect(updateCount).toBeGreaterThan(seedCount * 30)
})

test('[US1] what a single letter stands beside is said, and of nothing else', () => {
  const doc = new Y.Doc()
  doc.clientID = 7
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  const text = doc.getText('t')
  text.insert(0, 'ab')
  text.insert(2, 'c')
  text.insert(0, 'd')
  text.insertEmbed(0, new Y.Map())
  doc.transact(() => {
    text.insert(1, 'e')
    text.insert(3, 'f')
  })
  text.delete(0, 1)
  expect(updates.map((update) => scanned(update).beside)).toEqual([
    undefined,
    { client: 7, clock: 1 },
    { client: 7, clock: 0 },
    { client: 7, clock: 3 },
    undefined,
    undefined,
  ])
})

test('[US1] the old kind of JSON content, also undefined, is accepted', () => {
  // One client, one struct at the root "a": ContentJSON with 3 values.
  const update = bytes(
    `01 01 05 00 02 01 01 61 03 ${json('undefined')} ${json('{"x":[1]}')} ${json('null')} 00`,
  )
  expect(scanned(update).inserts).toEqual([{ client: 5, from: 0, to: 3 }])
  expectAgreement(update, 'ContentJSON')
})

function json(text: string): string {
  const encoded = Buffer.from(text)
  return Buffer.concat([Buffer.from([encoded.length]), encoded]).toString('hex')
}

const dataFolder =
  process.env['QUIRE_TEST_DATA'] ??
  fileURLToPath(new URL('../../../../shared/data', import.meta.url))
const oldDocs = `${dataFolder}/yjs-compat/yjs-13.2-docs.json`

test.skipIf(!existsSync(oldDocs))('[US1] documents written by Yjs 13.2 are accepted', () => {
  const docs = JSON.parse(readFileSync(oldDocs, 'utf8')) as {
    testName?: string
    update_v1_b64: string
  }[]
  expect(docs.length).toBeGreaterThan(0)
  for (const { update_v1_b64 } of docs) {
    expectAgreement(new Uint8Array(Buffer.from(update_v1_b64, 'base64')), 'Yjs 13.2')
  }
})

test('[US2] a claimed count is compared with the bytes before anything is made of it', () => {
  const claims = [
    '01 80 87 a7 0e 07 00', // 30 million structs
    'ff ff ff ff 0f 01 01 00 00', // clients
    '01 01 05 00 08 01 01 61 ff ff ff ff 07 00', // values
    '01 01 05 00 08 01 01 61 01 75 ff ff ff ff 07 00', // array in a value
    '01 01 05 00 08 01 01 61 01 76 ff ff ff ff 07 00', // object in a value
    '01 01 05 00 04 01 01 61 ff ff ff ff 07 61 00', // text
    '01 01 05 00 03 01 01 61 ff ff ff ff 07 61 00', // binary
    '00 ff ff ff ff 07 01 01 00 01', // clients of the delete set
    '00 01 05 ff ff ff ff 07 00 01', // deleted ranges
  ]
  for (const hex of claims) expect(scan(bytes(hex)), hex).toMatchObject({ close: 'malformed' })
  const parts = { ...defaultLimits, updatePartsMax: 2 }
  expect(scanUpdate(bytes('00 01 05 03 00 01 02 01 04 01'), parts)).toMatchObject({
    close: 'tooLarge',
  })
})

test('[US3] what no Yjs writes is refused', () => {
  const wrong: Record<string, string> = {
    'nothing at all': '',
    'a byte after the end': '00 00 00',
    'content 11': '01 01 05 00 0b 01 01 61 00',
    'content 31': '01 01 05 00 1f 01 01 61 00',
    'an info byte that the two readers of Yjs read differently': '01 01 05 00 4a 01 00 00',
    'a GC with flags': '01 01 05 00 80 01 00',
    'shared type 7': '01 01 05 00 07 01 01 61 07 00',
    'an empty GC': '01 01 05 00 00 00 00',
    'an empty Skip': '01 01 05 00 0a 00 00',
    'an empty deletion': '00 01 05 01 03 00',
    'empty text': '01 01 05 00 04 01 01 61 00 00',
    'no values': '01 01 05 00 08 01 01 61 00 00',
    'overlong UTF-8': '01 01 05 00 04 01 01 61 02 c0 80 00',
    'half a surrogate pair': '01 01 05 00 04 01 01 61 03 ed a0 80 00',
    'UTF-8 beyond Unicode': '01 01 05 00 04 01 01 61 04 f4 90 80 80 00',
    'UTF-8 that is cut': '01 01 05 00 04 01 01 61 02 e2 82 00',
    'an embed that is not JSON': `01 01 05 00 05 01 01 61 ${json('{x}')} 00`,
    'a format that is undefined': `01 01 05 00 06 01 01 61 01 62 ${json('undefined')} 00`,
    'value type 115': '01 01 05 00 08 01 01 61 01 73 00',
    'a subdocument without options': '01 01 05 00 09 01 01 61 01 67 7e 00',
    'a parent that is neither name nor id': '01 01 05 00 04 02 01 61 01 61 00',
    'a client twice': '02 01 05 00 00 01 01 05 01 00 01 00',
    'clients in rising order': '02 01 05 00 00 01 01 06 00 00 01 00',
    'a client without structs': '01 00 05 00 00',
    'a number without end': '01 01 05 80 80 80 80 80 80 80 80 80 80 80 80 00 00 01 00',
  }
  for (const [what, hex] of Object.entries(wrong)) {
    expect(scan(bytes(hex)), what).toMatchObject({ kind: 'refused', close: 'malformed' })
  }
  expect(scan(bytes('01 01 05 00 04 01 01 61 01 61 00')).kind).toBe('scanned')
})

test('[US3] a value nested beyond what readers can recurse into is refused', () => {
  const deep = `01 01 05 00 08 01 01 61 01 ${'75 01'.repeat(5000)} 7e 00`
  expect(scan(bytes(deep))).toMatchObject({ close: 'malformed' })
})

test('[US4] a mutated update that is accepted can be read, merged and applied', () => {
  const random = createSeededRandom(3)
  let accepted = 0
  let changed = 0
  for (let seed = 1; seed <= 30; seed++) {
    const { updates } = editTogether(seed)
    for (let i = 0; i < 400; i++) {
      const update = random.pick(updates).slice()
      for (let flips = 1 + random.below(3); flips > 0; flips--) {
        update[random.below(update.length)] = random.below(256)
      }
      const cut = random.chance(0.1) ? update.subarray(0, random.below(update.length)) : update
      const result = scan(cut)
      changed += 1
      if (result.kind === 'refused') continue
      accepted += 1
      const what = `seed ${seed}, mutation ${i}: ${Buffer.from(cut).toString('hex')}`
      expect(() => Y.decodeUpdate(cut), what).not.toThrow()
      expect(() => Y.mergeUpdates([cut, updates[0] as Uint8Array]), what).not.toThrow()
      expect(() => Y.diffUpdate(cut, Uint8Array.of(0)), what).not.toThrow()
      expect(() => Y.applyUpdate(new Y.Doc(), cut), what).not.toThrow()
    }
  }
  expect(changed).toBe(12_000)
  expect(accepted).toBeGreaterThan(500)
})

test('[US5] clocks and deletions reach no further than the limit', () => {
  const far = { ...defaultLimits, clockAdvanceMax: 100 }
  // A GC of 100 and of 101 clocks; a deletion of 100 and of 101.
  expect(scanUpdate(bytes('01 01 05 07 00 64 00'), far).kind).toBe('scanned')
  expect(scanUpdate(bytes('01 01 05 07 00 65 00'), far)).toMatchObject({ close: 'malformed' })
  expect(scanUpdate(bytes('01 02 05 07 00 63 0a 02 00'), far)).toMatchObject({ close: 'malformed' })
  expect(scanUpdate(bytes('00 01 05 01 00 64'), far).kind).toBe('scanned')
  expect(scanUpdate(bytes('00 01 05 01 00 65'), far)).toMatchObject({ close: 'malformed' })
  // 2^53 - 1 as a start, one more as a length.
  const edge = '01 01 05 ff ff ff ff ff ff ff 0f 00 01 00'
  expect(scan(bytes(edge))).toMatchObject({ close: 'malformed' })
})

function nested(depth: number): Y.Doc {
  const doc = new Y.Doc()
  let parent: Y.XmlFragment = doc.getXmlFragment('content')
  doc.transact(() => {
    for (let i = 0; i < depth; i++) {
      const child = new Y.XmlElement('block')
      // A text before it: the child names a sibling, and its parent must be found through that.
      parent.insert(0, [new Y.XmlText('a'), child])
      parent = child
    }
  })
  return doc
}

test('[US6] nesting within one update is bounded, breadth is not', () => {
  const deepest = defaultLimits.xmlDepthMax
  expect(scan(Y.encodeStateAsUpdate(nested(deepest - 1))).kind).toBe('scanned')
  expect(scan(Y.encodeStateAsUpdate(nested(deepest + 1)))).toMatchObject({ close: 'malformed' })
  expect(scan(Y.encodeStateAsUpdate(nested(3000)))).toMatchObject({ close: 'malformed' })
  const broad = new Y.Doc()
  for (let i = 0; i < 2000; i++) {
    const block = new Y.XmlElement('block')
    block.insert(0, [new Y.XmlText('text')])
    const content = broad.getXmlFragment('content')
    content.insert(i % 3 === 0 ? 0 : content.length, [block])
  }
  expect(scan(Y.encodeStateAsUpdate(broad)).kind).toBe('scanned')
})

test('[US6] types that contain each other are refused', () => {
  // Clients 9 and 8 name each other as parents, behind enough types to be looked at.
  const types = '07 01 01 61 00'.repeat(70)
  const circle = `02 47 09 00 ${types} 07 00 08 00 00 01 08 00 07 00 09 46 00 00`
  expect(scan(bytes(circle))).toMatchObject({ close: 'malformed' })
})

test('[US7] structs refer backwards in their own client, and what they need from others is told', () => {
  expect(scan(bytes('01 01 05 07 84 05 07 01 61 00'))).toMatchObject({ close: 'malformed' })
  expect(scan(bytes('01 01 05 07 44 05 09 01 61 00'))).toMatchObject({ close: 'malformed' })
  expect(scan(bytes('01 01 05 07 04 00 05 07 01 61 00'))).toMatchObject({ close: 'malformed' })
  expect(scanned(bytes('01 01 05 07 c4 05 06 06 02 01 61 00')).needs).toEqual(new Map([[6, 3]]))
})

test('[US7] an update is complete exactly when Yjs leaves nothing pending', () => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = createSeededRandom(seed)
    const { updates } = editTogether(seed)
    const doc = new Y.Doc()
    for (let i = 0; i < 20; i++) {
      const update = random.pick(updates)
      const { inserts, deletes, needs } = scanned(update)
      const known = Y.decodeStateVector(Y.encodeStateVector(doc))
      let isComplete = true
      for (const { client, from, to } of inserts) {
        if (from > (known.get(client) ?? 0)) isComplete = false
        else known.set(client, Math.max(to, known.get(client) ?? 0))
      }
      for (const [client, to] of needs) if (to > (known.get(client) ?? 0)) isComplete = false
      for (const { client, to } of deletes) if (to > (known.get(client) ?? 0)) isComplete = false
      const trial = new Y.Doc()
      Y.applyUpdate(trial, Y.encodeStateAsUpdate(doc))
      Y.applyUpdate(trial, update)
      const hasPending = trial.store.pendingStructs !== null || trial.store.pendingDs !== null
      expect(hasPending, `seed ${seed}, update ${i}`).toBe(!isComplete)
      if (isComplete) Y.applyUpdate(doc, update)
    }
  }
})

import { ClockColumns, defaultLimits, encodeStateVector, scanUpdate } from '@quire/protocol'
import { createSeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { waitingForEachOther } from '../../test/hostile-bytes.ts'
import { ClockRanges } from './clock-ranges.ts'
import type { WireFrame } from '../session/frame-writer.ts'
import { Knowledge } from './knowledge.ts'
import { snapshotClocks } from './room-load.ts'
import { RoomLog } from './room-log.ts'

function scanned(update: Uint8Array) {
  const scan = scanUpdate(update, defaultLimits)
  if (scan.kind === 'refused') throw new Error(scan.why)
  return scan
}

test('[KN1] ranges of clocks agree with a set of numbers', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = createSeededRandom(seed)
    const ranges = new ClockRanges()
    const set = new Set<string>()
    for (let i = 0; i < 60; i++) {
      const client = random.below(2)
      const from = random.below(60)
      const to = from + 1 + random.below(8)
      const isInside = Array.from({ length: to - from }, (_, j) => set.has(`${client} ${from + j}`))
      expect(
        ranges.unknownOf(ClockColumns.of([{ client, from, to }])).length === 0,
        `seed ${seed}`,
      ).toBe(isInside.every(Boolean))
      if (random.chance(0.6)) {
        ranges.add({ client, from, to })
        for (let clock = from; clock < to; clock++) set.add(`${client} ${clock}`)
      }
    }
  }
})

/** Two people who edit, meet through the log, and reconnect with all they have. */
test('[KN2] what is taken is enough for everybody, and a repeat of the whole document is not taken', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = createSeededRandom(seed)
    const knowledge = new Knowledge(new Map())
    const log: Uint8Array[] = []
    const take = (update: Uint8Array, isAnswer: boolean): string => {
      const scan = scanned(update)
      const verdict = knowledge.judge(update, scan, isAnswer)
      if (verdict.kind === 'news') {
        knowledge.learn(scan)
        log.push(verdict.update)
        expect(verdict.update.length).toBeLessThanOrEqual(update.length)
      }
      return verdict.kind
    }
    const docs = [1, 2].map((clientID) => {
      const doc = new Y.Doc()
      doc.clientID = clientID
      return doc
    })
    for (let i = 0; i < 40; i++) {
      const doc = random.pick(docs)
      const text = doc.getText('content')
      const before = Y.encodeStateVector(doc)
      if (text.length > 3 && random.chance(0.4)) text.delete(random.below(text.length - 2), 2)
      else text.insert(random.below(text.length + 1), 'abc')
      if (random.chance(0.5)) take(Y.encodeStateAsUpdate(doc, before), false)
      if (random.chance(0.3)) {
        for (const update of log) Y.applyUpdate(doc, update)
        const answer = Y.encodeStateAsUpdate(doc, knowledge.stateVector())
        take(answer, true)
        expect(take(Y.encodeStateAsUpdate(doc), true), `seed ${seed}`).toBe('duplicate')
      }
    }
    for (const doc of docs) take(Y.encodeStateAsUpdate(doc, knowledge.stateVector()), true)
    const [reader, expected] = [new Y.Doc(), new Y.Doc()]
    for (const update of log) Y.applyUpdate(reader, update)
    for (const doc of docs) Y.applyUpdate(expected, Y.encodeStateAsUpdate(doc))
    expect(reader.getText('content').toJSON()).toBe(expected.getText('content').toJSON())
    expect(knowledge.stateVector()).toEqual(Y.encodeStateVector(expected))
    expect(reader.store.pendingStructs).toBe(null)
  }
})

test('[KN3] deletions of the snapshot are decoded only when an answer carries deletions', () => {
  let loads = 0
  const doc = new Y.Doc()
  doc.getText('content').insert(0, 'abc')
  doc.getText('content').delete(0, 1)
  const whole = Y.encodeStateAsUpdate(doc)
  const deletes = scanned(whole).deletes
  const knowledge = new Knowledge(Y.decodeStateVector(Y.encodeStateVector(doc)), () => {
    loads += 1
    return deletes
  })
  doc.getText('content').insert(0, 'x')
  const edit = Y.encodeStateAsUpdate(doc, Y.encodeStateVectorFromUpdate(whole))
  expect(knowledge.judge(edit, scanned(edit), false).kind).toBe('news')
  expect(loads).toBe(0)
  expect(knowledge.judge(whole, scanned(whole), true).kind).toBe('duplicate')
  expect(loads).toBe(1)
})

function snapshotOf(doc: Y.Doc, number: number) {
  const update = Y.encodeStateAsUpdate(doc)
  const deleteSet = update.slice(scanned(update).deletesAt)
  return { number, update, stateVector: Y.encodeStateVector(doc), deleteSet }
}

/** Applies frames as a stock client does; returns what it has when it counts itself as synced. */
function readAnswer(doc: Y.Doc, frames: readonly WireFrame[]): void {
  frames.forEach(({ messages }, i) => {
    const message = messages[0] ?? new Uint8Array()
    expect(message[1], 'the Step2 is the last frame and the only one').toBe(
      i === frames.length - 1 ? 1 : 2,
    )
    let at = 2
    while ((message[at++] ?? 0) >= 0x80);
    Y.applyUpdate(doc, message.subarray(at))
  })
}

test('[JN1] whatever a client has, an answer brings it to all of the document with the first Step2', () => {
  for (let seed = 1; seed <= 15; seed++) {
    const random = createSeededRandom(seed)
    const doc = new Y.Doc()
    const rows: Uint8Array[] = []
    const edit = () => {
      const text = doc.getText('content')
      if (text.length > 3 && random.chance(0.4)) text.delete(random.below(text.length - 2), 2)
      else text.insert(random.below(text.length + 1), 'abc')
    }
    const states = [Y.encodeStateAsUpdate(doc)]
    for (let i = random.below(20); i > 0; i--) {
      edit()
      states.push(Y.encodeStateAsUpdate(doc))
    }
    const hasSnapshot = random.chance(0.7)
    const snapshot = hasSnapshot ? snapshotOf(doc, states.length) : undefined
    const before = hasSnapshot ? Y.encodeStateVector(doc) : undefined
    doc.on('update', (update: Uint8Array) => rows.push(update))
    if (!before && states.length > 1) rows.push(Y.encodeStateAsUpdate(doc))
    for (let i = random.below(20); i > 0; i--) {
      edit()
      states.push(Y.encodeStateAsUpdate(doc))
    }
    const first = snapshot?.number ?? 0
    const tail = rows.map((update, i) => ({ number: first + i + 1, update }))
    const log = new RoomLog({ snapshot, tail, head: first + tail.length })
    const known = Y.decodeStateVector(Y.encodeStateVector(doc))
    for (const state of states) {
      const client = new Y.Doc()
      Y.applyUpdate(client, state)
      const vector = Y.encodeStateVector(client)
      readAnswer(client, log.difference(Y.decodeStateVector(vector), vector, known))
      expect(Y.encodeStateAsUpdate(client), `seed ${seed}`).toEqual(Y.encodeStateAsUpdate(doc))
    }
  }
})

test('[JN2] an empty client is sent the snapshot as it is stored, the same frame for everybody', () => {
  const doc = new Y.Doc()
  doc.getText('content').insert(0, 'x'.repeat(1_000))
  const snapshot = snapshotOf(doc, 4)
  const log = new RoomLog({ snapshot, tail: [], head: 4 })
  const [first] = log.everything()
  const [again] = log.difference(new Map(), Uint8Array.of(0), new Map())
  expect(again).toBe(first)
  expect(Buffer.from(first?.messages[0] ?? []).subarray(-snapshot.update.length)).toEqual(
    Buffer.from(snapshot.update),
  )
  const vector = Uint8Array.from([1, 5, 1])
  const known = snapshotClocks(snapshot)
  const answer = log.difference(new Map([[5, 1]]), vector, known)
  expect(log.difference(new Map([[5, 1]]), vector, known)).toBe(answer)
  expect(snapshotClocks(snapshot)).toEqual(Y.decodeStateVector(snapshot.stateVector))
})

test('[JN3] a catch-up brings a session from its cursor to the head, also when its rows are in the snapshot by now', () => {
  const doc = new Y.Doc()
  const log = new RoomLog({ snapshot: undefined, tail: [], head: 0 })
  doc.on('update', (update: Uint8Array) => log.append(update))
  for (let i = 0; i < 10; i++) doc.getText('content').insert(i, `${i}`)
  const snapshot = snapshotOf(doc, 10)
  for (const isCompacted of [false, true]) {
    if (isCompacted) log.compacted(snapshot, log.head)
    for (const cursor of [0, 3, 9]) {
      const client = new Y.Doc()
      // In parts of about three rows, until there is no more.
      for (let to = cursor; to < log.head; ) {
        const part = log.since(to, 60)
        expect(part.to).toBeGreaterThan(to)
        to = part.to
        for (const message of part.frames.flatMap(({ messages }) => messages)) {
          let at = 2
          while ((message[at++] ?? 0) >= 0x80);
          Y.applyUpdate(client, message.subarray(at))
        }
      }
      const pending = client.store.pendingStructs?.update ?? new Uint8Array()
      if (cursor === 0 || isCompacted) expect(client.getText('content').toJSON()).toBe('0123456789')
      else expect(pending.length).toBeGreaterThan(0)
    }
    expect(log.since(10, 60)).toEqual({ frames: [], to: 10 })
  }
})

test('[KN5] structs that wait for each other are refused in one update, and wait in two', () => {
  const knowledge = new Knowledge(new Map([[1, 5]]))
  for (const count of [1, 2, 1_000]) {
    const update = waitingForEachOther(count)
    expect(knowledge.judge(update, scanned(update), false).kind).toBe('circular')
    expect(knowledge.judge(update, scanned(update), true).kind).toBe('circular')
  }
  const both = waitingForEachOther(1)
  for (const [at, end] of [
    [1, 11],
    [11, 21],
  ] as const) {
    const half = Uint8Array.of(1, ...both.subarray(at, end), 0)
    expect(knowledge.judge(half, scanned(half), false).kind).toBe('missing')
  }
  expect(knowledge.clocks).toEqual(new Map([[1, 5]]))
})

test('[KN6] of a state vector that names more clients than are known only those that are known count', () => {
  const knowledge = new Knowledge(
    new Map([
      [1, 5],
      [2, 7],
    ]),
  )
  const few = encodeStateVector(new Map([[1, 3]]))
  expect(knowledge.hear(few, 1_000, false)).toMatchObject({ ours: new Map([[1, 3]]) })
  expect(knowledge.hear(few, 1_000, false)).toHaveProperty('vector', few)
  const others = Array.from({ length: 999 }, (_, i) => [i + 3, 9] as const)
  const many = encodeStateVector(new Map([[2, 9], ...others]))
  const ours = new Map([[2, 9]])
  const vector = encodeStateVector(ours)
  expect(knowledge.hear(many, 1_000, false)).toEqual({ said: ours, ours, vector })
  expect(knowledge.hear(many, 1_000, true)).toEqual({
    said: new Map([[2, 9], ...others]),
    ours,
    vector,
  })
  expect(knowledge.hear(many, 999, false)).toMatchObject({ close: 'tooLarge' })
})

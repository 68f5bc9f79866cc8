import { defaultLimits, scanUpdate } from '@quire/protocol'
import { createSeededRandom, type SeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { RoomDepths } from './room-depths.ts'

const depthMax = 64

/** A room's document as far as depths go: what it stores, and what it would refuse. */
class Store {
  readonly rows: Uint8Array[] = []
  readCount = 0
  depths = this.#open()

  /** True when the update was taken. */
  take(update: Uint8Array): boolean {
    const scan = scanUpdate(update, defaultLimits)
    if (scan.kind === 'refused' || !this.depths.take(update, scan)) return false
    this.rows.push(update)
    return true
  }

  /** As after nobody was here for a while; with `isCompacted` the rows have become one. */
  reopen(isCompacted: boolean): void {
    if (isCompacted) this.rows.splice(0, this.rows.length, Y.mergeUpdates([...this.rows]))
    this.depths = this.#open()
  }

  #open(): RoomDepths {
    return new RoomDepths({
      depthMax,
      stored: () => {
        this.readCount += 1
        return this.rows
      },
    })
  }
}

/** How many types contain the deepest one, itself included, as Yjs sees the document. */
function depthOf(doc: Y.Doc): number {
  let deepest = 0
  for (const structs of doc.store.clients.values()) {
    for (const struct of structs) {
      let depth = 0
      let at: Y.Item | Y.GC | null = struct as Y.Item | Y.GC
      while (at instanceof Y.Item) {
        if (at === struct ? at.content instanceof Y.ContentType : true) depth += 1
        at = (at.parent as Y.AbstractType<unknown> | null)?._item ?? null
      }
      if (struct instanceof Y.Item && struct.content instanceof Y.ContentType) {
        deepest = Math.max(deepest, depth)
      }
    }
  }
  return deepest
}

function deepestOf(at: Y.XmlFragment): { at: Y.XmlFragment; depth: number } {
  let deepest = { at, depth: 0 }
  for (const child of at.toArray()) {
    if (!(child instanceof Y.XmlElement)) continue
    const below = deepestOf(child)
    if (below.depth >= deepest.depth) deepest = { at: below.at, depth: below.depth + 1 }
  }
  return deepest
}

/** One small step deeper from a random place near the bottom, named in one of the ways there are. */
function dig(doc: Y.Doc, random: SeededRandom): void {
  let at = deepestOf(doc.getXmlFragment('content')).at
  for (let up = random.pick([0, 0, 0, 1, 2]); up > 0 && at.parent instanceof Y.XmlElement; up--) {
    at = at.parent
  }
  const element = new Y.XmlElement('b')
  switch (random.below(4)) {
    case 0:
      at.insert(0, [element])
      break
    case 1:
      at.insert(at.length, [element])
      break
    case 2: {
      // Behind a letter: the new type names the letter, and not its parent.
      const text = new Y.XmlText('a letter')
      at.insert(at.length, [text])
      at.insert(at.length, [element])
      break
    }
    default:
      element.insert(0, [new Y.XmlText('x'), new Y.XmlElement('c')])
      at.insert(random.below(at.length + 1), [element])
  }
}

test('[ND1] many small updates nest no deeper than one large one may, over any number of reloads', () => {
  for (let seed = 1; seed <= 12; seed++) {
    const random = createSeededRandom(seed)
    const store = new Store()
    const truth = new Y.Doc()
    let whole = Y.encodeStateAsUpdate(truth)
    let digger = new Y.Doc()
    let refused = 0
    for (let i = 0; i < 400; i++) {
      // Each digger has everything, a name of its own, and adds a little.
      digger.clientID = 1 + random.below(2 ** 31)
      const before = Y.encodeStateVector(digger)
      digger.transact(() => {
        for (let j = random.below(3); j >= 0; j--) dig(digger, random)
      })
      const update = Y.encodeStateAsUpdate(digger, before)
      if (store.take(update)) {
        Y.applyUpdate(truth, update)
        whole = Y.encodeStateAsUpdate(truth)
      } else {
        refused += 1
        digger = new Y.Doc({ guid: 'digger' })
        Y.applyUpdate(digger, whole)
      }
      if (random.chance(0.05)) store.reopen(random.chance(0.5))
    }
    const reached = depthOf(truth)
    expect(reached, `seed ${seed}`).toBeLessThanOrEqual(depthMax)
    expect(reached, `seed ${seed}`).toBeGreaterThan(40)
    expect(refused, `seed ${seed}`).toBeGreaterThan(0)
  }
})

test('[ND1] letters between the types hide no level', () => {
  const store = new Store()
  const doc = new Y.Doc()
  let isTaken = true
  doc.on('update', (update: Uint8Array) => {
    isTaken &&= store.take(update)
  })
  let at = doc.getArray<unknown>('list')
  let depth = 0
  while (isTaken && depth <= 2 * depthMax) {
    const inner = new Y.Array<unknown>()
    // The second letter stands beside the first, and the type beside the second.
    at.push(['a'])
    at.push(['b'])
    at.push([inner])
    at = inner
    depth += 1
  }
  // What was not looked at counts as deeper than it is.
  expect(depth).toBeGreaterThan(depthMax / 2)
  expect(depth).toBeLessThanOrEqual(depthMax + 1)
})

test('[ND2] what people write is not refused: lists in lists, tables, whole documents, and again after each reload', () => {
  const store = new Store()
  const doc = new Y.Doc()
  doc.on('update', (update: Uint8Array) => expect(store.take(update)).toBe(true))
  const root = doc.getXmlFragment('content')
  for (let round = 0; round < 60; round++) {
    doc.transact(() => {
      // A list twelve levels deep, in each level an item with a paragraph.
      let at: Y.XmlFragment = root
      for (let level = 0; level < 12; level++) {
        const list = new Y.XmlElement('list')
        const item = new Y.XmlElement('item')
        item.insert(0, [new Y.XmlText(`level ${level}`)])
        list.insert(0, [item])
        at.insert(at.length, [list])
        at = item
      }
    })
    for (let i = 0; i < 30; i++) {
      const paragraph = new Y.XmlElement('paragraph')
      paragraph.insert(0, [new Y.XmlText('words')])
      root.insert(root.length, [paragraph])
    }
    if (round % 7 === 0) store.reopen(round % 2 === 0)
  }
  expect(depthOf(doc)).toBeGreaterThan(24)
})

test('[ND2] reading and writing into what is there costs no look at the document; a new block costs one', () => {
  const store = new Store()
  const doc = new Y.Doc()
  doc.on('update', (update: Uint8Array) => store.take(update))
  const block = new Y.XmlElement('paragraph')
  const text = new Y.XmlText()
  block.insert(0, [text])
  doc.getXmlFragment('content').insert(0, [block])
  store.reopen(true)
  store.readCount = 0
  for (let i = 0; i < 200; i++) text.insert(i, 'x')
  text.delete(3, 5)
  expect([store.readCount, store.depths.runCount]).toEqual([0, 0])
  for (let i = 0; i < 200; i++) {
    const next = new Y.XmlElement('paragraph')
    next.insert(0, [new Y.XmlText('words')])
    doc.getXmlFragment('content').insert(1, [next])
  }
  expect(store.readCount).toBe(1)
  // Three for a paragraph, and none for the letters typed into it.
  expect(store.depths.runCount).toBeLessThan(3 * 201)
  const runs = store.depths.runCount
  for (let i = 0; i < 200; i++) text.insert(0, 'y')
  expect(store.depths.runCount).toBeLessThanOrEqual(runs + 1)
})

test('[ND3] what is kept is bounded, and what is forgotten is found again', () => {
  const store = new Store()
  const doc = new Y.Doc()
  doc.on('update', (update: Uint8Array) => expect(store.take(update)).toBe(true))
  const root = doc.getXmlFragment('content')
  let most = 0
  for (let i = 0; i < 30; i++) {
    doc.transact(() => {
      for (let j = 0; j < 1_000; j++) {
        const block = new Y.XmlElement('p')
        block.insert(0, [new Y.XmlText('x')])
        root.insert(0, [block])
      }
    })
    most = Math.max(most, store.depths.runCount)
  }
  expect(most).toBeLessThanOrEqual(65_536)
  expect(store.readCount).toBeGreaterThan(1)
})

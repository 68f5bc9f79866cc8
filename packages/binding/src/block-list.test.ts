import { schema } from '@quire/document'
import { createSeededRandom } from '@quire/testkit'
import { Fragment, Node } from 'prosemirror-model'
import { EditorState, type Transaction } from 'prosemirror-state'
import { afterEach, expect, test, vi } from 'vitest'
import { BlockList, indexed } from './block-list.ts'
import { changedIndexes, startOfBlock } from './block-places.ts'
import { changedChildren } from './changed-children.ts'

afterEach(() => vi.restoreAllMocks())

const line = (text: string): Node =>
  schema.node('block', null, text === '' ? [] : [schema.text(text)])

/** More than two strides of the list. */
const documentOf = (blockCount: number): Node =>
  schema.node(
    'doc',
    null,
    Array.from({ length: blockCount }, (_, i) => line('x'.repeat(i % 5))),
  )

/** The same document with ProseMirror's own list. */
const plain = (doc: Node): Node => doc.copy(new (Fragment as unknown as FragmentOf)(doc.children))
type FragmentOf = new (blocks: readonly Node[]) => Fragment

function pathOf(doc: Node, pos: number): unknown {
  const $pos = doc.resolve(pos)
  const path = Array.from({ length: $pos.depth + 1 }, (_, depth) => [
    $pos.index(depth),
    $pos.start(depth),
  ])
  return [path, $pos.parentOffset, doc.nodeAt(pos)?.type.name, doc.childAfter(pos).index]
}

function visitsOf(doc: Node, from: number, to: number): unknown[] {
  const visits: unknown[] = []
  doc.nodesBetween(from, to, ({ type }, pos, parent, index) => {
    visits.push([type.name, pos, parent === doc, index])
    return pos % 3 !== 0
  })
  return visits
}

/** How many sizes of nodes are asked for. */
function sizesIn(task: () => void): number {
  const asked = vi.spyOn(Node.prototype, 'nodeSize', 'get')
  task()
  const count = asked.mock.calls.length
  asked.mockRestore()
  return count
}

test('a letter is put into one of many blocks without counting those in front', () => {
  const doc = documentOf(4_000)
  const { tr } = EditorState.create({ doc: indexed(doc) })
  const at = startOfBlock(doc, 3_001) + 1
  const { tr: counting } = EditorState.create({ doc })
  expect(sizesIn(() => counting.insert(at, schema.text('y')))).toBeGreaterThan(3_000)
  expect(sizesIn(() => tr.insert(at, schema.text('y')))).toBeLessThan(300)
  expect(sizesIn(() => startOfBlock(tr.doc, 3_900))).toBeLessThan(130)
  expect(sizesIn(() => tr.doc.nodesBetween(at, at + 1, () => true))).toBeLessThan(140)
  expect(changedIndexes(tr.before, tr.doc)).toEqual([3_001])
  expect(tr.doc.content).toBeInstanceOf(BlockList)
})

test('a place outside is the error that it is in a plain document', () => {
  const doc = indexed(documentOf(3))
  for (const pos of [-1, doc.content.size + 1]) {
    expect(() => doc.resolve(pos)).toThrow(RangeError)
    expect(() => doc.nodeAt(pos)).toThrow(`Position ${pos} outside of fragment`)
  }
  expect(indexed(schema.topNodeType.create()).resolve(0).depth).toBe(0)
})

test('lists of different letters, and a letter that was taken back, are told apart', () => {
  const doc = indexed(documentOf(200))
  const typed = (before: Node, index: number, text: string): Node =>
    before.copy(before.content.replaceChild(index, line(text)))
  const [one, other] = [typed(doc, 150, 'one'), typed(doc, 150, 'two')]
  expect(one.eq(other)).toBe(false)
  expect(one.eq(typed(doc, 150, 'one'))).toBe(true)
  expect(changedIndexes(one, other)).toBeUndefined()
  expect(changedIndexes(other, doc)).toBeUndefined()
  const back = one.copy(one.content.replaceChild(150, doc.child(150)))
  expect(changedIndexes(doc, back)).toEqual([])
  expect(back.eq(doc)).toBe(true)
  let long = doc
  for (let i = 0; i < 40; i++) long = typed(long, i, 'long')
  expect(changedIndexes(doc, long)).toBeUndefined()
  expect(long.eq(doc)).toBe(false)
})

test('whatever is done, it answers what a plain list of the same blocks answers', () => {
  for (let seed = 1; seed <= 3; seed++) {
    const random = createSeededRandom(seed)
    let doc = indexed(documentOf(300))
    let known = 0
    for (let round = 0; round < 60; round++) {
      const { tr } = EditorState.create({ doc })
      const index = random.below(doc.childCount)
      const start = startOfBlock(doc, index)
      const inside = start + 1 + random.below(doc.child(index).content.size + 1)
      const edits: readonly (() => Transaction)[] = [
        () => tr.insertText('ab', inside),
        () => tr.insertText('a', inside).insertText('b', 1),
        () => tr.delete(start + 1, inside),
        () => tr.addMark(start + 1, inside, schema.mark('bold')),
        () => tr.insertText('c', inside),
        () => (random.chance(0.3) ? tr.split(inside) : tr),
        () => (random.chance(0.3) ? tr.setNodeAttribute(start, 'kind', 'quote') : tr),
      ]
      random.pick(edits)()
      const after = indexed(tr.doc)
      const where = `seed ${seed}, round ${round}`
      const same = plain(after)
      expect(after.content.size, where).toBe(same.content.size)
      expect(after.eq(same) && same.eq(after), where).toBe(true)
      expect(after.eq(doc), where).toBe(same.eq(plain(doc)))
      for (let i = 0; i < 5; i++) {
        const pos = random.below(after.content.size + 1)
        const end = Math.min(after.content.size, pos + random.below(20))
        expect(pathOf(after, pos), `${where}, position ${pos}`).toEqual(pathOf(same, pos))
        expect(visitsOf(after, pos, end), where).toEqual(visitsOf(same, pos, end))
        const block = random.below(after.childCount + 1)
        expect(startOfBlock(after, block), where).toBe(startOfBlock(same, block))
      }
      const changed = changedIndexes(doc, after)
      if (changed) {
        known += 1
        expect(changed, where).toEqual(
          doc.children.flatMap((before, i) => (before === after.child(i) ? [] : [i])),
        )
      }
      expect(changedChildren(doc, after), where).toEqual(changedChildren(plain(doc), same))
      doc = after
    }
    // Most of it went the way that is tried here.
    expect(known).toBeGreaterThan(30)
  }
})

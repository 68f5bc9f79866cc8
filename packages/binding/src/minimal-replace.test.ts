import {
  bold,
  cell,
  createSeededRandom,
  doc,
  drawEdit,
  h,
  li,
  type Draft,
  type NamedDoc,
  p,
  row,
  show,
  table,
} from '@quire/testkit'
import { schema } from '@quire/document'
import type { Node } from 'prosemirror-model'
import { EditorState } from 'prosemirror-state'
import { AddMarkStep, AttrStep, canJoin, ReplaceStep } from 'prosemirror-transform'
import { expect, test } from 'vitest'
import { minimalReplace } from './minimal-replace.ts'

function between(before: NamedDoc, after: NamedDoc) {
  return minimalReplace(EditorState.create({ doc: before.node }), after.node)
}
const positionsOf = (tr: ReturnType<typeof between>) =>
  tr.steps.map((step) => (step instanceof ReplaceStep ? [step.from, step.to] : step.constructor))

test('a typed letter is a replacement of nothing by a letter', () => {
  const before = doc(p('one'), p('tw<a>o'), p('three'))
  const tr = between(before, doc(p('one'), p('tw!o'), p('three')))
  expect(positionsOf(tr)).toEqual([[before.at['a'], before.at['a']]])
})

test('changes far apart are changes of their own, and what lies between keeps its place', () => {
  const middle = Array.from({ length: 20 }, (_, i) => p(`block ${i}`))
  const before = doc(p('first'), ...middle, p('last'))
  const after = before.node.replace(1, 6, doc(p('1st')).node.slice(1, 4))
  const end = after.content.size - 5
  const both = after.replace(end, end + 4, doc(p('final')).node.slice(1, 6))
  const tr = minimalReplace(EditorState.create({ doc: before.node }), both)
  expect(tr.steps.length).toBe(2)
  expect(tr.mapping.mapResult(20, 1)).toMatchObject({ deleted: false, pos: 18 })
})

test('an attribute and a mark move no position', () => {
  const tr = between(doc(p('one two')), doc(h(2, 'one ', bold('two'))))
  expect(tr.steps.map((step) => step.constructor)).toEqual([AddMarkStep, AttrStep, AttrStep])
})

test('a letter in a cell leaves the other cells alone', () => {
  const before = doc(table(row(cell('a'), cell('b<x>')), row(cell('c'), cell('d'))))
  const tr = between(before, doc(table(row(cell('a'), cell('b!')), row(cell('c'), cell('d')))))
  expect(positionsOf(tr)).toEqual([[before.at['x'], before.at['x']]])
})

test('the document afterwards is the very one that was given', () => {
  const after = doc(p('two'))
  expect(between(doc(p('one')), after).doc).toBe(after.node)
})

test('any two documents: the result is the second one', () => {
  for (let seed = 1; seed <= 600; seed++) {
    const random = createSeededRandom(seed)
    let node: Node = doc(
      p('alpha ', bold('beta')),
      h(1, 'Title'),
      table(row(cell('a'), cell('b'))),
    ).node
    const before = node
    for (let step = 0; step < 6; step++) node = changed(node, random)
    const tr = minimalReplace(EditorState.create({ doc: before }), node)
    expect(tr.doc.eq(node), `seed ${seed}`).toBe(true)
    // Replayed without the shortcut to the given object.
    const replayed = EditorState.create({ doc: before }).tr
    for (const step of tr.steps) replayed.step(step)
    expect(replayed.doc.eq(node), `seed ${seed}, by its steps`).toBe(true)
  }
})

/** What `a` to `z` of the document before is in the one after; empty when it was deleted. */
function kept(before: NamedDoc, after: NamedDoc): string {
  const tr = between(before, after)
  const [from, to] = [tr.mapping.map(before.at['a']!, 1), tr.mapping.map(before.at['z']!, -1)]
  return from < to ? tr.doc.textBetween(from, to) : ''
}

test('a split keeps the words on both sides, whatever is typed at the new edge', () => {
  const before = doc(p('x'), p('one <a>two<z> three'), p('y'))
  expect(kept(before, doc(p('x'), p('one '), p('two three'), p('y')))).toBe('two')
  expect(kept(before, doc(p('x'), p('one two th'), p('ree'), p('y')))).toBe('two')
  expect(kept(before, doc(p('x'), p('one more '), p('new two three'), p('y')))).toBe('two')
  expect(kept(before, doc(p('x'), h(2, 'one '), li('two three'), p('y')))).toBe('two')
})

test('a split is one step at its edge, and an attribute step where a kind changes', () => {
  const before = doc(p('one<a>two'))
  const tr = between(before, doc(p('one'), li('two')))
  expect(positionsOf(tr)).toEqual([[before.at['a'], before.at['a']]])
  expect(show(tr.doc)).toEqual(['p one', '- two'])
  const other = between(before, doc(h(1, 'one'), p('two')))
  expect(show(other.doc)).toEqual(['h1 one', 'p two'])
})

test('a join keeps the words on both sides, whatever is typed at the old edge', () => {
  const before = doc(p('x'), h(1, 'one '), p('<a>two<z> three'), p('y'))
  expect(kept(before, doc(p('x'), h(1, 'one two three'), p('y')))).toBe('two')
  expect(kept(before, doc(p('x'), p('one and two three'), p('y')))).toBe('two')
  const first = doc(p('<a>one<z>'), p('two'))
  expect(kept(first, doc(p('one!two')))).toBe('one')
})

test('a mark over a very long document is few steps, other changes of all of it one', () => {
  const lines = (make: (i: number) => Draft) =>
    doc(...Array.from({ length: 1_200 }, (_, i) => make(i)))
  const before = lines((i) => p(`line ${i}`))
  const marked = between(
    before,
    lines((i) => p(bold(`line ${i}`))),
  )
  expect(marked.steps).toHaveLength(1)
  expect(marked.steps[0]).toBeInstanceOf(AddMarkStep)
  expect(show(marked.doc)[7]).toBe('p **line 7**')
  // Not on every second line: what lies between is not marked along with them.
  const halfMarked = lines((i) => (i % 2 === 0 ? p(bold(`line ${i}`)) : p(`line ${i}`)))
  expect(between(before, halfMarked).doc.eq(halfMarked.node)).toBe(true)
  const indented = lines((i) => p(`line ${i}`, { indent: 1 }))
  const tr = between(before, indented)
  expect(tr.steps).toHaveLength(1)
  expect(tr.doc.eq(indented.node)).toBe(true)
})

function changed(node: Node, random: ReturnType<typeof createSeededRandom>): Node {
  const { tr } = EditorState.create({ doc: node })
  const edit = drawEdit(random, node)
  if (edit.kind === 'type' && node.resolve(edit.at).parent.inlineContent) {
    tr.insertText(edit.text, edit.at)
  } else if (edit.kind === 'delete') {
    tr.deleteRange(edit.from, edit.to)
  } else if (edit.kind === 'mark') {
    tr.addMark(edit.from, edit.to, schema.mark(edit.mark, edit.attrs))
  } else if (edit.kind === 'insert') {
    tr.insert(0, schema.nodeFromJSON(edit.node))
  } else if (edit.kind === 'split' && node.resolve(edit.at).parent.isTextblock) {
    tr.split(edit.at)
  } else if (edit.kind === 'join') {
    const $at = node.resolve(edit.at)
    if ($at.depth > 0 && canJoin(node, $at.before())) tr.join($at.before())
  } else if (edit.kind === 'blocks') {
    node.nodesBetween(edit.from, edit.to, ({ type }, pos) => {
      if (type.name === 'block') tr.setNodeAttribute(pos, 'indent', edit.attrs.indent ?? 1)
    })
  }
  return tr.doc
}

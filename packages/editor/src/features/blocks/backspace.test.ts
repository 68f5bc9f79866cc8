import { NodeSelection } from 'prosemirror-state'
import { expect, test } from 'vitest'
import { after, stateOf } from '../../../test/notation.ts'
import { firstOf } from '../../edit.ts'
import { emptyCodeToParagraph, joinAfter, joinBefore, plainerBlock } from './backspace.ts'

const backspace = firstOf(plainerBlock, emptyCodeToParagraph, joinBefore)

const backwards: readonly [string, string, string | null][] = [
  ['makes a list item a paragraph of the same indent', '- a\n  - |b', '- a\n  p |b'],
  ['then moves the paragraph out', '- a\n  p |b', '- a\np |b'],
  ['then joins the block before', '- a\np |b', '- a|b'],
  ['makes a task a paragraph', '[x] |a', 'p |a'],
  ['makes a heading a paragraph', 'h1 |a', 'p |a'],
  ['makes a quote a paragraph', '> |a', 'p |a'],
  ['joins paragraphs', 'p a\np |b', 'p a|b'],
  ['joins into a heading', 'h1 a\np |b', 'h1 a|b'],
  ['deletes an empty block before instead of joining into it', 'h1\np |b', 'p |b'],
  ['does nothing at the start of the document', 'p |a', 'p |a'],
  ['leaves characters to the browser', 'p a|b', null],
  ['makes an empty code block a paragraph', '``` |', 'p |'],
  ['goes into a code block before', '``` code\np |b', '``` code|\np b'],
  ['removes an empty paragraph after a code block', '``` code\np |', '``` code|'],
]

for (const [title, before, expected] of backwards) {
  test(`Backspace ${title}`, () => {
    expect(after(before, backspace)).toBe(expected)
  })
}

test('Backspace after an image selects it first', () => {
  const state = stateOf('img\np |b')
  const { tr } = state
  expect(backspace(tr)).toBe(true)
  expect(tr.selection).toBeInstanceOf(NodeSelection)
  expect(tr.doc.childCount).toBe(2)
})

const forwards: readonly [string, string, string | null][] = [
  ['joins the next block', 'p a|\n- b', 'p a|b'],
  ['deletes an empty block after', 'p a|\np\np b', 'p a|\np b'],
  ['deletes the empty block it is in and keeps the next as it is', 'p |\nh1 b', 'h1 |b'],
  ['leaves characters to the browser', 'p a|b', null],
  ['does nothing at the end of the document', 'p a|', 'p a|'],
]

for (const [title, before, expected] of forwards) {
  test(`Delete ${title}`, () => {
    expect(after(before, joinAfter)).toBe(expected)
  })
}

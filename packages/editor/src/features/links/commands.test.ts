import { schema } from '@quire/document'
import { EditorState, TextSelection } from 'prosemirror-state'
import { expect, test } from 'vitest'
import { stateOf } from '../../../test/notation.ts'
import { linkAround, linkRange, selectedLink, unlink } from './commands.ts'

const link = (href: string) => schema.marks['link']!.create({ href })
const bold = schema.marks['bold']!.create()

function linked(caret: number): EditorState {
  const block = schema.nodes['block']!.create(null, [
    schema.text('see '),
    schema.text('the ', [link('https://a.org')]),
    schema.text('page', [link('https://a.org'), bold]),
    schema.text(' now'),
  ])
  const doc = schema.topNodeType.create(null, block)
  return EditorState.create({ doc, selection: TextSelection.create(doc, caret) })
}

test('a link is found as a whole, over differently formatted words and from its edges', () => {
  const whole = { from: 5, to: 13, href: 'https://a.org' }
  for (const pos of [5, 7, 9, 12, 13]) expect(linkAround(linked(1), pos)).toEqual(whole)
  expect(linkAround(linked(1), 3)).toBe(null)
  expect(linkAround(linked(1), 15)).toBe(null)
})

test('a selection that reaches out of a link is not in it', () => {
  const state = linked(1)
  const select = (from: number, to: number) =>
    state.apply(state.tr.setSelection(TextSelection.create(state.doc, from, to)))
  expect(selectedLink(select(6, 10))?.href).toBe('https://a.org')
  expect(selectedLink(select(3, 10))).toBe(null)
  expect(selectedLink(select(10, 16))).toBe(null)
})

test('linking writes the text when it was changed', () => {
  const { tr } = stateOf('p see ‹this› now')
  expect(linkRange(5, 9, 'example.org', 'that page')(tr)).toBe(true)
  expect(tr.doc.textContent).toBe('see that page now')
  expect(tr.doc.nodeAt(5)?.marks[0]?.attrs['href']).toBe('https://example.org')
})

test('linking nothing writes the address as text', () => {
  const { tr } = stateOf('p |')
  expect(linkRange(1, 1, 'example.org')(tr)).toBe(true)
  expect(tr.doc.textContent).toBe('example.org')
})

test('an unsafe address is refused and nothing is changed', () => {
  const { tr } = stateOf('p ‹this›')
  expect(linkRange(1, 5, 'javascript:alert(1)')(tr)).toBe(false)
  expect(tr.docChanged).toBe(false)
})

test('the link around the caret is removed as a whole', () => {
  const { tr } = linked(7)
  expect(unlink(tr)).toBe(true)
  expect(linkAround(tr, 7)).toBe(null)
  expect(tr.doc.nodeAt(10)?.marks.map((mark) => mark.type.name)).toEqual(['bold'])
})

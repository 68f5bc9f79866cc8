// @vitest-environment jsdom
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { edit, press, seeded, type } from '../../../test/open-editor.ts'

const marksOf = (editor: ReturnType<typeof edit>) =>
  editor.view.state.doc.firstChild?.children.map(({ text, marks }) => [
    text,
    ...marks.map(({ attrs }) => Object.values(attrs)[0]),
  ])

test('what is typed next has the font and the size that were chosen, and both can be taken back', () => {
  const editor = edit()
  type(editor, 'plain ')
  expect(editor.commands.setFont('Georgia')).toBe(true)
  expect(editor.commands.setFontSize(24)).toBe(true)
  type(editor, 'large')
  expect(marksOf(editor)).toEqual([['plain '], ['large', 'Georgia', 24]])
  press(editor, 'a', { ctrlKey: true })
  editor.commands.clearFormatting()
  editor.commands.setFont(null)
  type(editor, '!')
  expect(marksOf(editor)?.at(-1)).toEqual(['!'])
})

test('what is no font or no size changes nothing', () => {
  const editor = edit()
  expect(editor.commands.setFont('Arial; color: red')).toBe(false)
  expect(editor.commands.setFontSize(0)).toBe(false)
  expect(editor.commands.setFontSize(12.5)).toBe(false)
})

test('a key makes letters one point larger', () => {
  const editor = edit()
  editor.commands.setFontSize(20)
  press(editor, '>', { ctrlKey: true, shiftKey: true, keyCode: 190 })
  type(editor, 'x')
  expect(marksOf(editor)).toEqual([['x', 21]])
})

test('words that a colleague types while they get another font stay', () => {
  const doc = seeded()
  const editor = edit({ doc })
  type(editor, 'ab')
  const other = new Y.Doc()
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
  const block = other.getXmlFragment('content').get(0) as Y.XmlElement
  ;(block.get(0) as Y.XmlText).insert(1, '-')
  const { state, dispatch } = editor.view
  dispatch(state.tr.addMark(1, 3, state.schema.mark('font', { family: 'Georgia' })))
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
  expect(editor.view.state.doc.textContent).toBe('a-b')
  expect(marksOf(editor)?.every((part) => part[1] === 'Georgia')).toBe(true)
})

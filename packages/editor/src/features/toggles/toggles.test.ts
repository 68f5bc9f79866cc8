// @vitest-environment jsdom
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { after } from '../../../test/notation.ts'
import { edit, press, seeded, text, type } from '../../../test/open-editor.ts'
import { moveBlocks } from '../moving/move-blocks.ts'

type Opened = ReturnType<typeof edit>

const button = ({ view }: Opened, at = 0): HTMLElement =>
  view.dom.querySelectorAll<HTMLElement>('[data-toggle-button]')[at] as HTMLElement
const hidden = ({ view }: Opened): (string | null)[] =>
  [...view.dom.querySelectorAll('.is-folded')].map((block) => block.textContent)

/** A toggle with two lines in it and one behind it, written by keys. */
function written(): Opened {
  const editor = edit()
  type(editor, '>> title')
  press(editor, 'Enter')
  type(editor, 'one')
  press(editor, 'Enter')
  type(editor, 'two')
  press(editor, 'Enter')
  press(editor, 'Enter')
  type(editor, 'behind')
  return editor
}

test('a toggle is written by keys: Enter goes into it, and on an empty line out of it', () => {
  const editor = written()
  expect(text(editor)).toBe('+ title\n  p one\n  p two\np behind|')
  expect(hidden(editor)).toEqual([])
  expect(button(editor).getAttribute('aria-expanded')).toBe('true')
})

test('its button hides and shows what is in it, on this screen only', () => {
  const doc = seeded()
  const editor = edit({ doc })
  type(editor, '>> title')
  press(editor, 'Enter')
  type(editor, 'one')
  const before = Y.encodeStateAsUpdate(doc)
  button(editor).click()
  expect(hidden(editor)).toEqual(['one'])
  expect(button(editor).getAttribute('aria-expanded')).toBe('false')
  // The caret has left what is hidden.
  expect(text(editor)).toBe('+ title|\n  p one')
  expect(Y.encodeStateAsUpdate(doc)).toEqual(before)
  button(editor).click()
  expect(hidden(editor)).toEqual([])
})

test('in a document that is opened toggles are closed, and open where the caret goes', () => {
  const doc = seeded()
  const first = edit({ doc })
  type(first, '>> title')
  press(first, 'Enter')
  type(first, 'inside')
  first.destroy()
  const editor = edit({ doc, editable: false })
  expect(hidden(editor)).toEqual(['inside'])
  editor.goTo(10)
  expect(hidden(editor)).toEqual([])
})

test('a closed toggle stays closed while a colleague types and inserts around it and in it', () => {
  const doc = seeded()
  const editor = edit({ doc })
  type(editor, '>> title')
  press(editor, 'Enter')
  type(editor, 'inside')
  press(editor, 'ArrowUp')
  button(editor).click()
  const other = new Y.Doc()
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
  const content = other.getXmlFragment('content')
  const words = (index: number): Y.XmlText =>
    (content.get(index) as Y.XmlElement).get(0) as Y.XmlText
  words(0).insert(5, '!')
  words(1).insert(0, 'deep ')
  const block = new Y.XmlElement('block')
  block.setAttribute('kind', 'paragraph')
  content.insert(0, [block])
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
  expect(text(editor).replace('|', '')).toBe('p\n+ title!\n  p deep inside')
  expect(hidden(editor)).toEqual(['deep inside'])
})

test('Enter at the end of a closed toggle begins another one behind what is hidden', () => {
  const editor = written()
  button(editor).click()
  editor.goTo(6)
  press(editor, 'Enter')
  type(editor, 'next')
  expect(text(editor)).toBe('+ title\n  p one\n  p two\n+ next|\np behind')
})

test('a toggle moves with what is in it, past others with what is in them', () => {
  const blocks = '+ a|\n  p in a\n+ b\n  p in b\np c'
  expect(after(blocks, moveBlocks(1))).toBe('+ b\n  p in b\n+ a|\n  p in a\np c')
  expect(after('+ a\n  p in a\np b|', moveBlocks(-1))).toBe('p b|\n+ a\n  p in a')
  expect(after('p b|\nimg\n^ words', moveBlocks(1))).toBe('img\n^ words\np b|')
  expect(after('img\n^ words\np b|', moveBlocks(-1))).toBe('p b|\nimg\n^ words')
  expect(after('- a\n  - b\n- c|', moveBlocks(-1))).toBe('- a\n- c|\n  - b')
})

test('Mod-Enter opens and closes, and lines without toggles go their own way', () => {
  const editor = written()
  editor.goTo(3)
  press(editor, 'Enter', { ctrlKey: true })
  expect(hidden(editor)).toEqual(['one', 'two'])
  press(editor, 'Enter', { ctrlKey: true })
  expect(hidden(editor)).toEqual([])
})

// @vitest-environment jsdom
import { NodeSelection, TextSelection } from 'prosemirror-state'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { edit, press, type } from '../test/open-editor.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Somebody who comes back to words in the middle of which the caret is. */
function comeBack() {
  const editor = edit()
  const { view } = editor
  type(editor, 'some words')
  view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 6)))
  const line = view.dom.querySelector('p')?.firstChild
  if (!line) throw new Error('no line')
  /** What a browser does; it says so later. */
  const put = (offset: number) => document.getSelection()?.collapse(line, offset)
  const say = () => document.dispatchEvent(new Event('selectionchange'))
  const caret = () => view.state.selection.head - 1
  return { editor, put, say, caret }
}

test('a caret that the browser puts at the start with the focus goes back to where it was', () => {
  const { editor, put, say, caret } = comeBack()
  editor.focus()
  put(0)
  say()
  expect(caret()).toBe(5)
  expect(document.getSelection()?.focusOffset).toBe(5)
})

test('one that a key puts there right after the focus stays', () => {
  const { editor, put, say, caret } = comeBack()
  editor.focus()
  press(editor, 'Home')
  put(0)
  say()
  expect(caret()).toBe(0)
  vi.advanceTimersByTime(300)
  expect(caret()).toBe(0)
})

test('one that a key puts where the focus found it stays, also when the browser says so late', () => {
  const { editor, say, caret } = comeBack()
  // The focus comes with a caret at the start, and that is where the key goes to.
  editor.view.dom.focus()
  press(editor, 'Home')
  vi.advanceTimersByTime(20)
  say()
  expect(caret()).toBe(0)
})

test('without a key a caret that the focus found at the start goes back', () => {
  const { editor, say, caret } = comeBack()
  editor.view.dom.focus()
  vi.advanceTimersByTime(20)
  say()
  expect(caret()).toBe(5)
})

test('a picture that is selected and pressed stays selected, whatever caret the browser has made', () => {
  const editor = edit()
  const { view } = editor
  editor.commands.insertImage({ src: '/leaf.svg', alt: 'a leaf' })
  const { from, $from } = view.state.selection
  const picture = $from.nodeAfter
  if (!picture) throw new Error('no picture')
  editor.focus()
  vi.advanceTimersByTime(300)
  document.getSelection()?.collapse(view.dom.querySelector('p'), 0)
  const press = new MouseEvent('mouseup')
  view.someProp('handleClickOn', (handle) => handle(view, from, picture, from, press, true))
  document.dispatchEvent(new Event('selectionchange'))
  expect(view.state.selection).toBeInstanceOf(NodeSelection)
})

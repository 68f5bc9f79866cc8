// @vitest-environment jsdom
import { TextSelection } from 'prosemirror-state'
import { expect, test } from 'vitest'
import { edit, type } from '../../../test/open-editor.ts'
import { toggleMark } from './commands.ts'

test('superscript takes the place of subscript, on a selection and on what is typed next', () => {
  const editor = edit()
  const { view } = editor
  type(editor, 'ab')
  view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 1, 3)))
  toggleMark('subscript')(view.state, view.dispatch)
  toggleMark('superscript')(view.state, view.dispatch)
  const names = () => view.state.doc.firstChild?.firstChild?.marks.map((mark) => mark.type.name)
  expect(names()).toEqual(['superscript'])
  view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 3)))
  toggleMark('subscript')(view.state, view.dispatch)
  expect(view.state.storedMarks?.map((mark) => mark.type.name)).toEqual(['subscript'])
})

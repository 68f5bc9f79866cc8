// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { edit, press, type } from '../../../test/open-editor.ts'
import { shortcuts } from './shortcuts.ts'

const shown = shortcuts.flatMap(({ rows }) => rows.flatMap(({ keys }) => keys))

for (const key of shown) {
  test(`${key} does something`, () => {
    const editor = edit()
    HTMLDialogElement.prototype.showModal = () => {}
    type(editor, 'aa')
    editor.commands.toggleKind('task')
    editor.commands.find()
    const [name = '', ...modifiers] = key.split(/-(?!$)/).reverse()
    const isShifted = modifiers.includes('Shift')
    const isHandled = press(editor, isShifted && name.length === 1 ? name.toUpperCase() : name, {
      ctrlKey: modifiers.includes('Mod'),
      shiftKey: isShifted,
      altKey: modifiers.includes('Alt'),
      keyCode: name.toUpperCase().charCodeAt(0),
    })
    // Going to a match needs a query.
    expect(isHandled || /^Mod-(Shift-)?g$/.test(key)).toBe(true)
  })
}

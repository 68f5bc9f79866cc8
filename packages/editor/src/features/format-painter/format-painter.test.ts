// @vitest-environment jsdom
import { until } from '@quire/testkit'
import { TextSelection } from 'prosemirror-state'
import { expect, test } from 'vitest'
import { edit, host, press, text, type } from '../../../test/open-editor.ts'

type Opened = ReturnType<typeof edit>

const select = ({ view }: Opened, from: number, to: number): void =>
  view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, from, to)))

const looks = ({ view }: Opened): unknown =>
  view.state.doc.children.flatMap((block) =>
    block.children.map(({ text: words, marks }) =>
      [words, ...marks.map((mark) => mark.type.name)].join(' '),
    ),
  )

test('the brush gives the look of some words to others, and their own is gone', async () => {
  const editor = edit()
  type(editor, '**one** *two* three')
  select(editor, 1, 4)
  const brush = host.querySelector<HTMLElement>('[data-item="format-painter"]') as HTMLElement
  brush.click()
  await until('it has taken the look', () => brush.getAttribute('aria-pressed') === 'true')
  select(editor, 5, 8)
  brush.click()
  await until('it is put away', () => brush.getAttribute('aria-pressed') === 'false')
  expect(looks(editor)).toEqual(['one bold', ' ', 'two bold', ' three'])
})

test('a whole line becomes a heading of the same look by keys, and in one step of undo', async () => {
  const editor = edit()
  const chord = { ctrlKey: true, altKey: true, shiftKey: true }
  type(editor, '## **title**')
  press(editor, 'Enter')
  type(editor, 'words')
  select(editor, 2, 4)
  press(editor, 'C', { ...chord, keyCode: 67 })
  await until('it is said', () => host.textContent?.includes('Formatting copied') ?? false)
  select(editor, 8, 13)
  press(editor, 'V', { ...chord, keyCode: 86 })
  await until('the line is a heading', () => text(editor).includes('h2 ‹words›'))
  expect(looks(editor)).toEqual(['title bold', 'words bold'])
  editor.undo()
  expect(text(editor)).toContain('p ‹words›')
  expect(looks(editor)).toEqual(['title bold', 'words'])
})

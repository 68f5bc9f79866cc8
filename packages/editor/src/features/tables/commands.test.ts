// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { edit, press, type } from '../../../test/open-editor.ts'

test('tables: rows, columns and headers keep a block in every cell', () => {
  const editor = edit()
  editor.commands.insertTable({ rows: 2, columns: 2 })
  editor.commands.addRowAbove()
  editor.commands.addColumnAfter()
  editor.commands.addRowBelow()
  const table = editor.view.state.doc.firstChild
  expect(table?.children.map((row) => row.childCount)).toEqual([3, 3, 3, 3])
  const headers = table?.children.map((row) => row.children.map((cell) => cell.attrs['header']))
  expect(headers?.[0]).toEqual([true, true, true])
  expect(
    headers
      ?.slice(1)
      .flat()
      .every((header) => header === null),
  ).toBe(true)
  table?.descendants((node) => {
    if (node.type.name === 'table_cell') expect(node.childCount).toBe(1)
  })
  editor.view.state.doc.check()
})

test('Tab walks through the cells and adds a row at the end', () => {
  const editor = edit()
  editor.commands.insertTable({ rows: 1, columns: 2 })
  type(editor, 'a')
  press(editor, 'Tab')
  type(editor, 'b')
  press(editor, 'Tab')
  type(editor, 'c')
  const rows = editor.view.state.doc.firstChild?.children.map((row) =>
    row.children.map((cell) => cell.textContent),
  )
  expect(rows).toEqual([
    ['a', 'b'],
    ['c', ''],
  ])
})

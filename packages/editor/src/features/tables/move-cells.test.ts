// @vitest-environment jsdom
import { CellSelection } from 'prosemirror-tables'
import { expect, test } from 'vitest'
import type { Editor } from '../../create-editor.ts'
import { edit, type } from '../../../test/open-editor.ts'

/** A table of three by three, `a1` to `c3`, a header row first, with the caret in the cell of these words. */
function table(caretIn: string): Editor {
  const editor = edit({ language: null })
  editor.commands.insertTable({ rows: 3, columns: 3 })
  if (!editor.view.state.doc.firstChild?.firstChild?.firstChild?.attrs['header']) {
    editor.commands.toggleHeaderRow()
  }
  const cells: number[] = []
  editor.view.state.doc.descendants((node, pos) => {
    if (node.type.name === 'table_cell') cells.push(pos)
  })
  const { tr } = editor.view.state
  cells.reverse().forEach((pos, index) => {
    const at = cells.length - 1 - index
    tr.insertText(`${'abc'[Math.floor(at / 3)]}${(at % 3) + 1}`, pos + 2)
  })
  editor.view.dispatch(tr)
  select(editor, caretIn)
  return editor
}

function select(editor: Editor, from: string, to = from): void {
  const { doc, tr } = editor.view.state
  const posOf = (words: string): number => {
    let found = -1
    doc.descendants((node, pos) => {
      if (node.type.name === 'table_cell' && node.textContent === words) found = pos
    })
    return found
  }
  editor.view.dispatch(tr.setSelection(CellSelection.create(doc, posOf(from), posOf(to))))
}

const rows = (editor: Editor): string[] =>
  (editor.view.state.doc.firstChild?.children ?? []).map((row) =>
    row.children.map((cell) => cell.textContent).join(' '),
  )
const headers = (editor: Editor): string[] =>
  (editor.view.state.doc.firstChild?.children ?? []).map((row) =>
    row.children.map((cell) => (cell.attrs['header'] === true ? 'h' : '-')).join(''),
  )

test('a row moves past its neighbour, and the first row stays the header', () => {
  const editor = table('b2')
  expect(editor.commands.moveRowUp()).toBe(true)
  expect(rows(editor)).toEqual(['b1 b2 b3', 'a1 a2 a3', 'c1 c2 c3'])
  expect(headers(editor)).toEqual(['hhh', '---', '---'])
  expect(editor.commands.moveRowUp()).toBe(false)
  editor.commands.moveRowDown()
  editor.commands.moveRowDown()
  expect(rows(editor)).toEqual(['a1 a2 a3', 'c1 c2 c3', 'b1 b2 b3'])
  expect(editor.commands.moveRowDown()).toBe(false)
  editor.view.state.doc.check()
})

test('columns move, several at a time, with the selection on them', () => {
  const editor = table('a1')
  select(editor, 'a2', 'b3')
  expect(editor.commands.moveColumnRight()).toBe(false)
  expect(editor.commands.moveColumnLeft()).toBe(true)
  expect(rows(editor)).toEqual(['a2 a3 a1', 'b2 b3 b1', 'c2 c3 c1'])
  editor.commands.moveColumnRight()
  expect(rows(editor)).toEqual(['a1 a2 a3', 'b1 b2 b3', 'c1 c2 c3'])
  editor.undo()
  editor.undo()
  editor.view.state.doc.check()
})

test('a cell that spans the border is in the way', () => {
  const editor = table('a1')
  select(editor, 'b1', 'c1')
  editor.commands.mergeCells()
  select(editor, 'c2')
  expect(editor.commands.moveRowUp()).toBe(false)
  expect(editor.commands.moveColumnLeft()).toBe(false)
})

test('a header column is one of attributes, and leaves the header row alone', () => {
  const editor = table('b2')
  editor.commands.toggleHeaderColumn()
  expect(headers(editor)).toEqual(['hhh', 'h--', 'h--'])
  editor.commands.toggleHeaderColumn()
  expect(headers(editor)).toEqual(['hhh', '---', '---'])
})

test('the selected cells are aligned', () => {
  const editor = table('b2')
  select(editor, 'b1', 'b2')
  editor.commands.setCellAlign('center')
  const aligned = editor.view.state.doc.firstChild
    ?.child(1)
    .children.map(({ attrs }) => attrs['align'])
  expect(aligned).toEqual(['center', 'center', null])
  type(editor, 'x')
})

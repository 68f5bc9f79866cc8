// @vitest-environment jsdom
import { until } from '@quire/testkit'
import { TextSelection } from 'prosemirror-state'
import { CellSelection } from 'prosemirror-tables'
import { expect, test } from 'vitest'
import { edit, press, text, type } from '../../../test/open-editor.ts'
import { pairApart } from '../../../test/pair.ts'
import { pasteText } from '../../../test/paste-text.ts'
import type { Editor } from '../../create-editor.ts'

/** As Excel puts it on the clipboard, shortened. */
const excel = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>td {mso-style-parent:style0;}
.xl65 {font-weight:700;}</style></head><body link="#0563C1"><table border=0 cellpadding=0 style='border-collapse:collapse;width:96pt'>
<!--StartFragment--> <col width=64 span=2 style='width:48pt'>
 <tr height=20><td height=20 class=xl65 width=64>Name</td><td class=xl65 width=64>Sum</td></tr>
 <tr height=20><td height=20>Ada</td><td align=right>1,5</td></tr><!--EndFragment--></table></body></html>`
/** As Google Sheets does. */
const sheets = `<meta charset='utf-8'><google-sheets-html-origin><style type="text/css"><!--td {border: 1px solid #cccccc;}--></style>
<table xmlns="http://www.w3.org/1999/xhtml" cellspacing="0" dir="ltr" border="1"><colgroup><col width="100"/><col width="100"/></colgroup>
<tbody><tr style="height:21px;"><td style="font-weight:bold;background-color:#ffff00;" data-sheets-value="{}">Name</td><td>Sum</td></tr>
<tr><td>Ada</td><td style="text-align:right;">1,5</td></tr></tbody></table></google-sheets-html-origin>`
/** As LibreOffice Calc does. */
const calc = `<!DOCTYPE html><html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"/></head><body>
<table cellspacing="0" border="0"><colgroup span="2" width="85"></colgroup><tr><td height="17" align="left"><b><font face="Arial">Name</font></b></td>
<td align="left">Sum</td></tr><tr><td align="left">Ada</td><td align="right" sdval="1.5">1,5</td></tr></table></body></html>`

const paste = new Event('paste') as ClipboardEvent
/** What puts cells in their place is fetched first. */
async function pasted(editor: Editor, paste: () => void): Promise<void> {
  const before = editor.view.state.doc
  paste()
  await until('it is pasted', () => editor.view.state.doc !== before)
}

const html = (editor: Editor, source: string) =>
  pasted(editor, () => void editor.view.pasteHTML(source, paste))
const plain = (editor: Editor, source: string) => pasted(editor, () => pasteText(editor, source))

/** The cells of the first table, row by row; a merged cell says how far it reaches. */
function cells(editor: Editor): string[][] {
  const rows: string[][] = []
  editor.view.state.doc.descendants((node) => {
    if (node.type.name === 'table_row') rows.push([])
    if (node.type.name === 'table_cell') {
      const { colspan, rowspan } = node.attrs
      const span = colspan * rowspan > 1 ? `${colspan}x${rowspan} ` : ''
      rows.at(-1)?.push(span + node.textBetween(0, node.content.size, '/'))
    }
  })
  return rows
}

/** An editor with a table of so many cells, numbered, and the caret in one of them. */
function withTable(rows: number, columns: number, at: number, anchor = at): Editor {
  const editor = edit()
  editor.commands.insertTable({ rows, columns })
  for (let n = 0; n < rows * columns; n += 1) {
    type(editor, String(n))
    if (n < rows * columns - 1) press(editor, 'Tab')
  }
  const places: number[] = []
  editor.view.state.doc.descendants((node, pos) => {
    if (node.type.name === 'table_cell') places.push(pos)
  })
  const { tr, doc } = editor.view.state
  const selection =
    at === anchor
      ? TextSelection.create(doc, (places[at] ?? 0) + 2)
      : CellSelection.create(doc, places[anchor] ?? 0, places[at] ?? 0)
  editor.view.dispatch(tr.setSelection(selection))
  return editor
}

test.each([
  ['Excel', excel],
  ['Google Sheets', sheets],
  ['LibreOffice', calc],
])('cells of %s become a table, with a line to go on in', async (_name, source) => {
  const editor = edit()
  await html(editor, source)
  expect(cells(editor)).toEqual([
    ['Name', 'Sum'],
    ['Ada', '1,5'],
  ])
  expect(editor.view.state.selection.$head.parent.type.name).toBe('block')
  expect(editor.view.state.selection.$head.depth).toBe(1)
  editor.view.state.doc.check()
})

test('formats of cells come along: bold, ground, alignment', async () => {
  const editor = edit()
  await html(editor, sheets)
  const stored = JSON.stringify(editor.json())
  expect(stored).toContain('"background":"#ffff00"')
  expect(stored).toContain('"align":"right"')
  expect(stored).toContain('{"type":"bold"}')
})

test('a table does not break the words at the caret in two', async () => {
  const editor = edit()
  type(editor, 'before')
  editor.view.dispatch(
    editor.view.state.tr.setSelection(TextSelection.create(editor.view.state.doc, 3)),
  )
  await html(editor, sheets)
  expect(text(editor)).toBe('p before\ntable\np |')
})

test.each([
  ['as HTML', (editor: Editor) => html(editor, excel)],
  ['as text', (editor: Editor) => plain(editor, 'Name\tSum\r\nAda\t1,5\r\n')],
])('%s they go into the cells from the caret on, and the table grows', async (_name, insert) => {
  const inside = withTable(3, 3, 0)
  await insert(inside)
  expect(cells(inside)).toEqual([
    ['Name', 'Sum', '2'],
    ['Ada', '1,5', '5'],
    ['6', '7', '8'],
  ])
  const beyond = withTable(2, 2, 3)
  await insert(beyond)
  expect(cells(beyond)).toEqual([
    ['0', '1', ''],
    ['2', 'Name', 'Sum'],
    ['', 'Ada', '1,5'],
  ])
  beyond.view.state.doc.check()
  beyond.undo()
  expect(cells(beyond)).toEqual([
    ['0', '1'],
    ['2', '3'],
  ])
})

test('headers stay headers, and new columns of a header row are headers', async () => {
  const editor = withTable(2, 2, 1)
  await html(editor, excel)
  const headers: boolean[] = []
  editor.view.state.doc.descendants((node) => {
    if (node.type.name === 'table_cell') headers.push(node.attrs['header'] === true)
  })
  expect(headers).toEqual([true, true, true, false, false, false])
})

test('selected cells are filled, with repetition, and no others', async () => {
  const editor = withTable(3, 3, 8, 4)
  await plain(editor, 'a\tb')
  expect(cells(editor)).toEqual([
    ['0', '1', '2'],
    ['3', 'a', 'b'],
    ['6', 'a', 'b'],
  ])
})

test('merged cells come apart on both sides, and nothing that is pasted is lost', async () => {
  const editor = withTable(3, 3, 4, 0)
  editor.commands.mergeCells()
  expect(cells(editor)[0]?.[0]).toMatch(/^2x2/)
  await html(editor, excel)
  expect(
    cells(editor)
      .slice(0, 2)
      .map((row) => row.slice(0, 2)),
  ).toEqual([
    ['Name', 'Sum'],
    ['Ada', '1,5'],
  ])
  const other = withTable(2, 2, 0)
  await html(
    other,
    '<table><tr><td colspan="2">wide</td></tr><tr><td>a</td><td>b</td></tr></table>',
  )
  expect(cells(other)).toEqual([
    ['wide', ''],
    ['a', 'b'],
  ])
})

test('a table of HTML with rows of different length becomes whole', async () => {
  const editor = edit()
  await html(editor, '<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>')
  expect(cells(editor)).toEqual([
    ['a', 'b'],
    ['c', ''],
  ])
  editor.view.state.doc.check()
})

test('a single cell is its words, in a table as elsewhere', async () => {
  const one = '<table><tr><td>one</td></tr></table>'
  const editor = edit()
  type(editor, 'a ')
  await html(editor, one)
  expect(text(editor)).toBe('p a one|')
  const inside = withTable(2, 2, 0)
  await html(inside, one)
  expect(cells(inside)[0]).toEqual(['one0', '1'])
})

test('a table among other things does not get into a cell, and loses no word', async () => {
  const editor = withTable(2, 2, 0)
  await html(editor, `<p>before</p>${sheets}<p>after</p>`)
  editor.view.state.doc.check()
  for (const word of ['before', 'Name', 'Sum', 'Ada', '1,5', 'after', '0', '3']) {
    expect(editor.view.state.doc.textContent).toContain(word)
  }
})

test('pasted without formats, tabs stay tabs', async () => {
  const editor = edit()
  editor.view.pasteText('a\tb\nc\td', paste)
  expect(text(editor)).toBe('p a\tb\np c\td|')
  const other = edit()
  await plain(other, 'a\tb\nc\td')
  expect(cells(other)).toHaveLength(2)
})

test('what a colleague types meanwhile in other cells stays, and both have one table', async () => {
  const [mine, theirs, meet] = pairApart()
  const ada = edit({ doc: mine })
  ada.commands.insertTable({ rows: 2, columns: 2 })
  meet()
  const ben = edit({ doc: theirs })
  const places: number[] = []
  ben.view.state.doc.descendants((node, pos) => {
    if (node.type.name === 'table_cell') places.push(pos)
  })
  const caret = ({ view }: Editor, cell: number): void =>
    view.dispatch(
      view.state.tr.setSelection(TextSelection.create(view.state.doc, (places[cell] ?? 0) + 2)),
    )
  caret(ben, 0)
  type(ben, 'by Ben')
  caret(ada, 3)
  await plain(ada, 'a\tb\nc\td')
  meet()
  expect(cells(ada)).toEqual([
    ['by Ben', '', ''],
    ['', 'a', 'b'],
    ['', 'c', 'd'],
  ])
  expect(ada.json()).toEqual(ben.json())
})

test('a sheet of two thousand cells is there in good time', async () => {
  const editor = edit()
  const begin = performance.now()
  await plain(
    editor,
    `${Array.from({ length: 20 }, (_, n) => `cell ${n}`).join('\t')}\n`.repeat(100),
  )
  expect(cells(editor)).toHaveLength(100)
  expect(performance.now() - begin).toBeLessThan(10_000)
})

/**
 * Cells of a spreadsheet as plain text: tabs between the cells of a row, quotes around a cell that has
 * line breaks or tabs itself. Text that only has tabs in it, program code for example, is none.
 */

import type { Node, Schema } from 'prosemirror-model'

/** The rows of cells, all of one length, or null for text that is no table of at least two columns. */
export function cellsFromText(text: string): readonly (readonly string[])[] | null {
  if (!text.includes('\t')) return null
  const lines = text.replaceAll(/\r\n?/g, '\n').replace(/\n$/, '')
  const rows: string[][] = [[]]
  // A cell, and what ends it.
  const cell = /(?:"((?:[^"]|"")*)"(?=[\t\n]|$)|([^\t\n]*))(\t|\n|$)/y
  for (;;) {
    const match = cell.exec(lines)
    if (!match) return null
    const [, quoted, plain = '', end] = match
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === '') break
    if (end === '\n') rows.push([])
  }
  const width = rows[0]?.length ?? 0
  const isEven = rows.every((row) => row.length === width)
  // Lines that all begin with a tab are indented.
  const isIndented = rows.every(([first]) => first === '')
  return width > 1 && isEven && !isIndented ? rows : null
}

/** A table of cells of text; line breaks become lines of the cell. */
export function tableOfText(schema: Schema, rows: readonly (readonly string[])[]): Node {
  const blocks = (text: string): Node[] =>
    text.split('\n').map((line) => schema.node('block', null, line ? [schema.text(line)] : []))
  const cells = (row: readonly string[]): Node[] =>
    row.map((text) => schema.node('table_cell', null, blocks(text)))
  return schema.node(
    'table',
    null,
    rows.map((row) => schema.node('table_row', null, cells(row))),
  )
}

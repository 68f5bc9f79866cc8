/**
 * Pasted cells as a grid: what comes from a spreadsheet, as a table of HTML or as text between tabs, or
 * from a table of ours. Merged cells are taken apart: the first place has the content, the others none.
 */
import { Fragment, type Node, type Schema, type Slice } from 'prosemirror-model'
import { TableMap } from 'prosemirror-tables'
import { isNode } from '../../shape.ts'

/** Rows of one length, at least one with at least one place. */
export type CellGrid = readonly (readonly (Node | null)[])[]

/** The one table that a slice consists of, but for blocks without content around it; null for anything else. */
export function tableIn({ content, openStart, openEnd }: Slice): Node | null {
  if (openStart > 0 || openEnd > 0) return null
  const [table, ...others] = content.content.filter((node) => node.content.size > 0 || node.isAtom)
  return table && others.length === 0 && isNode(table, 'table') ? table : null
}

export function gridOf(table: Node): CellGrid {
  const { map, width, height } = TableMap.get(table)
  const seen = new Set<number>()
  const at = (place: number): Node | null => {
    const pos = map[place] ?? 0
    const cell = table.nodeAt(pos)
    if (!isNode(cell, 'table_cell') || seen.has(pos)) return null
    seen.add(pos)
    return cell
  }
  return Array.from({ length: height }, (_row, row) =>
    Array.from({ length: width }, (_column, column) => at(row * width + column)),
  )
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

/** The table itself when it is whole, else one of its cells in which no place is empty. */
export function wholeTable(table: Node): Node {
  if (TableMap.get(table).problems === null) return table
  const { schema } = table.type
  const whole = (cell: Node | null): Node => cellOf(schema, cell, null)
  const rows = gridOf(table).map((row) => schema.node('table_row', null, row.map(whole)))
  return table.copy(Fragment.from(rows))
}

/** A cell of one place with what `pasted` has; a header when the cell beside it, `like`, is one. */
export function cellOf(schema: Schema, pasted: Node | null, like: boolean | null): Node {
  const attributes = { ...pasted?.attrs, colspan: 1, rowspan: 1, colwidth: null }
  const header = like === null ? {} : { header: like ? true : null }
  return schema.node('table_cell', { ...attributes, ...header }, contentOf(schema, pasted))
}

/** What a cell has when it has this; never nothing. */
export function contentOf(schema: Schema, pasted: Node | null): Fragment {
  return pasted && pasted.childCount > 0 ? pasted.content : Fragment.from(schema.node('block'))
}

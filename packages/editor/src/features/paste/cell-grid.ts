/**
 * Pasted cells as a grid: what comes from a spreadsheet, as a table of HTML or as text between tabs, or
 * from a table of ours. Merged cells are taken apart: the first place has the content, the others none.
 */
import { Fragment, type Node, type Schema } from 'prosemirror-model'
import { TableMap } from 'prosemirror-tables'
import { isNode } from '../../shape.ts'

/** Rows of one length, at least one with at least one place. */
export type CellGrid = readonly (readonly (Node | null)[])[]

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

/** A new table: cells with an empty block each, the first row as headers, and a paragraph to go on in. */
import { Selection } from 'prosemirror-state'
import type { Edit } from '../../edit.ts'
import { nodeTypeIn } from '../../shape.ts'
import { insertBlockNode } from '../blocks/insert-block.ts'

export function insertTable(rowCount: number, columnCount: number): Edit {
  return (tr) => {
    const cell = (header: true | null) =>
      nodeTypeIn(tr, 'table_cell').create({ header }, nodeTypeIn(tr, 'block').create())
    const rows = Array.from({ length: rowCount }, (_, row) =>
      nodeTypeIn(tr, 'table_row').create(
        null,
        Array.from({ length: columnCount }, () => cell(row === 0 ? true : null)),
      ),
    )
    const table = nodeTypeIn(tr, 'table').create(null, rows)
    const end = insertBlockNode(tr, table)
    if (end === null) return false
    if (!tr.doc.resolve(end).nodeAfter) tr.insert(end, nodeTypeIn(tr, 'block').create())
    tr.setSelection(Selection.near(tr.doc.resolve(end - table.nodeSize + 1), 1))
    return true
  }
}

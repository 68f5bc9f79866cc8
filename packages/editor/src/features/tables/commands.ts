/**
 * Table commands: prosemirror-tables' own, mended in the same transaction. Fixing tables afterwards,
 * in answer to other people's changes, makes tables grow on every screen at once; here only the
 * person who changes a table tidies it.
 *
 * 1. No cell is left without a block to write in.
 * 2. A header row stays the first row; header is an attribute, toggling it never replaces a cell.
 */
import { tableCommand } from '@quire/binding'
import type { Node } from 'prosemirror-model'
import type { Command, Transaction } from 'prosemirror-state'
import {
  addColumnAfter,
  addColumnBefore,
  addRowAfter,
  addRowBefore,
  CellSelection,
  deleteColumn,
  deleteRow,
  deleteTable,
  goToNextCell,
  isInTable,
  mergeCells,
  selectedRect,
  splitCell,
} from 'prosemirror-tables'
import { type Align, isNode, nodeTypeIn } from '../../shape.ts'
import { moveColumns, moveRows } from './move-cells.ts'
import { writeAttributes, type Placed } from '../../selected-blocks.ts'

/** The innermost table around the selection. */
export function tableAround(tr: Pick<Transaction, 'selection'>): Placed | null {
  const { $from } = tr.selection
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const node = $from.node(depth)
    if (isNode(node, 'table')) return { node, pos: $from.before(depth) }
  }
  return null
}

/** Whether every cell of the first row is a header. */
export function hasHeaderRow(table: Node): boolean {
  const row = table.firstChild
  if (!row || row.childCount === 0) return false
  return row.children.every((cell) => cell.attrs['header'] === true)
}

/** A table command that leaves a whole table: rectangular, a block in every cell, headers in the first row. */
function tidied(command: Command): Command {
  return tableCommand((state, dispatch, view) => {
    const before = tableAround(state)
    if (!before) return false
    const hadHeaderRow = hasHeaderRow(before.node)
    const keepHeaders = (tr: Transaction): void => {
      const pos = tr.mapping.map(before.pos)
      if (hadHeaderRow && isNode(tr.doc.nodeAt(pos), 'table')) writeHeaders(tr, pos)
      dispatch?.(tr)
    }
    return command(state, dispatch && keepHeaders, view)
  })
}

/** Headers in the first row of the table at `tablePos`, none in the second, which may have been the first. */
function writeHeaders(tr: Transaction, tablePos: number): void {
  tr.doc.nodeAt(tablePos)?.forEach((row, rowOffset, rowIndex) => {
    if (rowIndex > 1) return
    row.forEach((_, cellOffset) => {
      const pos = tablePos + 1 + rowOffset + 1 + cellOffset
      writeAttributes(tr, pos, { header: rowIndex === 0 ? true : null })
    })
  })
}

/** Turns the first row into headers, or back. */
const toggleHeaderRow: Command = (state, dispatch) => {
  const table = tableAround(state)
  const row = table?.node.firstChild
  if (!table || !row) return false
  const { tr } = state
  const header = hasHeaderRow(table.node) ? null : true
  row.forEach((_, offset) => writeAttributes(tr, table.pos + 2 + offset, { header }))
  dispatch?.(tr)
  return true
}

/** Whether every cell of the first column is a header. */
export function hasHeaderColumn(table: Node): boolean {
  return (
    table.childCount > 0 && table.children.every((row) => row.firstChild?.attrs['header'] === true)
  )
}

/** Turns the first column into headers, or back; a header row keeps its own. */
const toggleHeaderColumn: Command = (state, dispatch) => {
  const table = tableAround(state)
  if (!table || !isInTable(state)) return false
  const { tr } = state
  const header = hasHeaderColumn(table.node) ? null : true
  const keepsFirst = header === null && hasHeaderRow(table.node)
  table.node.forEach((row, offset, index) => {
    if (row.childCount === 0 || (keepsFirst && index === 0)) return
    writeAttributes(tr, table.pos + 1 + offset + 1, { header })
  })
  dispatch?.(tr)
  return true
}

/** Gives the selected cells a ground, null for none. */
export const setCellBackground = (background: string | null): Command => writeCells({ background })

/** Aligns the text of the selected cells; null as it is written. */
export const setCellAlign = (align: Align | null): Command => writeCells({ align })

const writeCells =
  (attributes: Readonly<Record<string, unknown>>): Command =>
  (state, dispatch) => {
    if (!isInTable(state)) return false
    const { tr } = state
    const { map, table, tableStart, ...rect } = selectedRect(state)
    for (const offset of map.cellsInRect(rect)) {
      if (table.nodeAt(offset)) writeAttributes(tr, tableStart + offset, attributes)
    }
    dispatch?.(tr)
    return true
  }

/** Empties the selected cells; each keeps one block to write in. */
export const clearCells: Command = (state, dispatch) => {
  const { selection, tr } = state
  if (!(selection instanceof CellSelection)) return false
  const cells: Placed[] = []
  selection.forEachCell((node, pos) => cells.push({ node, pos }))
  for (const { node, pos } of cells.reverse()) {
    const end = pos + node.nodeSize - 1
    const first = node.firstChild
    if (!isNode(first, 'block')) {
      tr.replaceWith(pos + 1, end, nodeTypeIn(tr, 'block').create())
      continue
    }
    tr.delete(pos + 1 + first.nodeSize, end)
    tr.delete(pos + 2, pos + 1 + first.nodeSize - 1)
  }
  dispatch?.(tr)
  return true
}

const addRowBelow = tidied(addRowAfter)

/** To the next cell; from the last one into a new row. */
export const nextCell: Command = (state, dispatch, view) => {
  if (!isInTable(state)) return false
  if (goToNextCell(1)(state, dispatch)) return true
  if (!dispatch || !view) return isInTable(state)
  addRowBelow(state, dispatch, view)
  return goToNextCell(1)(view.state, view.dispatch)
}

export const tableCommands: {
  readonly addRowAbove: Command
  readonly addRowBelow: Command
  readonly addColumnBefore: Command
  readonly addColumnAfter: Command
  readonly deleteRow: Command
  readonly deleteColumn: Command
  readonly deleteTable: Command
  readonly mergeCells: Command
  readonly splitCell: Command
  readonly toggleHeaderRow: Command
  readonly toggleHeaderColumn: Command
  readonly moveRowUp: Command
  readonly moveRowDown: Command
  readonly moveColumnLeft: Command
  readonly moveColumnRight: Command
} = {
  addRowAbove: tidied(addRowBefore),
  addRowBelow,
  addColumnBefore: tidied(addColumnBefore),
  addColumnAfter: tidied(addColumnAfter),
  deleteRow: tidied(deleteRow),
  deleteColumn: tidied(deleteColumn),
  deleteTable,
  mergeCells: tidied(mergeCells),
  splitCell: tidied(splitCell),
  toggleHeaderRow,
  toggleHeaderColumn,
  moveRowUp: tidied(moveRows(-1)),
  moveRowDown: tidied(moveRows(1)),
  moveColumnLeft: tidied(moveColumns(-1)),
  moveColumnRight: tidied(moveColumns(1)),
}

/**
 * Pasting cells into a table, from the cell of the caret on. The cells that are there stay and get
 * other content, so that a colleague's caret, headers and widths stay with them; where the table ends
 * it grows. Selected cells are filled, with repetition, and nothing else.
 */
import { must } from '@quire/base'
import { tableCommand } from '@quire/binding'
import type { Node } from 'prosemirror-model'
import { type Command, EditorState, type Transaction } from 'prosemirror-state'
import { CellSelection, selectedRect, splitCell, TableMap } from 'prosemirror-tables'
import { writeAttributes } from '../../selected-blocks.ts'
import { type CellGrid, cellOf, contentOf } from './cell-grid.ts'

interface Place {
  readonly top: number
  readonly left: number
  readonly height: number
  readonly width: number
}

/** Fills cells of the table around the selection with those of `grid`. False outside of a table. */
export function fillCells(grid: CellGrid): Command {
  return tableCommand((state, dispatch) => {
    if (!dispatch) return true
    const { tr, selection } = state
    const { tableStart, top, left, bottom, right } = selectedRect(state)
    const isRange = selection instanceof CellSelection && bottom - top + right - left > 2
    const place: Place = {
      top,
      left,
      height: isRange ? bottom - top : grid.length,
      width: isRange ? right - left : (grid[0]?.length ?? 0),
    }
    const at = (row: number, column: number): Node | null => {
      const cells = grid[(row - top) % grid.length] ?? []
      return cells[(column - left) % cells.length] ?? null
    }
    takeApart(tr, tableStart, place)
    const before = tableAt(tr, tableStart)
    grow(tr, tableStart, place, at)
    overwrite(tr, tableStart, before, place, at)
    const { map, width } = tableAt(tr, tableStart)
    const cell = (row: number, column: number): number =>
      tableStart + (map[row * width + column] ?? 0)
    tr.setSelection(
      CellSelection.create(
        tr.doc,
        cell(top, left),
        cell(top + place.height - 1, left + place.width - 1),
      ),
    )
    dispatch(tr)
    return true
  })
}

const tableAt = (tr: Transaction, tableStart: number): TableMap =>
  TableMap.get(must(tr.doc.nodeAt(tableStart - 1), 'the table stays'))

/** Takes apart the merged cells of the table that reach into the place. */
function takeApart(tr: Transaction, tableStart: number, place: Place): void {
  for (;;) {
    const map = tableAt(tr, tableStart)
    const rect = {
      top: place.top,
      left: place.left,
      bottom: Math.min(map.height, place.top + place.height),
      right: Math.min(map.width, place.left + place.width),
    }
    const merged = map.cellsInRect(rect).find((pos) => {
      const attrs = tr.doc.nodeAt(tableStart + pos)?.attrs
      return attrs?.['colspan'] !== 1 || attrs['rowspan'] !== 1
    })
    if (merged === undefined) return
    const selection = CellSelection.create(tr.doc, tableStart + merged)
    // A state without plugins: nobody shall see what is between.
    splitCell(EditorState.create({ doc: tr.doc, selection }), ({ steps }) => {
      for (const step of steps) tr.step(step)
    })
  }
}

type CellAt = (row: number, column: number) => Node | null

/** Adds the columns and rows that are missing for the place, with what belongs in them. */
function grow(tr: Transaction, tableStart: number, place: Place, at: CellAt): void {
  const { schema } = tr.doc.type
  const { map, width, height } = tableAt(tr, tableStart)
  const cellAt = (row: number, column: number): Node | null =>
    tr.doc.nodeAt(tableStart + (map[row * width + column] ?? 0))
  const [endRow, endColumn] = [place.top + place.height, place.left + place.width]
  const isIn = (row: number, column: number): boolean =>
    row >= place.top && row < endRow && column >= place.left && column < endColumn
  const made = (row: number, from: number, to: number, like: Node | null): Node[] =>
    Array.from({ length: Math.max(0, to - from) }, (_cell, index) => {
      const column = from + index
      const pasted = isIn(row, column) ? at(row, column) : null
      return cellOf(schema, pasted, like?.attrs['header'] === true)
    })
  // From the back, so that the places in front stay true.
  const rows = Array.from({ length: Math.max(0, endRow - height) }, (_row, index) => {
    const first = made(height + index, 0, 1, width > 1 ? firstOfColumn(height - 1) : null)
    const rest = made(height + index, 1, Math.max(width, endColumn), null)
    return schema.node('table_row', null, [...first, ...rest])
  })
  const table = must(tr.doc.nodeAt(tableStart - 1), 'the table stays')
  if (rows.length > 0) tr.insert(tableStart + table.content.size, rows)
  for (let row = height - 1, end = tableStart + table.content.size; row >= 0; row -= 1) {
    const cells = made(row, width, endColumn, row === 0 ? cellAt(0, width - 1) : null)
    if (cells.length > 0) tr.insert(end - 1, cells)
    end -= table.child(row).nodeSize
  }

  function firstOfColumn(row: number): Node | null {
    return row > 0 ? cellAt(row, 0) : null
  }
}

/** Gives the cells that were there what is pasted into them. */
function overwrite(
  tr: Transaction,
  tableStart: number,
  before: TableMap,
  place: Place,
  at: CellAt,
): void {
  const { map, width } = tableAt(tr, tableStart)
  const last = {
    row: Math.min(before.height, place.top + place.height) - 1,
    column: Math.min(before.width, place.left + place.width) - 1,
  }
  for (let row = last.row; row >= place.top; row -= 1) {
    for (let column = last.column; column >= place.left; column -= 1) {
      const pos = tableStart + (map[row * width + column] ?? 0)
      write(tr, pos, at(row, column))
    }
  }
}

function write(tr: Transaction, pos: number, pasted: Node | null): void {
  const cell = must(tr.doc.nodeAt(pos), 'a cell of the map')
  const { align = null, background = null } = pasted?.attrs ?? {}
  const content = contentOf(tr.doc.type.schema, pasted)
  const [was, next] = [cell.firstChild, content.firstChild]
  // The same block with other words: somebody may have their caret in it.
  const isSameBlock = cell.childCount === 1 && content.childCount === 1 && was?.isTextblock
  if (isSameBlock && next && was.sameMarkup(next)) {
    if (!was.content.eq(next.content)) {
      tr.replaceWith(pos + 2, pos + 2 + was.content.size, next.content)
    }
  } else tr.replaceWith(pos + 1, pos + 1 + cell.content.size, content)
  if (align !== null) writeAttributes(tr, pos, { align })
  if (background !== null) writeAttributes(tr, pos, { background })
}

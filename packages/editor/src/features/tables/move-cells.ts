/**
 * Moving rows and columns past their neighbour. The neighbour is what is written anew, so that what is
 * selected, and what colleagues type there, stays in place; cells that span the border are in the way.
 */
import type { Command, Transaction } from 'prosemirror-state'
import { isInTable, selectedRect, type TableMap } from 'prosemirror-tables'

/** Moves the selected rows up or down by one. */
export const moveRows =
  (by: 1 | -1): Command =>
  (state, dispatch) => {
    if (!isInTable(state)) return false
    const { map, table, tableStart, top, bottom } = selectedRect(state)
    const neighbour = by < 0 ? top - 1 : bottom
    if (neighbour < 0 || neighbour >= map.height) return false
    const [first, last] = by < 0 ? [neighbour, bottom] : [top, neighbour + 1]
    if (![first, top, bottom, last].every((row) => isRowBorderFree(map, row))) return false
    if (dispatch) {
      const { tr } = state
      const startOf = (index: number): number =>
        tableStart + table.children.slice(0, index).reduce((sum, row) => sum + row.nodeSize, 0)
      moveNode(tr, startOf(neighbour), startOf(neighbour + 1), startOf(by < 0 ? bottom : top))
      dispatch(tr.scrollIntoView())
    }
    return true
  }

/** Moves the selected columns to the left or the right by one. */
export const moveColumns =
  (by: 1 | -1): Command =>
  (state, dispatch) => {
    if (!isInTable(state)) return false
    const { map, table, tableStart, left, right } = selectedRect(state)
    const neighbour = by < 0 ? left - 1 : right
    if (neighbour < 0 || neighbour >= map.width) return false
    const columns = [neighbour, neighbour + 1, left, right]
    if (!columns.every((column) => isColumnBorderFree(map, column))) return false
    if (hasTallCells(map)) return false
    if (dispatch) {
      const { tr } = state
      for (let row = map.height - 1; row >= 0; row--) {
        const at = (column: number): number =>
          tableStart + (map.map[row * map.width + column] as number)
        const from = at(neighbour)
        const cell = table.nodeAt(from - tableStart)
        if (!cell) return false
        const lastCell = at(right - 1)
        const afterLast = lastCell + (table.nodeAt(lastCell - tableStart)?.nodeSize ?? 0)
        moveNode(tr, from, from + cell.nodeSize, by < 0 ? afterLast : at(left))
      }
      dispatch(tr)
    }
    return true
  }

/** Takes out what is between two places and puts it in at a third, which is not between them. */
function moveNode(tr: Transaction, from: number, to: number, target: number): void {
  const { content } = tr.doc.slice(from, to)
  const size = to - from
  tr.delete(from, to)
  tr.insert(target > from ? target - size : target, content)
}

/** Whether no cell lies across the border above this row. */
function isRowBorderFree({ map, width, height }: TableMap, row: number): boolean {
  if (row <= 0 || row >= height) return true
  for (let column = 0; column < width; column++) {
    if (map[row * width + column] === map[(row - 1) * width + column]) return false
  }
  return true
}

/** Whether no cell lies across the border to the left of this column. */
function isColumnBorderFree({ map, width, height }: TableMap, column: number): boolean {
  if (column <= 0 || column >= width) return true
  for (let row = 0; row < height; row++) {
    if (map[row * width + column] === map[row * width + column - 1]) return false
  }
  return true
}

/** A cell of several rows stands in one of them only, and would move once for each. */
function hasTallCells({ map, width, height }: TableMap): boolean {
  for (let row = 1; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (map[row * width + column] === map[(row - 1) * width + column]) return true
    }
  }
  return false
}

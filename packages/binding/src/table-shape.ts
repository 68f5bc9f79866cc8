/**
 * The shape of a table: which cell covers which place of the grid, and the changes that make a table
 * rectangular again after two people have changed it at once.
 *
 * 1. Cells keep their order and their content. A span that would lie over another cell, or hang out
 *    of the table, is shortened; a place that no cell covers gets an empty one.
 * 2. The same table is always mended in the same way, and a mended table is not changed again.
 */
import type { Node } from 'prosemirror-model'
import type { Transaction } from 'prosemirror-state'

interface PlacedCell {
  readonly node: Node
  /** Relative to the start of the table's content. */
  readonly offset: number
  readonly column: number
  readonly colspan: number
  readonly rowspan: number
}

interface Grid {
  readonly cells: readonly PlacedCell[]
  readonly width: number
  /** Places without a cell, by row: where in the table's content a cell must go to stand there. */
  readonly missing: readonly { readonly offset: number; readonly like: Node | null }[]
}

/** Makes the table at `pos` rectangular and gives every cell of it a block to write in. Adds steps to `tr`, none when all is well; returns it. */
export function normalizeTable(tr: Transaction, pos: number): Transaction {
  const table = tr.doc.nodeAt(pos)
  if (table?.type.spec['tableRole'] !== 'table') return tr
  const { cells, missing } = gridOf(table)
  const start = pos + 1
  for (const { node, offset, colspan, rowspan } of cells) {
    const at = start + offset
    if (node.attrs['colspan'] !== colspan) tr.setNodeAttribute(at, 'colspan', colspan)
    if (node.attrs['rowspan'] !== rowspan) tr.setNodeAttribute(at, 'rowspan', rowspan)
    const widths = widthsFor(node.attrs['colwidth'] as readonly number[] | null, colspan)
    if (widths !== undefined) tr.setNodeAttribute(at, 'colwidth', widths)
  }
  const insertions = [
    ...missing.map(({ offset, like }) => ({ offset, node: emptyCell(table, like) })),
    ...cells
      .filter(({ node }) => node.childCount === 0)
      .map(({ node, offset }) => ({ offset: offset + 1, node: fillingOf(node) })),
  ]
  // From the back, so that the offsets in front stay true. Of two at one offset the order is kept.
  insertions.sort((a, b) => a.offset - b.offset)
  for (const { offset, node } of insertions.reverse()) if (node) tr.insert(start + offset, node)
  return tr
}

/** Whether a node is a table in which cells are missing, lie over each other or hang out of it. */
export function isRagged(node: Node): boolean {
  if (node.type.spec['tableRole'] !== 'table') return false
  const { cells, missing } = gridOf(node)
  return cells.length === 0 || missing.length > 0 || !cells.every(isSpanned)
}

/** Whether {@link normalizeTable} would change anything. */
export function isRegular(table: Node): boolean {
  const { cells, missing } = gridOf(table)
  return (
    missing.length === 0 &&
    cells.every(
      (cell) =>
        isSpanned(cell) &&
        cell.node.childCount > 0 &&
        widthsFor(cell.node.attrs['colwidth'] as readonly number[] | null, cell.colspan) ===
          undefined,
    )
  )
}

/** Whether a cell covers what it says. */
function isSpanned({ node, colspan, rowspan }: PlacedCell): boolean {
  return node.attrs['colspan'] === colspan && node.attrs['rowspan'] === rowspan
}

function gridOf(table: Node): Grid {
  const height = table.childCount
  const taken = Array.from({ length: height }, () => new Set<number>())
  const isFree = (row: number, column: number): boolean => taken[row]?.has(column) === false
  const cells: PlacedCell[] = []
  const rows: { readonly cells: PlacedCell[]; readonly end: number }[] = []
  let width = 0
  table.forEach((rowNode, rowOffset, row) => {
    const placed: PlacedCell[] = []
    let column = 0
    rowNode.forEach((node, cellOffset) => {
      while (!isFree(row, column)) column += 1
      let colspan = 1
      while (colspan < node.attrs['colspan'] && isFree(row, column + colspan)) colspan += 1
      let rowspan = 1
      const isRowFree = (at: number): boolean =>
        at < height &&
        Array.from({ length: colspan }, (_, i) => isFree(at, column + i)).every(Boolean)
      while (rowspan < node.attrs['rowspan'] && isRowFree(row + rowspan)) rowspan += 1
      for (let r = row; r < row + rowspan; r++) {
        for (let c = column; c < column + colspan; c++) taken[r]?.add(c)
      }
      const cell = { node, offset: rowOffset + 1 + cellOffset, column, colspan, rowspan }
      placed.push(cell)
      cells.push(cell)
      width = Math.max(width, column + colspan)
      column += colspan
    })
    rows.push({ cells: placed, end: rowOffset + rowNode.nodeSize - 1 })
  })
  // A table whose cells are all gone gets one column.
  width = Math.max(width, 1)
  const missing = rows.flatMap((row, index) =>
    Array.from({ length: width }, (_, column) => column)
      .filter((column) => isFree(index, column))
      .map((column) => ({
        offset: row.cells.find((cell) => cell.column > column)?.offset ?? row.end,
        like: row.cells[0]?.node ?? null,
      })),
  )
  return { cells, width, missing }
}

/** The widths a cell of that span should have; undefined when it has them. */
function widthsFor(
  widths: readonly number[] | null,
  colspan: number,
): readonly number[] | null | undefined {
  if (!widths || widths.length === colspan) return undefined
  const fitting = Array.from({ length: colspan }, (_, i) => widths[i] ?? 0)
  return fitting.some((width) => width > 0) ? fitting : null
}

/** A cell that fits into a row beside `like`: a header among headers. */
function emptyCell(table: Node, like: Node | null): Node | null {
  const row = table.type.contentMatch.defaultType
  const type = like?.type ?? row?.contentMatch.defaultType
  if (!type) return null
  const cell = type.create(like && 'header' in like.attrs ? { header: like.attrs['header'] } : null)
  const filling = fillingOf(cell)
  return filling ? cell.copy(cell.content.addToEnd(filling)) : cell
}

function fillingOf(cell: Node): Node | null {
  return cell.type.contentMatch.defaultType?.createAndFill() ?? null
}

/**
 * Selections of cells that hold in any table. Those of prosemirror-tables are made for rectangular ones:
 * where a cell is missing, or lies over another, they throw when a row or a column is carried along by an
 * edit, and count the row for the cell that is missing.
 *
 * 1. Whatever is done to a table, a selection of its cells becomes one of cells that are there, or a caret.
 * 2. Only cells are in it.
 */
import type { Node, ResolvedPos } from 'prosemirror-model'
import { Selection } from 'prosemirror-state'
import {
  CellBookmark,
  CellSelection,
  inSameTable,
  pointsAtCell,
  TableMap,
} from 'prosemirror-tables'
import type { Mappable } from 'prosemirror-transform'

/** Whether a node is a table about which prosemirror-tables has something to say. */
export function isRagged(node: Node): boolean {
  return node.type.spec['tableRole'] === 'table' && TableMap.get(node).problems !== null
}

export class SafeCellSelection extends CellSelection {
  /** Use {@link cellsBetween}: both must be before cells that have a place in one table. */
  constructor($anchorCell: ResolvedPos, $headCell: ResolvedPos) {
    super($anchorCell, $headCell)
    this.ranges = this.ranges.filter(({ $from }) => isCell($from.parent))
  }

  override map(doc: Node, mapping: Mappable): Selection {
    const anchor = mapping.map(this.$anchorCell.pos)
    const head = mapping.map(this.$headCell.pos)
    const next = cellsBetween(doc, anchor, head)
    const isWhole = next instanceof SafeCellSelection && !isRagged(next.$anchorCell.node(-1))
    // A row or a column stays one when the table grows.
    const was = isWhole && !isRagged(this.$anchorCell.node(-1)) ? super.map(doc, mapping) : next
    return was instanceof CellSelection ? safe(was) : was
  }

  override forEachCell(each: (node: Node, pos: number) => void): void {
    super.forEachCell((node, pos) => {
      if (isCell(node)) each(node, pos)
    })
  }

  override getBookmark(): CellBookmark {
    return new SafeCellBookmark(this.$anchorCell.pos, this.$headCell.pos)
  }
}

class SafeCellBookmark extends CellBookmark {
  override map(mapping: Mappable): SafeCellBookmark {
    return new SafeCellBookmark(mapping.map(this.anchor), mapping.map(this.head))
  }

  override resolve(doc: Node): CellSelection | Selection {
    return cellsBetween(doc, this.anchor, this.head)
  }
}

/** The cells between two, each given by the position before it; what is nearest when these are not two cells of one table. */
function cellsBetween(doc: Node, anchor: number, head: number): Selection {
  const limit = (pos: number): number => Math.max(0, Math.min(pos, doc.content.size))
  const $anchor = doc.resolve(limit(anchor))
  const $head = doc.resolve(limit(head))
  const areCells = hasPlace($anchor) && hasPlace($head) && inSameTable($anchor, $head)
  return areCells ? new SafeCellSelection($anchor, $head) : Selection.near($head)
}

/** The same cells, safely. The same object when it is. */
export function safe(selection: CellSelection): Selection {
  const { $anchorCell, $headCell } = selection
  return selection instanceof SafeCellSelection
    ? selection
    : cellsBetween($anchorCell.doc, $anchorCell.pos, $headCell.pos)
}

function isCell({ type }: Node): boolean {
  const role = type.spec['tableRole'] as unknown
  return role === 'cell' || role === 'header_cell'
}

/** A cell that lies wholly under another one has no place in its table. */
function hasPlace($cell: ResolvedPos): boolean {
  if (!pointsAtCell($cell)) return false
  return TableMap.get($cell.node(-1)).map.includes($cell.pos - $cell.start(-1))
}

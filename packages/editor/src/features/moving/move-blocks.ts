/**
 * Moving the selected blocks past a neighbour. A shared document has no "move": one side must be
 * written anew, and typing that arrives for the old copy is lost.
 *
 * 1. The side without a colleague's caret is the one written anew; where that decides nothing, the
 *    smaller side. Never a side with a locked block.
 * 2. Deleting and inserting are separate steps of one transaction.
 */
import type { Node } from 'prosemirror-model'
import type { Transaction } from 'prosemirror-state'
import { NodeSelection, TextSelection } from 'prosemirror-state'
import type { Edit } from '../../edit.ts'
import { isNode } from '../../shape.ts'

/** Positions at which colleagues have their carets. */
export type OthersAt = () => readonly number[]

export function moveBlocks(by: 1 | -1, othersAt: OthersAt = () => []): Edit {
  return (tr) => {
    const range = movedRange(tr)
    if (!range) return false
    const { start, end } = range
    const neighbour = by < 0 ? tr.doc.resolve(start).nodeBefore : tr.doc.resolve(end).nodeAfter
    if (!neighbour) return true
    const from = by < 0 ? start - neighbour.nodeSize : end
    const to = from + neighbour.nodeSize
    const others = othersAt()
    const isIn = (low: number, high: number) => others.some((pos) => pos > low && pos < high)
    const isNeighbourBusy = isIn(from, to)
    const isNeighbourSmaller = neighbour.nodeSize <= end - start
    const isLighter = isNeighbourBusy === isIn(start, end) ? !isNeighbourSmaller : isNeighbourBusy
    const isNeighbourKept = isLocked(neighbour) || (isLighter && !hasLocked(tr, range))
    if (isNeighbourKept) moveSelf(tr, range, by, neighbour.nodeSize)
    else {
      tr.delete(from, to)
      tr.insert(by < 0 ? end - neighbour.nodeSize : start, neighbour)
    }
    return true
  }
}

function moveSelf(tr: Transaction, range: MovedRange, by: 1 | -1, distance: number): void {
  const { start, end } = range
  const { selection } = tr
  const { anchor, head } = selection
  const moved = tr.doc.slice(start, end).content
  const shift = by * distance
  tr.delete(start, end)
  tr.insert(start + shift, moved)
  if (selection instanceof NodeSelection) {
    tr.setSelection(NodeSelection.create(tr.doc, selection.from + shift))
  } else tr.setSelection(TextSelection.create(tr.doc, anchor + shift, head + shift))
}

const isLocked = ({ type }: Node): boolean => type.spec['isPlaceholder'] === true

function hasLocked(tr: Transaction, { start, end }: MovedRange): boolean {
  let found = false
  tr.doc.nodesBetween(start, end, (node) => {
    found ||= isLocked(node)
    return !found && !node.isTextblock
  })
  return found
}

interface MovedRange {
  readonly start: number
  readonly end: number
}

/** The whole blocks the selection touches, in the document or in one cell; a table moves as a whole only when it is selected. */
function movedRange(tr: Transaction): MovedRange | null {
  const { $from, $to } = tr.selection
  const range = $from.blockRange(
    $to,
    (node) => node.type === tr.doc.type || isNode(node, 'table_cell'),
  )
  return range ? { start: range.start, end: range.end } : null
}

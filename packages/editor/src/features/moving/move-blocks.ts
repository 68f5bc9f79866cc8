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
import { groupEnd, groupStart } from '../toggles/group.ts'

/** Positions at which colleagues have their carets. */
export type OthersAt = () => readonly number[]

export function moveBlocks(by: 1 | -1, othersAt: OthersAt = () => []): Edit {
  return (tr) => {
    const range = movedRange(tr)
    if (!range) return false
    const { start, end } = range
    const from = by < 0 ? groupStart(tr.doc, start, range.indent) : end
    const to = by < 0 ? start : groupEnd(tr.doc, end)
    if (from === to) return true
    const others = othersAt()
    const isIn = (low: number, high: number) => others.some((pos) => pos > low && pos < high)
    const isNeighbourBusy = isIn(from, to)
    const isNeighbourSmaller = to - from <= end - start
    const isLighter = isNeighbourBusy === isIn(start, end) ? !isNeighbourSmaller : isNeighbourBusy
    const isNeighbourKept =
      hasLocked(tr, { start: from, end: to }) || (isLighter && !hasLocked(tr, range))
    if (isNeighbourKept) moveSelf(tr, range, by, to - from)
    else {
      const { content } = tr.doc.slice(from, to)
      tr.delete(from, to)
      tr.insert(by < 0 ? end - (to - from) : start, content)
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

/**
 * The whole blocks the selection touches, with what belongs to the last of them, in the document or in one
 * cell; a table moves as a whole only when it is selected. `indent` is that of the first.
 */
function movedRange(tr: Transaction): (MovedRange & { readonly indent: number }) | null {
  const { $from, $to } = tr.selection
  const range = $from.blockRange(
    $to,
    (node) => node.type === tr.doc.type || isNode(node, 'table_cell'),
  )
  if (!range) return null
  const { start, end, parent, startIndex, endIndex } = range
  const lastStart = end - parent.child(endIndex - 1).nodeSize
  const indent = Number(parent.child(startIndex).attrs['indent'] ?? 0)
  return { start, end: Math.max(end, groupEnd(tr.doc, lastStart)), indent }
}

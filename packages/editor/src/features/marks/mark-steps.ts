/**
 * Marks over very much at once. ProseMirror sets a mark block by block, one step each, and a transaction
 * keeps the document before each step: over 20,000 blocks that is gigabytes. Over many blocks a mark is
 * set by one step here, which says the same.
 */
import type { Mark, MarkType, Node } from 'prosemirror-model'
import type { Transaction } from 'prosemirror-state'
import { AddMarkStep, RemoveMarkStep } from 'prosemirror-transform'

/** Beyond these a range is marked as one. */
export const blocksOneByOneMax = 500

export function isOverMany(doc: Node, from: number, to: number): boolean {
  let count = 0
  doc.nodesBetween(from, to, (node) => {
    if (node.isTextblock) count += 1
    return count <= blocksOneByOneMax && !node.isTextblock
  })
  return count > blocksOneByOneMax
}

export function addMark(tr: Transaction, from: number, to: number, mark: Mark): Transaction {
  return isOverMany(tr.doc, from, to)
    ? tr.step(new AddMarkStep(from, to, mark))
    : tr.addMark(from, to, mark)
}

/** Takes off every mark of `type`, whatever its value. */
export function removeMark(tr: Transaction, from: number, to: number, type: MarkType): Transaction {
  if (!isOverMany(tr.doc, from, to)) return tr.removeMark(from, to, type)
  let found: readonly Mark[] = []
  tr.doc.nodesBetween(from, to, (node) => {
    for (const mark of node.marks) {
      // One type may be there with several values.
      if (mark.type === type && !found.some((other) => other.eq(mark))) found = [...found, mark]
    }
  })
  for (const mark of found) tr.step(new RemoveMarkStep(from, to, mark))
  return tr
}

/** Whether all text between two places that may have a mark has it. */
export function isAllMarked(doc: Node, from: number, to: number, type: MarkType): boolean {
  let isAll = true
  doc.nodesBetween(from, to, (node, _pos, parent) => {
    if (node.isText && parent?.type.allowsMarkType(type) && !type.isInSet(node.marks)) isAll = false
    return isAll
  })
  return isAll
}

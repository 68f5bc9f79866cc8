/**
 * Backspace at the start of a block and Delete at its end.
 *
 * 1. A block first loses what makes it special (list, heading, quote), then its indent, one at a
 *    time; only a plain paragraph joins the block before it.
 * 2. An empty block beside the caret is deleted rather than joined with: the block with text stays
 *    the same block, for everybody who is in it.
 * 3. An image or divider in the way is selected first, deleted by the next press.
 */
import { NodeSelection, Selection, TextSelection, type Transaction } from 'prosemirror-state'
import type { Edit } from '../../edit.ts'
import { caretBlock, writeAttributes } from '../../selected-blocks.ts'
import { isNode, nodeTypeIn } from '../../shape.ts'

/** The caret at the very start of a text block. */
function isAtStart(tr: Transaction): boolean {
  return tr.selection.empty && tr.selection.$from.parentOffset === 0
}

/** List item, heading, quote or callout → paragraph of the same indent; indented paragraph → one step out. */
export const plainerBlock: Edit = (tr) => {
  const block = caretBlock(tr)
  if (!block || !isNode(block.node, 'block') || !isAtStart(tr)) return false
  const { kind, indent } = block.node.attrs
  if (kind !== 'paragraph') return writeAttributes(tr, block.pos, { kind: 'paragraph' })
  return indent > 0 && writeAttributes(tr, block.pos, { indent: indent - 1 })
}

/** An empty code block becomes a paragraph. */
export const emptyCodeToParagraph: Edit = (tr) => {
  const block = caretBlock(tr)
  if (!block || !isNode(block.node, 'code_block') || block.node.content.size > 0) return false
  tr.replaceWith(block.pos, block.pos + block.node.nodeSize, nodeTypeIn(tr, 'block').create())
  tr.setSelection(TextSelection.create(tr.doc, block.pos + 1))
  return true
}

/** Joins the block with the caret at its start to the one before it. */
export const joinBefore: Edit = (tr) => {
  const block = caretBlock(tr)
  if (!block || !isAtStart(tr)) return false
  const before = tr.doc.resolve(block.pos).nodeBefore
  // The first block of the document or of a cell has nothing to join with.
  if (!before) return true
  const beforePos = block.pos - before.nodeSize
  const isEmpty = block.node.content.size === 0

  if (before.isTextblock && before.content.size === 0) {
    tr.delete(beforePos, block.pos)
    return true
  }
  if (isNode(before, 'block') && isNode(block.node, 'block')) {
    tr.join(block.pos)
    return true
  }
  if (before.isAtom) {
    if (isEmpty) tr.delete(block.pos, block.pos + block.node.nodeSize)
    tr.setSelection(NodeSelection.create(tr.doc, beforePos))
    return true
  }
  // A table or code block before: its text is its own; the caret moves there.
  if (isEmpty) tr.delete(block.pos, block.pos + block.node.nodeSize)
  tr.setSelection(Selection.near(tr.doc.resolve(block.pos), -1))
  return true
}

/** Joins the block after the caret to the one with the caret at its end. */
export const joinAfter: Edit = (tr) => {
  const block = caretBlock(tr)
  if (!block || tr.selection.$from.parentOffset < block.node.content.size) return false
  const end = block.pos + block.node.nodeSize
  const after = tr.doc.resolve(end).nodeAfter
  if (!after) return true

  if (block.node.content.size === 0 && isNode(block.node, 'block')) {
    tr.delete(block.pos, end)
    const $at = tr.doc.resolve(block.pos)
    tr.setSelection(after.isAtom ? NodeSelection.create(tr.doc, block.pos) : Selection.near($at, 1))
    return true
  }
  if (after.isTextblock && after.content.size === 0) {
    tr.delete(end, end + after.nodeSize)
    return true
  }
  if (isNode(after, 'block') && isNode(block.node, 'block')) {
    tr.join(end)
    return true
  }
  if (after.isAtom) tr.setSelection(NodeSelection.create(tr.doc, end))
  return true
}

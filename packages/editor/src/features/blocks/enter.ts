/**
 * Enter. What a new line is after each kind of block, as people know it from other editors.
 *
 * 1. Enter on an empty list item moves it out by one, and at the edge makes it a paragraph.
 * 2. Enter on an empty quote, callout, toggle or caption leaves it.
 * 3. Enter at the end of a heading or a caption starts a paragraph; a new task is open.
 * 4. At the start of a block with text the new block goes before it, so the block that somebody
 *    else may be typing in stays the same block.
 */
import { Selection, TextSelection, type Transaction } from 'prosemirror-state'
import type { Edit } from '../../edit.ts'
import { caretBlock, selectedNode, writeAttributes } from '../../selected-blocks.ts'
import { isListKind, isNode, nodeTypeIn } from '../../shape.ts'

/** Leaves an empty list item, quote or callout. */
export const leaveEmptyBlock: Edit = (tr) => {
  const block = caretBlock(tr)
  if (!block || !isNode(block.node, 'block') || block.node.content.size > 0) return false
  const { kind, indent } = block.node.attrs
  if (isListKind(kind)) {
    return writeAttributes(
      tr,
      block.pos,
      indent > 0 ? { indent: indent - 1 } : { kind: 'paragraph' },
    )
  }
  if (kind === 'quote' || kind === 'callout' || kind === 'toggle' || kind === 'caption')
    return writeAttributes(tr, block.pos, { kind: 'paragraph' })
  return false
}

/** Starts a new block at the selection. */
export const splitBlock: Edit = (tr) => {
  if (!(tr.selection instanceof TextSelection)) return false
  if (!isNode(tr.selection.$from.parent, 'block')) return false
  if (!tr.selection.empty) tr.deleteSelection()
  const { $from } = tr.selection
  const block = $from.parent
  if (!isNode(block, 'block')) return true

  const isHeading = block.attrs['kind'] === 'heading' || block.attrs['kind'] === 'caption'
  const isAtEnd = $from.parentOffset === block.content.size
  const next = { ...block.attrs, checked: null }
  if ($from.parentOffset === 0 && !isAtEnd) {
    const kind = isHeading ? { kind: 'paragraph', level: null } : {}
    tr.insert($from.before(), nodeTypeIn(tr, 'block').create({ ...next, ...kind }))
    return true
  }
  const attributes = isHeading && isAtEnd ? { ...next, kind: 'paragraph', level: null } : next
  if (isAtEnd) {
    const after = $from.after()
    tr.insert(after, nodeTypeIn(tr, 'block').create(attributes))
    tr.setSelection(TextSelection.create(tr.doc, after + 1))
  } else {
    tr.split($from.pos, 1, [{ type: nodeTypeIn(tr, 'block'), attrs: attributes }])
  }
  const { storedMarks } = tr
  const marks = storedMarks ?? $from.marks()
  // Typing goes on in the same style, except after a heading, whose style is its own.
  if (isAtEnd && !isHeading && marks.length > 0) {
    tr.setStoredMarks(marks.filter((mark) => mark.type.spec.inclusive !== false))
  }
  return true
}

/** Enter with an image or a divider selected writes below it. */
export const paragraphAfterNode: Edit = (tr) => {
  const selected = selectedNode(tr)
  if (!selected || !selected.node.isBlock) return false
  return insertParagraphAt(tr, selected.pos + selected.node.nodeSize)
}

/** Puts an empty paragraph at `pos`, between blocks, and the caret in it. */
export function insertParagraphAt(tr: Transaction, pos: number): boolean {
  tr.insert(pos, nodeTypeIn(tr, 'block').create())
  tr.setSelection(Selection.near(tr.doc.resolve(pos + 1)))
  return true
}

/** Putting a whole node (image, table, divider) where the caret is. */
import type { Node } from 'prosemirror-model'
import type { Transaction } from 'prosemirror-state'
import { isNode } from '../../shape.ts'

/**
 * Inserts `node` at the selection: before an empty paragraph, after any other block; never through
 * the middle of a text somebody may be typing in. Returns the position after it, or null where it
 * may not stand (a table in a table).
 */
export function insertBlockNode(tr: Transaction, node: Node): number | null {
  const { $from } = tr.selection
  const depth = blockDepth(tr)
  if (depth === null) return null
  const parent = $from.node(depth)
  const index = $from.index(depth)
  if (!parent.canReplaceWith(index, index, node.type)) return null

  if (depth === $from.depth) {
    // Between blocks: a whole node is selected, or the gap cursor stands here.
    const at = tr.selection.to
    tr.insert(at, node)
    return at + node.nodeSize
  }
  const block = $from.node(depth + 1)
  const isEmptyParagraph =
    isNode(block, 'block') && block.content.size === 0 && block.attrs['kind'] === 'paragraph'
  const at = isEmptyParagraph ? $from.before(depth + 1) : $from.after(depth + 1)
  tr.insert(at, node)
  return at + node.nodeSize
}

/** The depth of the innermost node around the selection that holds blocks. */
function blockDepth(tr: Transaction): number | null {
  const { $from } = tr.selection
  for (let depth = $from.depth; depth >= 0; depth -= 1) {
    const node = $from.node(depth)
    if (depth === 0 || isNode(node, 'table_cell')) return depth
  }
  return null
}

/** Divider: a line across the page. */
import { TextSelection } from 'prosemirror-state'
import type { Edit } from '../../edit.ts'
import { isNode, nodeTypeIn } from '../../shape.ts'
import { insertBlockNode } from '../blocks/insert-block.ts'

/** Puts a divider at the caret and the caret in the text after it. */
export const insertDivider: Edit = (tr) => {
  const end = insertBlockNode(tr, nodeTypeIn(tr, 'divider').create())
  if (end === null) return false
  const next = tr.doc.resolve(end).nodeAfter
  if (!isNode(next, 'block')) tr.insert(end, nodeTypeIn(tr, 'block').create())
  tr.setSelection(TextSelection.create(tr.doc, end + 1))
  return true
}

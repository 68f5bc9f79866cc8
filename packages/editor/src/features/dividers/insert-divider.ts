/** Divider: a line across the page. */
import { TextSelection } from 'prosemirror-state'
import type { Edit } from '../../edit.ts'
import { nodes } from '../../shape.ts'
import { insertBlockNode } from '../blocks/insert-block.ts'

/** Puts a divider at the caret and the caret in the text after it. */
export const insertDivider: Edit = (tr) => {
  const end = insertBlockNode(tr, nodes.divider.create())
  if (end === null) return false
  const next = tr.doc.resolve(end).nodeAfter
  if (next?.type !== nodes.block) tr.insert(end, nodes.block.create())
  tr.setSelection(TextSelection.create(tr.doc, end + 1))
  return true
}

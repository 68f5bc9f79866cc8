/** What stands across the page: a divider, the end of a page on paper, a formula. */
import type { Attrs } from 'prosemirror-model'
import { TextSelection } from 'prosemirror-state'
import type { Edit } from '../../edit.ts'
import { isNode, nodeTypeIn } from '../../shape.ts'
import { insertBlockNode } from '../blocks/insert-block.ts'

/** Puts it at the caret, and the caret in the text after it. */
export const insertAcross =
  (name: 'divider' | 'page_break' | 'math_block', attrs?: Attrs): Edit =>
  (tr) => {
    const end = insertBlockNode(tr, nodeTypeIn(tr, name).create(attrs))
    if (end === null) return false
    const next = tr.doc.resolve(end).nodeAfter
    if (!isNode(next, 'block')) tr.insert(end, nodeTypeIn(tr, 'block').create())
    tr.setSelection(TextSelection.create(tr.doc, end + 1))
    return true
  }

export const insertDivider: Edit = insertAcross('divider')

/** Not in a table: its rows are never parted there. */
export const insertPageBreak: Edit = (tr) => {
  const { $from } = tr.selection
  return !isNode($from.node(1), 'table') && insertAcross('page_break')(tr)
}

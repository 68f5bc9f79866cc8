/** The words below a picture: a block of its own behind it, so that two people can write in it at once. */
import type { Node } from 'prosemirror-model'
import { TextSelection } from 'prosemirror-state'
import type { Edit } from '../../edit.ts'
import { selectedNode } from '../../selected-blocks.ts'
import { isNode, nodeTypeIn } from '../../shape.ts'

/** The caption that begins at `pos`, if one does. */
export function captionBehind(doc: Node, pos: number): Node | null {
  const next = doc.resolve(pos).nodeAfter
  return isNode(next, 'block') && next.attrs['kind'] === 'caption' ? next : null
}

/** Puts the caret into the caption of the selected picture, making one unless it is there. */
export const writeCaption: Edit = (tr) => {
  const selected = selectedNode(tr)
  if (!selected) return false
  const end = selected.pos + selected.node.nodeSize
  const caption = captionBehind(tr.doc, end)
  if (!caption) tr.insert(end, nodeTypeIn(tr, 'block').create({ kind: 'caption' }))
  tr.setSelection(TextSelection.create(tr.doc, end + 1 + (caption?.content.size ?? 0)))
  return true
}

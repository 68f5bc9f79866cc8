/** Images as nodes: where they go and which addresses they may have. */
import { NodeSelection } from 'prosemirror-state'
import type { Edit } from '../../edit.ts'
import { nodeTypeIn } from '../../shape.ts'
import { insertBlockNode } from '../blocks/insert-block.ts'
import { imageSrcFrom } from './image-source.ts'

/** Puts an image at the selection and selects it. */
export function insertImage(src: string, alt: string | null): Edit {
  return (tr) => {
    const safe = imageSrcFrom(src)
    if (!safe) return false
    const image = nodeTypeIn(tr, 'image').create({ src: safe, alt: alt?.trim() || null })
    const end = insertBlockNode(tr, image)
    if (end === null) return false
    tr.setSelection(NodeSelection.create(tr.doc, end - image.nodeSize))
    return true
  }
}

/** Images as nodes: where they go and which addresses they may have. */
import { NodeSelection } from 'prosemirror-state'
import type { Edit } from '../../edit.ts'
import { nodeTypeIn } from '../../shape.ts'
import { insertBlockNode } from '../blocks/insert-block.ts'

/** The address for what somebody typed as an image's, or null when a browser should not load it. */
export function imageSrcFrom(typed: string): string | null {
  const text = typed.trim()
  if (/\s/.test(text)) return null
  if (/^(\/(?!\/)|\.{1,2}\/)/.test(text)) return text
  const withScheme = /^[a-z][a-z0-9+.-]*:/i.test(text)
    ? text
    : `https://${text.replace(/^\/\//, '')}`
  if (!/^https?:\/\//i.test(withScheme)) return null
  try {
    return new URL(withScheme).hostname.includes('.') || /localhost/.test(withScheme)
      ? withScheme
      : null
  } catch {
    return null
  }
}

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

/** The whole document as text and as HTML, for the clipboard. */
import type { Editor } from '@quire/editor'
import type { Copied } from '../../ui/copy-text.ts'

export function textOf(view: Editor['view']): Copied {
  const { doc } = view.state
  const { dom, text } = view.serializeForClipboard(doc.slice(0, doc.content.size))
  return { text, html: dom.innerHTML }
}

/**
 * The hint in an empty document. A class and a custom property on the editor; the style sheet
 * writes the words, so nothing enters the text.
 */
import type { Node } from 'prosemirror-model'
import { Plugin } from 'prosemirror-state'
import { isNode } from '../../shape.ts'

/** Whether the document is one empty paragraph. */
export function isBlank(doc: Node): boolean {
  const first = doc.firstChild
  if (doc.childCount === 0) return true
  return (
    doc.childCount === 1 &&
    isNode(first, 'block') &&
    first.content.size === 0 &&
    first.attrs['kind'] === 'paragraph'
  )
}

export function placeholderPlugin(text: string): Plugin {
  return new Plugin({
    props: {
      attributes: (state) => ({
        class: isBlank(state.doc) ? 'is-blank' : '',
        'aria-placeholder': text,
      }),
    },
    view(view) {
      view.dom.style.setProperty('--quire-placeholder', JSON.stringify(text))
      return {}
    },
  })
}

/**
 * The empty area below the last block. A press there puts the caret in a paragraph at the end,
 * written by this person's own action; nothing is ever appended by just looking.
 */
import { Plugin, Selection } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { insertParagraphAt } from '../blocks/enter.ts'
import { isNode } from '../../shape.ts'

/** Puts the caret in an empty paragraph at the end, making one unless it is there. */
function startAtEnd(view: EditorView): void {
  const { doc, tr } = view.state
  const last = doc.lastChild
  const isEmptyParagraph =
    isNode(last, 'block') && last.content.size === 0 && last.attrs['kind'] === 'paragraph'
  if (isEmptyParagraph) tr.setSelection(Selection.atEnd(doc))
  else insertParagraphAt(tr, doc.content.size)
  view.dispatch(tr.scrollIntoView())
  view.focus()
}

export function tailPlugin(): Plugin {
  return new Plugin({
    props: {
      handleDOMEvents: {
        mousedown(view, event) {
          if (event.target !== view.dom || event.button !== 0 || !view.editable) return false
          const last = view.dom.lastElementChild
          if (!last || event.clientY <= last.getBoundingClientRect().bottom) return false
          event.preventDefault()
          startAtEnd(view)
          return true
        },
      },
    },
  })
}

/** A range of the document as something a panel can float at; asked again on every look, so it follows edits. */
import type { VirtualElement } from '@floating-ui/dom'
import type { EditorView } from 'prosemirror-view'

export function rangeAnchor(
  view: EditorView,
  range: () => { readonly from: number; readonly to: number },
): VirtualElement {
  return {
    contextElement: view.dom,
    getBoundingClientRect() {
      const { from, to } = range()
      const { size } = view.state.doc.content
      const start = rectAt(view, Math.min(from, size), 1)
      const end = rectAt(view, Math.min(to, size), -1)
      const isOneLine = Math.abs(start.top - end.top) < 4
      const left = isOneLine
        ? Math.min(start.left, end.left)
        : view.dom.getBoundingClientRect().left
      const right = isOneLine ? Math.max(start.right, end.right) : left
      return new DOMRect(left, start.top, Math.max(0, right - left), end.bottom - start.top)
    },
  }
}

function rectAt(
  view: EditorView,
  pos: number,
  side: 1 | -1,
): { left: number; right: number; top: number; bottom: number } {
  try {
    return view.coordsAtPos(pos, side)
  } catch {
    // No layout for this position at the moment (hidden editor, test document): the editor's own corner.
    return view.dom.getBoundingClientRect()
  }
}

/**
 * What is being dragged stays what it is now. prosemirror-view copies the selection when a drag begins,
 * and a drop puts that copy in the place of the selection as it is by then: what colleagues typed into
 * it meanwhile would be deleted by whoever drags.
 *
 * Is not about a node that is dragged without being selected (an image): nobody types into those.
 */
import { Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'

/** What prosemirror-view keeps beside what it tells: a node that is dragged without being selected. */
interface Dragging {
  readonly move: boolean
  readonly node?: unknown
}

export function draggedContentPlugin(): Plugin {
  return new Plugin({
    view: () => ({
      update(view: EditorView, before) {
        const dragging: Dragging | null = view.dragging
        if (dragging === null || view.state.doc === before.doc || dragging.node !== undefined)
          return
        // When the selection is gone there is nothing left to move, and the copy is all there is.
        if (view.state.selection.empty) return
        view.dragging = { slice: view.state.selection.content(), move: dragging.move }
      },
    }),
  })
}

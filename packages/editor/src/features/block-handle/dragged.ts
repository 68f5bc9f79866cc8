/**
 * Which blocks are being dragged by their handle. They are followed through every change, so that what
 * is dropped is the block as it is by then, with all that colleagues typed into it meanwhile.
 *
 * 1. Dropped into itself, or after somebody deleted it, nothing happens.
 * 2. Deleting and inserting are separate steps of one transaction, and one step of undo.
 */
import {
  type EditorState,
  Plugin,
  PluginKey,
  TextSelection,
  type Transaction,
} from 'prosemirror-state'
import { dropPoint } from 'prosemirror-transform'
import type { Edit } from '../../edit.ts'

export type Dragged =
  | { readonly kind: 'none' }
  | { readonly kind: 'blocks'; readonly from: number; readonly to: number }
  /** Somebody deleted what is being dragged. */
  | { readonly kind: 'gone' }

const draggedKey = new PluginKey<Dragged>('quire-dragged')
const none: Dragged = { kind: 'none' }

export const draggedIn = (state: EditorState): Dragged => draggedKey.getState(state) ?? none

/** Says what is dragged from now on. */
export const setDragged = (tr: Transaction, dragged: Dragged): Transaction =>
  tr.setMeta(draggedKey, dragged)

export function draggedPlugin(): Plugin<Dragged> {
  return new Plugin<Dragged>({
    key: draggedKey,
    state: {
      init: () => none,
      apply(tr, dragged) {
        const said = tr.getMeta(draggedKey) as Dragged | undefined
        if (said) return said
        if (dragged.kind !== 'blocks' || !tr.docChanged) return dragged
        const from = tr.mapping.map(dragged.from, 1)
        const to = tr.mapping.map(dragged.to, -1)
        return from < to ? { kind: 'blocks', from, to } : { kind: 'gone' }
      },
    },
    props: {
      handleDrop(view, event, slice) {
        const dragged = draggedIn(view.state)
        if (dragged.kind === 'none') return false
        const tr = setDragged(view.state.tr, none)
        const place = view.posAtCoords({ left: event.clientX, top: event.clientY })
        const target = place && dropPoint(tr.doc, place.pos, slice)
        if (dragged.kind === 'blocks' && typeof target === 'number') {
          moveTo(dragged.from, dragged.to, target)(tr)
        }
        view.dispatch(tr.setMeta('uiEvent', 'drop'))
        view.focus()
        return true
      },
    },
  })
}

/** Moves whole blocks to a place between blocks. False where they are already. */
export function moveTo(from: number, to: number, target: number): Edit {
  return (tr) => {
    if (target >= from && target <= to) return false
    const { content } = tr.doc.slice(from, to)
    tr.delete(from, to)
    const at = tr.mapping.map(target)
    tr.insert(at, content)
    tr.setSelection(TextSelection.near(tr.doc.resolve(at + 1)))
    return true
  }
}

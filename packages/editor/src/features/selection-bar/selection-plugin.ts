/** Whether words were selected with the mouse, so that the bar over them is wanted. */
import { Plugin, TextSelection } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { EditorContext } from '../../feature.ts'
import { mountLater } from '../../ui/later.ts'
import { readToolbarState } from '../toolbar/toolbar-state.ts'

/** Words that a mark or a link can be set on. */
function hasWords({ state }: EditorView): boolean {
  const { selection } = state
  return selection instanceof TextSelection && !selection.empty && readToolbarState(state).canFormat
}

export function selectionBarPlugin(context: EditorContext): Plugin {
  /** A press that began in the text has not ended. */
  let isPressed = false
  /** Selecting by mouse has ended, and nothing else was done since. */
  let isByMouse = false
  return new Plugin({
    props: {
      handleDOMEvents: {
        pointerdown: (_view, event) => {
          isByMouse = false
          isPressed = event.pointerType === 'mouse' && event.button === 0
          context.frames.request()
        },
        keydown: () => {
          isByMouse = false
        },
      },
    },
    view(view) {
      // Also where the pointer is let go outside of the text.
      const ended = (): void => {
        if (!isPressed) return
        isPressed = false
        isByMouse = true
        context.frames.request()
      }
      const page = view.dom.ownerDocument
      page.addEventListener('pointerup', ended)
      const release = mountLater(
        context,
        () => isByMouse && hasWords(view),
        ({ mountSelectionBar }) =>
          mountSelectionBar(context, view, () => isByMouse && hasWords(view)),
      )
      return {
        destroy() {
          page.removeEventListener('pointerup', ended)
          release()
        },
      }
    },
  })
}

/** The handle beside a block comes with the first move of a mouse. */
import { Plugin } from 'prosemirror-state'
import type { EditorContext } from '../../feature.ts'
import { listen } from '../../ui/element.ts'
import { mountLater } from '../../ui/later.ts'
import { draggedPlugin } from './dragged.ts'

export const blockHandlePlugins = (context: EditorContext): Plugin[] => [
  draggedPlugin(),
  new Plugin({
    view(view) {
      /** The last move of a mouse over the text. */
      let last: PointerEvent | null = null
      const stop = listen(view.dom, 'pointermove', (event) => {
        if (event.pointerType !== 'mouse') return
        if (last === null) context.frames.request()
        last = event
      })
      const release = mountLater(
        context,
        () => last !== null,
        ({ mountBlockHandle }) => {
          stop()
          return last ? mountBlockHandle(context, view, last) : () => {}
        },
      )
      return {
        destroy() {
          stop()
          release()
        },
      }
    },
  }),
]

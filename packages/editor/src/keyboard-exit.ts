/**
 * A way out for people who use only the keyboard: Tab belongs to the text, but after Escape the next
 * Tab moves the focus on, as the accessibility guidelines ask of every place that keeps Tab.
 */
import { Plugin } from 'prosemirror-state'

export function keyboardExitPlugin(): Plugin {
  let isLeaving = false
  return new Plugin({
    props: {
      handleDOMEvents: {
        keydown(_view, event) {
          if (event.key === 'Tab' && isLeaving) {
            isLeaving = false
            // Handled without preventing the default: the browser moves the focus.
            return true
          }
          if (event.key !== 'Shift') isLeaving = event.key === 'Escape'
          return false
        },
        blur() {
          isLeaving = false
          return false
        },
      },
    },
  })
}

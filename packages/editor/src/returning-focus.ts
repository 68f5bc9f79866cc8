/**
 * Where the caret is when the focus comes back. Browsers sometimes put it to the start of the text, or
 * beside what was pressed, and ProseMirror puts back what was selected: within 200 ms from the start of the
 * document, and after 20 ms from wherever it was found, unless the browser has told of it before. It
 * cannot tell this from somebody who presses Home at once, and does not look when what is pressed is
 * selected already.
 *
 * 1. From the first key on the caret is where the keys have put it.
 * 2. A selected picture that is pressed stays selected.
 */
import type { Clock, Timer } from '@quire/base'
import { NodeSelection, Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'

/** What prosemirror-view does not promise. */
interface Watching {
  readonly input: {
    /** Until 200 ms after it a caret at the start of the document is not believed. */
    lastFocus: number
  }
  /** `flush` reads what the browser has done and not said yet. */
  readonly domObserver: { flush(): void }
}

/** As late as ProseMirror looks. Whoever asked first is woken first. */
const lookMs = 20

export function returningFocusPlugin(clock: Clock): Plugin {
  let hasKey = false
  let look: Timer | undefined
  return new Plugin({
    props: {
      handleDOMEvents: {
        focus(view) {
          hasKey = false
          look?.cancel()
          look = clock.after(lookMs, () => {
            if (hasKey && !view.composing) watchingOf(view).domObserver.flush()
          })
          return false
        },
        keydown(view) {
          hasKey = true
          watchingOf(view).input.lastFocus = 0
          return false
        },
      },
      handleClickOn(view, _pos, _node, nodePos, _event, isDirect) {
        const { selection } = view.state
        const isSelected = selection instanceof NodeSelection && selection.from === nodePos
        // Puts the selection back before the browser tells of the caret that it has made.
        if (isDirect && isSelected) view.focus()
        return false
      },
    },
    view: () => ({ destroy: () => look?.cancel() }),
  })
}

const watchingOf = (view: EditorView): Watching => view as unknown as Watching

/**
 * Somebody who composes with an input method, in a view without a browser: the events that a browser
 * sends, and the transactions that prosemirror-view makes of what the browser does to the text.
 */
import type { EditorView } from 'prosemirror-view'
import type { Peer } from './peers.ts'

export interface Composer {
  /** What is composed becomes `text`, as at every key. */
  update(text: string): void
  /** It is chosen: `text` if given, else as it stands. */
  end(text?: string): void
  /** It is taken back. */
  cancel(): void
  /** What was composed so far and still stands before the caret, so that the next key takes it away. */
  standing(): string
}

let composition = 0

/** Begins to compose where the caret of `peer` is. */
export function compose(peer: Peer): Composer {
  const { view } = peer
  const id = ++composition
  let composed = ''
  send(view, 'compositionstart')
  const standing = (): string => {
    const caret = view.state.selection.$head
    // A browser whose text went away begins anew where the caret is.
    return caret.parent.textBetween(0, caret.parentOffset, '', ' ').endsWith(composed)
      ? composed
      : ''
  }
  const update = (text: string): void => {
    send(view, 'compositionupdate')
    composed = standing()
    let kept = 0
    while (kept < composed.length && composed[kept] === text[kept]) kept += 1
    const { head } = view.state.selection
    const from = head - composed.length + kept
    if (kept < composed.length || text.length > kept) {
      view.dispatch(
        view.state.tr.insertText(text.slice(kept), from, head).setMeta('composition', id),
      )
    }
    composed = text
  }
  return {
    update,
    end(text) {
      if (text !== undefined) update(text)
      send(view, 'compositionend')
    },
    cancel() {
      update('')
      send(view, 'compositionend')
    },
    standing,
  }
}

export function send(view: EditorView, type: string): void {
  const { defaultView } = view.dom.ownerDocument
  if (!defaultView) throw new Error('the view is in no window')
  view.dom.dispatchEvent(new defaultView.Event(type, { bubbles: true }))
}

/**
 * Tells others where this user's caret is: the field `cursor` of the local presence state, as two
 * relative positions in y-prosemirror's form, so that editors with its cursor plugin show us too.
 * It is sent when it changes, and stays when the editor loses the focus.
 */
import { Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { relativeIn } from './caret-places.ts'
import { yBindingOf } from './y-prosemirror.ts'

/** Must stand after the sync plugin, so that the shared document already holds what was typed. */
export function caretPresencePlugin(awareness: Awareness): Plugin {
  const publish = (view: EditorView): void => {
    const binding = yBindingOf(view.state)
    const state = awareness.getLocalState()
    // No state: presence is switched off, and a caret must not switch it on.
    if (!binding || state === null || !view.hasFocus()) return
    const { anchor, head } = view.state.selection
    const from = relativeIn(binding, view.state.doc, anchor)
    const to = anchor === head ? from : relativeIn(binding, view.state.doc, head)
    if (!from || !to) return
    const old = state['cursor'] as { anchor?: unknown; head?: unknown } | null | undefined
    const cursor = { anchor: Y.relativePositionToJSON(from), head: Y.relativePositionToJSON(to) }
    if (JSON.stringify(old) !== JSON.stringify(cursor))
      awareness.setLocalStateField('cursor', cursor)
  }
  return new Plugin({
    props: {
      handleDOMEvents: {
        focus: (view) => {
          publish(view)
          return false
        },
      },
    },
    view: () => ({
      update(view, before) {
        if (view.state.selection !== before.selection || view.state.doc !== before.doc)
          publish(view)
      },
      destroy() {
        if (awareness.getLocalState()?.['cursor']) awareness.setLocalStateField('cursor', null)
      },
    }),
  })
}

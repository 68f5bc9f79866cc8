/** The range that a panel with its own text fields is about, kept and shown while the focus is there. */
import { type EditorState, Plugin, PluginKey } from 'prosemirror-state'
import { Decoration, DecorationSet, type EditorView } from 'prosemirror-view'

/** The range an open panel is about; mapped through every change, so colleagues may type meanwhile. */
interface Held {
  readonly from: number
  readonly to: number
}

const heldKey = new PluginKey<Held | null>('quire-held-range')

/** Keeps and shows the range that a panel with its own text fields is about. */
export function heldRangePlugin(): Plugin<Held | null> {
  return new Plugin<Held | null>({
    key: heldKey,
    state: {
      init: () => null,
      apply(tr, held) {
        const meta = tr.getMeta(heldKey) as { held: Held | null } | undefined
        if (meta) return meta.held
        if (!held || !tr.docChanged) return held
        return { from: tr.mapping.map(held.from, 1), to: tr.mapping.map(held.to, -1) }
      },
    },
    props: {
      decorations(state) {
        const held = heldKey.getState(state)
        if (!held || held.from >= held.to) return null
        return DecorationSet.create(state.doc, [
          Decoration.inline(held.from, held.to, { class: 'quire-held' }),
        ])
      },
    },
  })
}

/** Keeps a range from now on; null for none. */
export function hold(view: EditorView, held: Held | null): void {
  view.dispatch(view.state.tr.setMeta(heldKey, { held }).setMeta('addToHistory', false))
}

/** What the panel is about, now. */
export function heldRange(state: EditorState): Held {
  const held = heldKey.getState(state)
  return held ? { from: held.from, to: Math.max(held.from, held.to) } : state.selection
}

/** The bar at a callout comes with the caret. */
import { Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { EditorContext } from '../../feature.ts'
import { isNode, type Tone } from '../../shape.ts'
import { mountLater } from '../../ui/later.ts'

export function calloutTone(view: EditorView): Tone | null {
  const { parent } = view.state.selection.$from
  if (!isNode(parent, 'block') || parent.attrs['kind'] !== 'callout') return null
  return (parent.attrs['tone'] as Tone | null) ?? 'info'
}

export function calloutBarPlugin(context: EditorContext): Plugin {
  return new Plugin({
    view: (view) => ({
      destroy: mountLater(
        context,
        () => calloutTone(view) !== null,
        ({ mountCalloutBar }) => mountCalloutBar(context, view),
      ),
    }),
  })
}

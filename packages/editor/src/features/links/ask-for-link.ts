/** What of links is fetched when it is needed: the panel for address and text, the bar of the link under the caret. */
import { Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { EditorContext } from '../../feature.ts'
import { later, mountLater } from '../../ui/later.ts'
import { rangeAnchor } from '../../ui/range-anchor.ts'
import { selectedLink } from './commands.ts'

/** Asks for address and text of the link at the selection. */
export const askForLink = (context: EditorContext, view: EditorView): true =>
  later(
    context,
    rangeAnchor(view, () => view.state.selection),
    ({ openLinkEditor }) => openLinkEditor(context, view),
  )

/** The bar of the link under the caret comes with it. */
export function linkBarPlugin(context: EditorContext): Plugin {
  return new Plugin({
    view: (view) => ({
      destroy: mountLater(
        context,
        () => view.state.selection.empty && selectedLink(view.state) !== null,
        ({ mountLinkBar }) => mountLinkBar(context, view),
      ),
    }),
  })
}

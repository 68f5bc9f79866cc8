/** The bar at a code block comes with the caret. */
import { Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { EditorContext } from '../../feature.ts'
import type { Placed } from '../../selected-blocks.ts'
import { isNode } from '../../shape.ts'
import { mountLater } from '../../ui/later.ts'

export function codeAround(view: EditorView): Placed | null {
  const { $from, $to } = view.state.selection
  const isCode = isNode($from.parent, 'code_block') && $from.sameParent($to)
  return isCode ? { node: $from.parent, pos: $from.before() } : null
}

export function codeBarPlugin(context: EditorContext): Plugin {
  return new Plugin({
    view: (view) => ({
      destroy: mountLater(
        context,
        () => codeAround(view) !== null,
        ({ mountCodeBar }) => mountCodeBar(context, view),
      ),
    }),
  })
}

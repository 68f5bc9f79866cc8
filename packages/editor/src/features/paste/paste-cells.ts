/**
 * Pasting from spreadsheets: cells go into the cells of the table around the caret, and elsewhere become
 * a table of their own. Who does that is fetched when it is first needed (`put-cells.ts`).
 */
import type { Node, Slice } from 'prosemirror-model'
import { Plugin } from 'prosemirror-state'
import type { EditorContext } from '../../feature.ts'
import { isNode } from '../../shape.ts'
import { later } from '../../ui/later.ts'

export function pasteCellsPlugin(context: EditorContext): Plugin {
  return new Plugin({
    props: {
      handlePaste(view, _event, slice) {
        const table = tableIn(slice)
        return table !== null && later(context, view.dom, ({ putCells }) => putCells(view, table))
      },
    },
  })
}

/** The one table that a slice consists of, but for blocks without content around it; null for anything else. */
function tableIn({ content, openStart, openEnd }: Slice): Node | null {
  if (openStart > 0 || openEnd > 0) return null
  const [table, ...others] = content.content.filter((node) => node.content.size > 0 || node.isAtom)
  return table && others.length === 0 && isNode(table, 'table') ? table : null
}

/** Tables on screen: cell selection, column widths, the table's bar, and rescue of cells without a block. */
import { type Command, Plugin, Selection } from 'prosemirror-state'
import { tableEditingPlugin } from '@quire/binding'
import { columnResizing, goToNextCell, isInTable } from 'prosemirror-tables'
import type { EditorContext } from '../../feature.ts'
import { isNode, nodeTypeIn } from '../../shape.ts'
import { mountLater } from '../../ui/later.ts'
import { clearCells, nextCell } from './commands.ts'

export const tableKeys: Readonly<Record<string, Command>> = {
  Tab: nextCell,
  'Shift-Tab': goToNextCell(-1),
  Backspace: clearCells,
  'Mod-Backspace': clearCells,
  Delete: clearCells,
  'Mod-Delete': clearCells,
}

export function tablePlugins(context: EditorContext): readonly Plugin[] {
  return [
    columnResizing({ cellMinWidth: 48, defaultCellMinWidth: 96 }),
    tableEditingPlugin(),
    emptyCellPlugin(),
    new Plugin({
      view: (view) => ({
        destroy: mountLater(
          context,
          () => isInTable(view.state),
          ({ mountTableBar }) => mountTableBar(context, view),
        ),
      }),
    }),
  ]
}

/** Two people deleting at once can leave a cell without a block; a press in it writes one. */
function emptyCellPlugin(): Plugin {
  return new Plugin({
    props: {
      handleClickOn(view, _pos, node, nodePos) {
        if (!isNode(node, 'table_cell') || node.childCount > 0 || !view.editable) return false
        const tr = view.state.tr.insert(nodePos + 1, nodeTypeIn(view.state, 'block').create())
        view.dispatch(tr.setSelection(Selection.near(tr.doc.resolve(nodePos + 2))))
        return true
      },
    },
  })
}

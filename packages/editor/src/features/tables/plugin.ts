/** Tables on screen: cell selection, column widths, the table's bar, and rescue of cells without a block. */
import { ChevronDown, PanelLeft, PanelTop, Trash2 } from 'lucide'
import { Plugin, Selection, type Command } from 'prosemirror-state'
import { columnResizing, goToNextCell, isInTable, tableEditing } from 'prosemirror-tables'
import type { EditorView } from 'prosemirror-view'
import type { EditorContext } from '../../feature.ts'
import { isNode, nodeTypeIn } from '../../shape.ts'
import { type BarButton, mountFloatingBar } from '../../ui/floating-bar.ts'
import type { MenuEntry } from '../../ui/menu.ts'
import { openMenu } from '../../ui/open-menu.ts'
import { cellColorChoice, openColorPopover } from '../colors/color-popover.ts'
import {
  clearCells,
  hasHeaderColumn,
  hasHeaderRow,
  nextCell,
  setCellAlign,
  setCellBackground,
  tableAround,
  tableCommands,
} from './commands.ts'

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
    tableEditing(),
    emptyCellPlugin(),
    tableBarPlugin(context),
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

function tableBarPlugin(context: EditorContext): Plugin {
  const entry = (
    label: string,
    command: Command,
    view: EditorView,
    isDangerous = false,
  ): MenuEntry => ({
    label,
    isDangerous,
    isDisabled: !command(view.state),
    run: () => {
      command(view.state, view.dispatch, view)
      view.focus()
    },
  })
  const menu = (
    text: string,
    label: string,
    entries: (view: EditorView, button: HTMLElement) => readonly MenuEntry[],
  ): BarButton => ({
    text: () => text,
    label,
    icon: ChevronDown,
    run: (view, button, isByKeyboard) =>
      openMenu(context, { label, button, isByKeyboard, entries: entries(view, button) }),
  })
  const c = tableCommands
  const groups: readonly (readonly BarButton[])[] = [
    [
      menu('Row', 'Row', (view) => [
        entry('Insert above', c.addRowAbove, view),
        entry('Insert below', c.addRowBelow, view),
        { kind: 'separator' },
        entry('Move up', c.moveRowUp, view),
        entry('Move down', c.moveRowDown, view),
        { kind: 'separator' },
        entry('Delete row', c.deleteRow, view, true),
      ]),
      menu('Column', 'Column', (view) => [
        entry('Insert before', c.addColumnBefore, view),
        entry('Insert after', c.addColumnAfter, view),
        { kind: 'separator' },
        entry('Move left', c.moveColumnLeft, view),
        entry('Move right', c.moveColumnRight, view),
        { kind: 'separator' },
        entry('Delete column', c.deleteColumn, view, true),
      ]),
      menu('Cells', 'Cells', (view, button) => [
        entry('Merge cells', c.mergeCells, view),
        entry('Split cell', c.splitCell, view),
        { kind: 'separator' },
        entry('Align left', setCellAlign('left'), view),
        entry('Centre', setCellAlign('center'), view),
        entry('Align right', setCellAlign('right'), view),
        { kind: 'separator' },
        {
          label: 'Colour…',
          run: () =>
            openColorPopover(context, {
              choice: cellColorChoice,
              button,
              current: null,
              takeFocus: false,
              onPick: (color) => {
                setCellBackground(color)(view.state, view.dispatch)
                view.focus()
              },
            }),
        },
      ]),
    ],
    [
      {
        label: 'Header row',
        icon: PanelTop,
        isOn: (view) => {
          const table = tableAround(view.state)
          return table !== null && hasHeaderRow(table.node)
        },
        run: (view) => {
          c.toggleHeaderRow(view.state, view.dispatch)
          view.focus()
        },
      },
      {
        label: 'Header column',
        icon: PanelLeft,
        isOn: (view) => {
          const table = tableAround(view.state)
          return table !== null && hasHeaderColumn(table.node)
        },
        run: (view) => {
          c.toggleHeaderColumn(view.state, view.dispatch)
          view.focus()
        },
      },
      {
        label: 'Delete table',
        icon: Trash2,
        isDangerous: true,
        run: (view) => {
          c.deleteTable(view.state, view.dispatch)
          view.focus()
        },
      },
    ],
  ]
  return new Plugin({
    view(view) {
      const unmount = mountFloatingBar(context, view, {
        label: 'Table',
        groups,
        placement: 'top-start',
        anchorFor: () => {
          const table = isInTable(view.state) ? tableAround(view.state) : null
          const dom = table ? view.nodeDOM(table.pos) : null
          return dom instanceof HTMLElement ? dom : null
        },
      })
      return { destroy: unmount }
    },
  })
}

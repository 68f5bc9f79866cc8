/** The bar over a table: rows, columns, cells, headers. */
import { ChevronDown, PanelLeft, PanelTop, Trash2 } from 'lucide'
import type { Command } from 'prosemirror-state'
import { isInTable } from 'prosemirror-tables'
import type { EditorView } from 'prosemirror-view'
import type { EditorContext } from '../../feature.ts'
import { type BarButton, mountFloatingBar } from '../../ui/floating-bar.ts'
import type { MenuEntry } from '../../ui/menu.ts'
import { openMenu } from '../../ui/open-menu.ts'
import { openPalette } from '../colors/open-palette.ts'
import {
  hasHeaderColumn,
  hasHeaderRow,
  setCellAlign,
  setCellBackground,
  tableAround,
  tableCommands,
} from './commands.ts'

/** Returns its removal. */
export function mountTableBar(context: EditorContext, view: EditorView): () => void {
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
            openPalette(context, {
              choice: 'cell',
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
  return mountFloatingBar(context, view, {
    label: 'Table',
    groups,
    placement: 'top-start',
    anchorFor: () => {
      const table = isInTable(view.state) ? tableAround(view.state) : null
      const dom = table ? view.nodeDOM(table.pos) : null
      return dom instanceof HTMLElement ? dom : null
    },
  })
}

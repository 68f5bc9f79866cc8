/**
 * Pasting from spreadsheets: cells go into the cells of the table around the caret, and elsewhere become
 * a table of their own. A single cell is its words.
 */
import { Plugin, Selection, type Transaction } from 'prosemirror-state'
import { Slice } from 'prosemirror-model'
import { CellSelection, isInTable } from 'prosemirror-tables'
import { insertBlockNode } from '../blocks/insert-block.ts'
import { contentOf, gridOf, tableIn, wholeTable } from './cell-grid.ts'
import { fillCells } from './fill-cells.ts'

export function pasteCellsPlugin(): Plugin {
  return new Plugin({
    props: {
      handlePaste(view, _event, slice) {
        const { state } = view
        const table = tableIn(slice)
        if (!table) return false
        const grid = gridOf(table)
        const dispatch = (tr: Transaction): void =>
          view.dispatch(tr.scrollIntoView().setMeta('paste', true).setMeta('uiEvent', 'paste'))
        const isOne = grid.length === 1 && grid[0]?.length === 1
        if (isOne && !(state.selection instanceof CellSelection)) {
          const words = contentOf(state.schema, grid[0]?.[0] ?? null)
          dispatch(state.tr.replaceSelection(Slice.maxOpen(words)))
          return true
        }
        if (isInTable(state)) return fillCells(grid)(state, dispatch, view)
        const tr = state.tr.deleteSelection()
        const whole = wholeTable(table)
        const end = insertBlockNode(tr, whole)
        if (end === null) return false
        if (!tr.doc.resolve(end).nodeAfter) tr.insert(end, state.schema.node('block'))
        tr.setSelection(Selection.near(tr.doc.resolve(end), 1))
        dispatch(tr)
        return true
      },
    },
  })
}

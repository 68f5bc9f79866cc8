/** Puts pasted cells where the selection is. A single cell is its words. */
import { type Node, Slice } from 'prosemirror-model'
import { Selection, type Transaction } from 'prosemirror-state'
import { CellSelection, isInTable } from 'prosemirror-tables'
import type { EditorView } from 'prosemirror-view'
import { insertBlockNode } from '../blocks/insert-block.ts'
import { contentOf, gridOf, wholeTable } from './cell-grid.ts'
import { fillCells } from './fill-cells.ts'

/** Does nothing in a view-only editor, and where no table may stand. */
export function putCells(view: EditorView, table: Node): void {
  const { state } = view
  if (!view.editable) return
  const grid = gridOf(table)
  const dispatch = (tr: Transaction): void =>
    view.dispatch(tr.scrollIntoView().setMeta('paste', true).setMeta('uiEvent', 'paste'))
  const isOne = grid.length === 1 && grid[0]?.length === 1
  if (isOne && !(state.selection instanceof CellSelection)) {
    const words = contentOf(state.schema, grid[0]?.[0] ?? null)
    return dispatch(state.tr.replaceSelection(Slice.maxOpen(words)))
  }
  if (isInTable(state)) return void fillCells(grid)(state, dispatch, view)
  const tr = state.tr.deleteSelection()
  const end = insertBlockNode(tr, wholeTable(table))
  if (end === null) return
  if (!tr.doc.resolve(end).nodeAfter) tr.insert(end, state.schema.node('block'))
  dispatch(tr.setSelection(Selection.near(tr.doc.resolve(end), 1)))
}

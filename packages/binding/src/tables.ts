/**
 * Tables under many hands. prosemirror-tables mends a ragged table whenever it meets one; with two
 * people each repair meets the other's, and the table grows for ever. So a table is mended only by a
 * table command that a person gave, in the same transaction, and only the table the command is for.
 * Until then a ragged table is shown as it is (`table-gate.ts`).
 */
import {
  type Command,
  type EditorState,
  NodeSelection,
  Plugin,
  Selection,
  type Transaction,
} from 'prosemirror-state'
import { CellSelection, findTable, tableEditing } from 'prosemirror-tables'
import { isRagged, safe, SafeCellSelection } from './cell-selections.ts'
import { isRegular, normalizeTable } from './table-shape.ts'

/**
 * What prosemirror-tables does for tables, but for its repairs: the gate would refuse them, and to find
 * what to repair it looks at every block after every key. Selected cells hold in ragged tables, too, and
 * a ragged table or row can be selected as a node.
 */
export function tableEditingPlugin(): Plugin {
  const { spec } = tableEditing()
  return new Plugin({
    ...spec,
    appendTransaction(trs, _before, state) {
      const { selection, tr } = state
      if (selection instanceof CellSelection) {
        return selection instanceof SafeCellSelection ? null : tr.setSelection(safe(selection))
      }
      // It would make a selection of cells of it, and throws where one is missing.
      if (selection instanceof NodeSelection && isInRagged(selection)) return null
      // Told that nothing has changed, it looks for nothing to repair.
      return spec.appendTransaction?.call(this, trs, state, state)
    },
  })
}

/** Whether a node is a ragged table, or a row or a cell of one. */
function isInRagged({ node, $from }: NodeSelection): boolean {
  if (isRagged(node)) return true
  const depth = { row: $from.depth, cell: $from.depth - 1, header_cell: $from.depth - 1 }[
    String(node.type.spec['tableRole'])
  ]
  return depth !== undefined && isRagged($from.node(depth))
}

/**
 * A command of prosemirror-tables that meets a rectangular table and leaves one, in which every cell
 * can hold a caret. Everything it does is one transaction, so one step of undo. Outside a table it is
 * the command it was given.
 */
export function tableCommand(command: Command): Command {
  return (state, dispatch, view) => {
    const table = findTable(state.selection.$from)
    if (!table) return command(state, dispatch, view)
    if (isRegular(table.node)) {
      return command(state, dispatch && ((tr) => dispatch(mended(tr, table.pos))), view)
    }
    const before = state.tr
    normalizeTable(before, table.pos)
    const regular = state.apply(before)
    return command(
      regular,
      dispatch && ((tr) => dispatch(mended(continued(state, before, tr), table.pos))),
      view,
    )
  }
}

/** `pos` is where the table was before `tr`. */
function mended(tr: Transaction, pos: number): Transaction {
  const at = tr.mapping.mapResult(pos, 1)
  return at.deletedAfter ? tr : normalizeTable(tr, at.pos)
}

/** One transaction that does `first` and then what `second`, made on its result, does. */
function continued(state: EditorState, first: Transaction, second: Transaction): Transaction {
  const tr = state.tr
  for (const step of [...first.steps, ...second.steps]) tr.step(step)
  tr.setSelection(Selection.fromJSON(tr.doc, second.selection.toJSON()))
  return second.scrolledIntoView ? tr.scrollIntoView() : tr
}

/**
 * Tables under many hands. prosemirror-tables repairs ragged tables whenever it meets one; with two
 * people each repair meets the other's, and the table grows for ever. So repairs happen only inside a
 * table command that a person gave, once, in the same transaction. Until then a ragged table is shown
 * as it is.
 */
import type { Node } from 'prosemirror-model'
import { type Command, EditorState, Plugin, type Transaction } from 'prosemirror-state'
import { fixTables, fixTablesKey } from 'prosemirror-tables'

/** Refuses the repairs that prosemirror-tables appends by itself. */
export function tableGatePlugin(): Plugin {
  return new Plugin({ filterTransaction: (tr) => tr.getMeta(fixTablesKey) === undefined })
}

/**
 * A table command whose result is rectangular and whose cells can hold a caret. Everything it does is
 * one transaction, so one step of undo. Apart from that it is the command it was given.
 */
export function tableCommand(command: Command): Command {
  return (state, dispatch, view) =>
    command(state, dispatch && ((tr) => dispatch(normalizeTables(tr))), view)
}

/** Makes the tables in `tr.doc` rectangular and puts an empty block into each empty cell. Adds steps to `tr` and returns it. */
export function normalizeTables(tr: Transaction): Transaction {
  const repaired = fixTables(EditorState.create({ doc: tr.doc }))
  for (const step of repaired?.steps ?? []) tr.step(step)
  const empty: { readonly pos: number; readonly filling: Node }[] = []
  tr.doc.descendants((node, pos) => {
    if (node.type.spec['tableRole'] === 'cell' && node.childCount === 0) {
      const filling = node.type.contentMatch.defaultType?.createAndFill()
      if (filling) empty.push({ pos: pos + 1, filling })
    }
    return !node.isTextblock
  })
  for (const { pos, filling } of empty.reverse()) tr.insert(pos, filling)
  return tr
}

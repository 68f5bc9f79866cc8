/**
 * Edits: changes written against a transaction, so that several become one step of undo and one
 * update on the wire. Commands, keys, input rules and menus are all made of them.
 *
 * 1. An edit that returns false has not changed the transaction.
 * 2. An edit reads only the transaction (`tr.doc`, `tr.selection`), never an older state.
 */
import type { Command, Transaction } from 'prosemirror-state'

/** Makes its change in `tr` and says whether it applied. */
export type Edit = (tr: Transaction) => boolean

/** An edit as a ProseMirror command that scrolls to the result. */
export function commandOf(edit: Edit): Command {
  return (state, dispatch) => {
    const { tr } = state
    if (!edit(tr)) return false
    dispatch?.(tr.scrollIntoView())
    return true
  }
}

/** One edit after another in one transaction. The first decides whether any of it happens. */
export function inOrder(first: Edit, ...rest: Edit[]): Edit {
  return (tr) => {
    if (!first(tr)) return false
    for (const edit of rest) edit(tr)
    return true
  }
}

/** The first edit that applies. */
export function firstOf(...edits: Edit[]): Edit {
  return (tr) => edits.some((edit) => edit(tr))
}

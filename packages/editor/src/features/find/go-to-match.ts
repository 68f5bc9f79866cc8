/** Going from match to match. */
import { type Command, type EditorState, TextSelection, type Transaction } from 'prosemirror-state'
import { findIn } from './find-state.ts'
import { firstFrom, indexOf, type Match } from './matches.ts'

/** Selects the next match behind the selection, or the one before it; goes round at the ends. */
export function goToMatch(direction: 1 | -1): Command {
  return (state, dispatch) => {
    const { matches } = findIn(state)
    const match = matches[stepFrom(state, matches, direction)]
    if (!match) return false
    dispatch?.(select(state.tr, match).scrollIntoView())
    return true
  }
}

function stepFrom(state: EditorState, matches: readonly Match[], direction: 1 | -1): number {
  const { selection } = state
  const isAtMatch = indexOf(matches, selection) >= 0
  if (direction === 1) {
    const next = firstFrom(matches, isAtMatch ? selection.to : selection.from)
    return next < matches.length ? next : 0
  }
  const before = firstFrom(matches, selection.from) - 1
  return before >= 0 ? before : matches.length - 1
}

export function select(tr: Transaction, { from, to }: Match): Transaction {
  return tr.setSelection(TextSelection.create(tr.doc, from, to))
}

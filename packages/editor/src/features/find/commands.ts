/** Going from match to match, and replacing. Replacing all is one transaction, so one step of undo. */
import type { SearchQuery, SearchResult } from 'prosemirror-search'
import { type Command, type EditorState, TextSelection, type Transaction } from 'prosemirror-state'
import { findIn } from './find-state.ts'
import { alone, firstFrom, indexOf, type Match, resultsIn } from './matches.ts'

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

/** Replaces the chosen match and goes to the next; chooses one first when none is. */
export const replaceMatch: Command = (state, dispatch) => {
  const { query, matches } = findIn(state)
  const { from, to, $from } = state.selection
  if (indexOf(matches, { from, to }) < 0) return goToMatch(1)(state, dispatch)
  const { parent } = $from
  const start = $from.start()
  const result = resultsIn(parent, query).find((one) => start + one.from === from)
  if (!result) return false
  if (dispatch) {
    const { tr } = state
    replaceIn(tr, start, alone(parent), query, result)
    const after = tr.mapping.map(to)
    const next = matches.find((match) => match.from >= to)
    if (next) select(tr, { from: tr.mapping.map(next.from), to: tr.mapping.map(next.to) })
    else tr.setSelection(TextSelection.near(tr.doc.resolve(after)))
    dispatch(tr.scrollIntoView())
  }
  return true
}

/** Replaces every match in the document. False when there is none. */
export const replaceAllMatches: Command = (state, dispatch) => {
  const { query, matches } = findIn(state)
  if (matches.length === 0) return false
  if (!dispatch) return true
  const { tr, doc } = state
  const blocks: { readonly start: number; readonly block: typeof doc }[] = []
  doc.descendants((block, pos) => {
    if (!block.isTextblock) return true
    blocks.push({ start: pos + 1, block })
    return false
  })
  // From the end, so that no position needs mapping.
  for (const { start, block } of blocks.reverse()) {
    const state = alone(block)
    for (const result of [...resultsIn(block, query)].reverse()) {
      replaceIn(tr, start, state, query, result)
    }
  }
  dispatch(tr)
  return true
}

function select(tr: Transaction, { from, to }: Match): Transaction {
  return tr.setSelection(TextSelection.create(tr.doc, from, to))
}

/** Writes the replacement of one result of the block whose content begins at `start`. */
function replaceIn(
  tr: Transaction,
  start: number,
  block: EditorState,
  query: SearchQuery,
  result: SearchResult,
): void {
  for (const { from, to, insert } of query.getReplacements(block, result).reverse()) {
    tr.replace(start + from, start + to, insert)
  }
}

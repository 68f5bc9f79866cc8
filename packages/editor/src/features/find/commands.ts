/** Replacing matches. Replacing all is one transaction, so one step of undo. Not needed before the bar is. */
import type { SearchQuery, SearchResult } from 'prosemirror-search'
import { type Command, type EditorState, TextSelection, type Transaction } from 'prosemirror-state'
import { findIn } from './find-state.ts'
import { goToMatch, select } from './go-to-match.ts'
import { alone, indexOf, resultsIn } from './matches.ts'

/** Replaces the chosen match and goes to the next; chooses one first when none is. */
export const replaceMatch: Command = (state, dispatch) => {
  const { query, matches } = findIn(state)
  const { from, to, $from } = state.selection
  if (!query || indexOf(matches, { from, to }) < 0) return goToMatch(1)(state, dispatch)
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
  if (!query || matches.length === 0) return false
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

/**
 * Where a search finds something. A match lies in one block of text. What was found in a block is
 * remembered with the block, so that a key in a long document costs the look at one of them.
 * Is not about what is shown or chosen; `find-state.ts` keeps that.
 */
import type { Node } from 'prosemirror-model'
import type { SearchQuery, SearchResult } from 'prosemirror-search'
import { EditorState } from 'prosemirror-state'

/** Positions in the document. Never empty. */
export interface Match {
  readonly from: number
  readonly to: number
}

const remembered = new WeakMap<SearchQuery, WeakMap<Node, readonly SearchResult[]>>()

/** A block of text on its own, as the search library wants to see it. */
export const alone = (block: Node): EditorState => EditorState.create({ doc: block })

/** What `query` finds in one block; positions count from the beginning of its content. */
export function resultsIn(block: Node, query: SearchQuery): readonly SearchResult[] {
  let blocks = remembered.get(query)
  if (!blocks) remembered.set(query, (blocks = new WeakMap()))
  const known = blocks.get(block)
  if (known) return known
  const results: SearchResult[] = []
  if (block.content.size > 0) {
    const state = alone(block)
    for (let at = 0; ; ) {
      const result = query.findNext(state, at)
      if (!result) break
      // A pattern may match nothing at all; there is nothing to show or to replace.
      if (result.to > result.from) results.push(result)
      at = Math.max(result.to, at + 1)
    }
  }
  blocks.set(block, results)
  return results
}

/** All matches in the order of the document; none for a query that is empty or no valid pattern. */
export function matchesIn(doc: Node, query: SearchQuery): readonly Match[] {
  if (!query.valid) return []
  const matches: Match[] = []
  doc.descendants((block, pos) => {
    if (!block.isTextblock) return true
    for (const { from, to } of resultsIn(block, query)) {
      matches.push({ from: pos + 1 + from, to: pos + 1 + to })
    }
    return false
  })
  return matches
}

/** The index of the first match that begins at `pos` or behind it; the count of matches when there is none. */
export function firstFrom(matches: readonly Match[], pos: number): number {
  let low = 0
  let high = matches.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((matches[middle] as Match).from < pos) low = middle + 1
    else high = middle
  }
  return low
}

/** The index of the match that is exactly this range, or -1. */
export function indexOf(matches: readonly Match[], { from, to }: Match): number {
  const index = firstFrom(matches, from)
  const match = matches[index]
  return match && match.from === from && match.to === to ? index : -1
}

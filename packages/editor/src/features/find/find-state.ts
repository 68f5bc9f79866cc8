/**
 * What is searched for, where it is found, and how that is shown. Matches follow every edit, a
 * colleague's too. The chosen match is the selection; nothing else remembers it.
 *
 * 1. Without a query the plugin costs nothing.
 * 2. All matches are counted; those around the caret are marked, at most `marksMax`.
 */
import type { SearchQuery } from 'prosemirror-search'
import { type EditorState, Plugin, PluginKey, type Transaction } from 'prosemirror-state'
import { Decoration, DecorationSet } from 'prosemirror-view'
import { firstFrom, indexOf, type Match, matchesIn } from './matches.ts'

export interface Find {
  /** Null until somebody searches. */
  readonly query: SearchQuery | null
  readonly matches: readonly Match[]
  readonly marks: DecorationSet
}

/** More than a few screens of them; each is an element of its own in the page. */
const marksMax = 1_000

const findKey = new PluginKey<Find>('quire-find')
const nothing: Find = { query: null, matches: [], marks: DecorationSet.empty }

export const findIn = (state: EditorState): Find => findKey.getState(state) ?? nothing

/** Searches for something else; an empty query ends the search. */
export const setQuery = (tr: Transaction, query: SearchQuery): Transaction =>
  tr.setMeta(findKey, query).setMeta('addToHistory', false)

export function findStatePlugin(): Plugin<Find> {
  return new Plugin<Find>({
    key: findKey,
    state: {
      init: () => nothing,
      apply(tr, find, before, state) {
        const asked = tr.getMeta(findKey) as SearchQuery | undefined
        const query = asked ?? find.query
        if (!query?.valid) return asked ? { ...nothing, query } : find
        const isMoved = !before.selection.eq(state.selection)
        if (!asked && !tr.docChanged && !isMoved) return find
        const matches = asked || tr.docChanged ? matchesIn(state.doc, query) : find.matches
        return { query, matches, marks: marksOf(state, matches) }
      },
    },
    props: { decorations: (state) => findIn(state).marks },
  })
}

function marksOf({ doc, selection }: EditorState, matches: readonly Match[]): DecorationSet {
  const chosen = indexOf(matches, selection)
  const middle = firstFrom(matches, selection.from)
  const first = Math.max(0, Math.min(middle - marksMax / 2, matches.length - marksMax))
  return DecorationSet.create(
    doc,
    matches.slice(first, first + marksMax).map(({ from, to }, index) =>
      Decoration.inline(from, to, {
        class: first + index === chosen ? 'quire-found is-chosen' : 'quire-found',
      }),
    ),
  )
}

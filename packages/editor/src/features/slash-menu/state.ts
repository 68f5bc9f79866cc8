/**
 * Where the slash menu is in the text and what was typed after the slash.
 *
 * 1. It opens only by a slash typed by this person, at the start of a block or after white space.
 * 2. The slash is followed through every change, so colleagues typing elsewhere never close it.
 * 3. It closes when the caret leaves the typed words, and on Escape; the words then stay as text.
 */
import { Plugin, PluginKey, type EditorState, type Transaction } from 'prosemirror-state'
import { nodes } from '../../shape.ts'

export interface Slash {
  /** Position of the slash. */
  readonly from: number
  /** The typed words after it. */
  readonly query: string
}

type SlashMeta = { readonly open: number } | { readonly close: true }

export const slashKey: PluginKey<Slash | null> = new PluginKey<Slash | null>('quire-slash-menu')

/** Longer than any entry's name: somebody is writing a sentence, not looking for a block. */
const queryCharsMax = 24

/** Ends the menu; what was typed stays. */
export function closeSlash(tr: Transaction): Transaction {
  return tr.setMeta(slashKey, { close: true } satisfies SlashMeta)
}

/** The typed words behind the slash at `from`, or null when the caret is not in them any more. */
function queryAt(state: EditorState, from: number): string | null {
  const { $from, empty } = state.selection
  if (!empty || !$from.parent.isTextblock || from < $from.start() || from >= $from.pos) return null
  const typed = $from.parent.textBetween(from - $from.start(), $from.parentOffset, '\n', '\n')
  if (!typed.startsWith('/')) return null
  const query = typed.slice(1)
  const isSentence = query.length > queryCharsMax || /^\s|\n|\s{2}/.test(query)
  return isSentence ? null : query
}

export function slashStatePlugin(): Plugin<Slash | null> {
  return new Plugin<Slash | null>({
    key: slashKey,
    state: {
      init: () => null,
      apply(tr, slash, _before, state) {
        const meta = tr.getMeta(slashKey) as SlashMeta | undefined
        if (meta && 'close' in meta) return null
        if (!meta && !slash) return null
        const from = meta ? meta.open : tr.mapping.mapResult(slash?.from ?? 0, 1)
        const pos = typeof from === 'number' ? from : from.deletedAfter ? null : from.pos
        if (pos === null) return null
        const query = queryAt(state, pos)
        if (query === null) return null
        return slash && slash.from === pos && slash.query === query ? slash : { from: pos, query }
      },
    },
    props: {
      handleTextInput(view, from, to, text) {
        if (text !== '/' || from !== to || view.composing) return false
        const $from = view.state.doc.resolve(from)
        if ($from.parent.type !== nodes.block) return false
        const before = $from.parent.textBetween(0, $from.parentOffset, '\n', '\ufffc')
        if (before && !/\s$/.test(before)) return false
        const tr = view.state.tr.insertText('/', from)
        view.dispatch(tr.setMeta(slashKey, { open: from } satisfies SlashMeta).scrollIntoView())
        return true
      },
    },
  })
}

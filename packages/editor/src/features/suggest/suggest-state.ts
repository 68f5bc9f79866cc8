/**
 * Which trigger is open, where its sign is in the text, and what was typed behind it.
 *
 * 1. It opens only by a sign typed by this person, where the trigger allows it.
 * 2. The sign is followed through every change, so colleagues typing elsewhere never close it.
 * 3. It closes when the caret leaves the typed words, and on Escape; the words then stay as text.
 */
import { type EditorState, Plugin, PluginKey, type Transaction } from 'prosemirror-state'
import { isMark } from '../../shape.ts'
import type { Trigger } from './trigger.ts'

export interface Asked {
  readonly trigger: Trigger
  /** Position of the sign. */
  readonly from: number
  /** The typed words behind it. */
  readonly query: string
}

type Change =
  | { readonly kind: 'open'; readonly trigger: Trigger; readonly from: number }
  | { readonly kind: 'close' }

const suggestKey = new PluginKey<Asked | null>('quire-suggest')

export const askedIn = (state: EditorState): Asked | null => suggestKey.getState(state) ?? null

/** Ends the list; what was typed stays. */
export function closeSuggest(tr: Transaction): Transaction {
  return tr.setMeta(suggestKey, { kind: 'close' } satisfies Change)
}

/** The typed words behind the sign at `from`, or null when the caret is not in them any more. */
function queryAt({ selection }: EditorState, trigger: Trigger, from: number): string | null {
  const { $from, empty } = selection
  if (!empty || !$from.parent.isTextblock || from < $from.start() || from >= $from.pos) return null
  const typed = $from.parent.textBetween(from - $from.start(), $from.parentOffset, '\n', '\n')
  if (!typed.startsWith(trigger.sign)) return null
  const query = typed.slice(trigger.sign.length)
  return query.length <= trigger.queryCharsMax && trigger.isQuery(query) ? query : null
}

export function suggestStatePlugin(triggers: readonly Trigger[]): Plugin<Asked | null> {
  return new Plugin<Asked | null>({
    key: suggestKey,
    state: {
      init: () => null,
      apply(tr, asked, _before, state) {
        const change = tr.getMeta(suggestKey) as Change | undefined
        if (change?.kind === 'close') return null
        if (change) return { trigger: change.trigger, from: change.from, query: '' }
        if (!asked) return null
        const { trigger } = asked
        const sign = tr.mapping.mapResult(asked.from, 1)
        if (sign.deletedAfter) return null
        const query = queryAt(state, trigger, sign.pos)
        if (query === null) return null
        const isSame = asked.from === sign.pos && asked.query === query
        return isSame ? asked : { trigger, from: sign.pos, query }
      },
    },
    props: {
      handleTextInput(view, from, to, text) {
        if (from !== to || view.composing) return false
        const { state } = view
        const trigger = triggers.find(({ sign }) => sign === text)
        const $from = state.doc.resolve(from)
        const isCode = (state.storedMarks ?? $from.marks()).some((mark) => isMark(mark, 'code'))
        if (!trigger || isCode) return false
        const before = $from.parent.textBetween(0, $from.parentOffset, '\n', '\ufffc')
        if (!trigger.mayOpen($from.parent, before)) return false
        const tr = state.tr.insertText(text, from)
        const open: Change = { kind: 'open', trigger, from }
        view.dispatch(tr.setMeta(suggestKey, open).scrollIntoView())
        return true
      },
    },
  })
}

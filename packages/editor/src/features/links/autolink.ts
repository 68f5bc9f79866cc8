/** Addresses that are typed become links: with the space or the Enter behind them, one undo away from plain text. */
import { InputRule } from 'prosemirror-inputrules'
import type { Command, EditorState, Transaction } from 'prosemirror-state'
import { markTypeIn } from '../../shape.ts'
import { hrefFrom } from './safe-href.ts'

const address = String.raw`(?:^|[\s([{<"'“‘„«])((?:https?:\/\/|www\.)[^\s<>"”’»]+)`

/** Links the address that ends at `end`; null when it is none, or is a link already. */
function linked(state: EditorState, words: string, end: number): Transaction | null {
  const shown = withoutTail(words)
  const href = hrefFrom(shown)
  const from = end - words.length
  const to = from + shown.length
  const link = markTypeIn(state, 'link')
  const isAllowed = state.doc.resolve(from).parent.type.allowsMarkType(link)
  if (!href || !isAllowed || state.doc.rangeHasMark(from, to, link)) return null
  return state.tr.addMark(from, to, link.create({ href })).removeStoredMark(link)
}

/** Signs of the sentence around an address are not part of it; a bracket is, when the address opened it. */
function withoutTail(words: string): string {
  let shown = words
  for (;;) {
    const last = shown.at(-1) ?? ''
    const isTail = /[.,;:!?'…]/.test(last) || (/[)\]}]/.test(last) && !isBalanced(shown))
    if (!isTail) return shown
    shown = shown.slice(0, -1)
  }
}

const isBalanced = (words: string): boolean => {
  const count = (signs: RegExp): number => words.match(signs)?.length ?? 0
  return count(/[([{]/g) >= count(/[)\]}]/g)
}

export const autolinkRule: InputRule = new InputRule(
  new RegExp(`${address}(\\s)$`, 'i'),
  (state, match, _start, end) => {
    const [, words = '', space = ''] = match
    return linked(state, words, end)?.insert(end, state.schema.text(space)) ?? null
  },
  { inCodeMark: false },
)

/** Links the address before the caret and leaves the key to others. */
export const linkBeforeCaret: Command = (state, dispatch) => {
  const { $from, empty } = state.selection
  if (!empty || !$from.parent.isTextblock || markTypeIn(state, 'code').isInSet($from.marks()))
    return false
  const typed = $from.parent.textBetween(0, $from.parentOffset, '', '\ufffc')
  const words = new RegExp(`${address}$`, 'i').exec(typed)?.[1]
  const tr = words && linked(state, words, $from.pos)
  if (tr) dispatch?.(tr)
  return false
}

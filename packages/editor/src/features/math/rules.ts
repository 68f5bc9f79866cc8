/** Formulas while typing: `$x$` in a line; `$$` and a space or Enter, alone in a block, asks for one. */
import { InputRule } from 'prosemirror-inputrules'
import type { Command } from 'prosemirror-state'
import type { EditorContext } from '../../feature.ts'
import { isNode, nodeTypeIn } from '../../shape.ts'
import { later } from '../../ui/later.ts'
import { openSelected, selectedMath } from './math-plugin.ts'

/** What typography made of signs that TeX knows. */
const plain: Readonly<Record<string, string>> = { '’': "'", '…': '...', '–': '--', '—': '---' }

const askForBlock = (context: EditorContext): true =>
  later(context, context.view().dom, (parts) =>
    parts.openNewMath(context, context.view(), 'math_block'),
  )

export const mathRules = (context: EditorContext): readonly InputRule[] => [
  new InputRule(
    /(^|[^$\w\\])\$((?!\s)[^$\ufffc]*[^\s$\\\ufffc])\$$/,
    (state, match, start, end) => {
      if (!isNode(state.doc.resolve(start).parent, 'block')) return null
      const [, lead = '', words = ''] = match
      const tex = words.replace(/[’…–—]/g, (sign) => plain[sign] ?? sign)
      const formula = nodeTypeIn(state, 'math_inline').create({ tex })
      return state.tr.replaceWith(start + lead.length, end, formula)
    },
    { inCodeMark: false },
  ),
  new InputRule(/^\$\$\s$/, (state, _match, start, end) => {
    const { parent } = state.doc.resolve(start)
    if (!isNode(parent, 'block') || parent.content.size > end - start) return null
    askForBlock(context)
    return state.tr.delete(start, end)
  }),
]

export const mathKeys = (context: EditorContext): Readonly<Record<string, Command>> => ({
  Enter(state, dispatch, view) {
    if (selectedMath(state.selection)) return !dispatch || !view || openSelected(context, view)
    const { $from } = state.selection
    const { parent } = $from
    if (!isNode(parent, 'block') || parent.content.size !== 2 || parent.textContent !== '$$') {
      return false
    }
    dispatch?.(state.tr.delete($from.start(), $from.end()))
    return !dispatch || askForBlock(context)
  },
})

/** The small bar at a code block: its language, and copying its text. */
import { Check, ChevronDown, Copy } from 'lucide'
import type { EditorView } from 'prosemirror-view'
import type { EditorContext } from '../../feature.ts'
import { writeAttributes } from '../../selected-blocks.ts'
import { mountFloatingBar } from '../../ui/floating-bar.ts'
import { openMenu } from '../../ui/open-menu.ts'
import { codeAround } from './code-plugin.ts'
import { languageName, languages } from './languages.ts'

/** Returns its removal. */
export function mountCodeBar(context: EditorContext, view: EditorView): () => void {
  return mountFloatingBar(context, view, {
    label: 'Code block',
    placement: 'top-end',
    groups: [
      [
        {
          label: 'Language',
          text: () => languageName(codeAround(view)?.node.attrs['language'] ?? null),
          icon: ChevronDown,
          run: (_, button, isByKeyboard) => {
            const current = codeAround(view)?.node.attrs['language'] ?? null
            const entries = languages.map(({ name, language }) => ({
              label: name,
              isChecked: language === current,
              ...(language === current ? { icon: Check } : {}),
              run: () => {
                const code = codeAround(view)
                const { tr } = view.state
                if (code && writeAttributes(tr, code.pos, { language })) view.dispatch(tr)
                view.focus()
              },
            }))
            openMenu(context, { label: 'Language', button, entries, isByKeyboard })
          },
        },
        {
          label: 'Copy code',
          icon: Copy,
          run: () => {
            const text = codeAround(view)?.node.textContent
            void navigator.clipboard
              ?.writeText(text ?? '')
              .then(() => context.announce('Code copied'))
          },
        },
      ],
    ],
    anchorFor: () => {
      const code = codeAround(view)
      const dom = code ? view.nodeDOM(code.pos) : null
      return dom instanceof HTMLElement ? dom : null
    },
  })
}

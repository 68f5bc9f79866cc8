/**
 * Markdown that is pasted as text. It is put in as it is, and becomes what it means as soon as the
 * reader of Markdown is there, as an edit of its own: undo brings the signs back.
 *
 * 1. Only what was pasted is changed, and only while nobody has changed it.
 */
import type { Slice } from 'prosemirror-model'
import { Plugin } from 'prosemirror-state'
import { type Pasted, pastedField, pastedKey, wordsIn } from './pasted-text.ts'

/** Where the signs of Markdown may be; whether they are, `markdown-signs.ts` says. */
const mayBeMarkdown = /^\s*(?:#|[-*+>|]|1[.)]|```|~~~)|\*\*|\]\(/m

export function pasteMarkdownPlugin(): Plugin<Pasted | null> {
  let isPlain = false
  return new Plugin<Pasted | null>({
    key: pastedKey,
    state: pastedField,
    props: {
      // Asked before each paste of text; says only here whether it is to stay text.
      clipboardTextParser(_text, _context, plain) {
        isPlain = plain
        return undefined as unknown as Slice
      },
      handlePaste(view, event, slice) {
        const text = event.clipboardData?.getData('text/plain') ?? ''
        const isText = !event.clipboardData?.types.includes('text/html')
        const { tr, selection } = view.state
        const { $from, from, to } = selection
        const isCode = $from.parent.type.spec.code === true
        if (!isText || isPlain || isCode || !mayBeMarkdown.test(text)) return false
        tr.replaceSelection(slice)
        const end = tr.mapping.map(to)
        const pasted: Pasted = { text, from, to: end, words: wordsIn(tr.doc, from, end) }
        tr.setMeta(pastedKey, pasted).setMeta('paste', true).setMeta('uiEvent', 'paste')
        view.dispatch(tr.scrollIntoView())
        const read = import('../../parts.ts').then((parts) => parts.readMarkdown(view, text))
        read.catch(() => {
          // Offline, perhaps: the text is there as it was pasted.
        })
        return true
      },
    },
  })
}

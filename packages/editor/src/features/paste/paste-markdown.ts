/**
 * Markdown that is pasted as text. It is put in as it is, and becomes what it means as soon as the
 * reader of Markdown is there, as an edit of its own: undo brings the signs back.
 *
 * 1. Only what was pasted is changed, and only while nobody has changed it.
 */
import { type Schema, Slice } from 'prosemirror-model'
import { type EditorState, Plugin, PluginKey, TextSelection } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { asItself } from './as-itself.ts'
import { isMarkdown } from './markdown-signs.ts'

interface Pasted {
  readonly markdown: string
  readonly from: number
  readonly to: number
  /** What stood there right after. */
  readonly words: string
}

const pastedKey = new PluginKey<Pasted | null>('quire-pasted-markdown')

export function pasteMarkdownPlugin(schema: Schema): Plugin {
  let isPlain = false
  return new Plugin<Pasted | null>({
    key: pastedKey,
    state: {
      init: () => null,
      apply(tr, pasted) {
        const meta = tr.getMeta(pastedKey) as Pasted | null | undefined
        if (meta !== undefined || !pasted) return meta ?? null
        const [from, to] = [tr.mapping.map(pasted.from, 1), tr.mapping.map(pasted.to, -1)]
        return from < to ? { ...pasted, from, to } : null
      },
    },
    props: {
      // Asked before each paste of text; says only here whether it is to stay text.
      clipboardTextParser(_text, _context, plain) {
        isPlain = plain
        return undefined as unknown as Slice
      },
      handlePaste(view, event, slice) {
        const text = event.clipboardData?.getData('text/plain') ?? ''
        const isText = !event.clipboardData?.types.includes('text/html')
        const { state } = view
        const { $from, from, to } = state.selection
        const isCode = $from.parent.type.spec.code === true
        if (!isText || isPlain || isCode || !isMarkdown(text)) return false
        const tr = state.tr.replaceSelection(slice).setMeta('paste', true)
        const end = tr.mapping.map(to)
        const words = wordsIn(tr.doc, from, end)
        const pasted: Pasted = { markdown: text, from, to: end, words }
        view.dispatch(tr.setMeta(pastedKey, pasted).setMeta('uiEvent', 'paste').scrollIntoView())
        void import('@quire/document/convert').then(
          ({ documentOfMarkdown }) => become(view, pasted, documentOfMarkdown(text).toJSON()),
          () => {
            // Offline, perhaps: the text is there as it was pasted.
          },
        )
        return true
      },
    },
  })

  function become(view: EditorView, { markdown, words }: Pasted, json: unknown): void {
    if (view.isDestroyed) return
    const { state } = view
    const at = pastedKey.getState(state)
    if (at?.markdown !== markdown || wordsIn(state.doc, at.from, at.to) !== words) return
    const { content } = schema.nodeFromJSON(json)
    const tr = state.tr.setMeta(pastedKey, null)
    tr.setSelection(TextSelection.between(tr.doc.resolve(at.from), tr.doc.resolve(at.to)))
    tr.deleteSelection()
    tr.replaceSelection(asItself(Slice.maxOpen(content, false), tr))
    // Whoever has gone on writing goes on where they are.
    if (state.selection.from !== at.to) tr.setSelection(state.selection.map(tr.doc, tr.mapping))
    view.dispatch(tr.setMeta('paste', true).setMeta('uiEvent', 'paste').scrollIntoView())
  }
}

const wordsIn = (doc: EditorState['doc'], from: number, to: number): string =>
  doc.textBetween(from, to, '\n', '\ufffc')

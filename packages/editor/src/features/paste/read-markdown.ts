/** Reads what was pasted as Markdown. The reader is large, and fetched when there is some. */
import { Slice } from 'prosemirror-model'
import { TextSelection } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { asItself } from './as-itself.ts'
import { isMarkdown } from './markdown-signs.ts'
import { pastedIn, wordsIn } from './pasted-text.ts'

/**
 * Puts what Markdown means in the place where `text` was pasted last. Nothing happens when it is none,
 * or was changed since. Rejects when the reader cannot be had.
 */
export async function readMarkdown(view: EditorView, text: string): Promise<void> {
  if (!isMarkdown(text)) return
  const { documentOfMarkdown } = await import('@quire/document/convert')
  const pasted = view.isDestroyed ? null : pastedIn(view.state)
  if (pasted?.text !== text) return
  const { state } = view
  const { from, to, words } = pasted
  if (wordsIn(state.doc, from, to) !== words) return
  const { content } = state.schema.nodeFromJSON(documentOfMarkdown(text).toJSON())
  const tr = state.tr
  tr.setSelection(TextSelection.between(tr.doc.resolve(from), tr.doc.resolve(to)))
  tr.deleteSelection()
  tr.replaceSelection(asItself(Slice.maxOpen(content, false), tr))
  // Whoever has gone on writing goes on where they are.
  if (state.selection.from !== to) tr.setSelection(state.selection.map(tr.doc, tr.mapping))
  view.dispatch(tr.setMeta('paste', true).setMeta('uiEvent', 'paste').scrollIntoView())
}

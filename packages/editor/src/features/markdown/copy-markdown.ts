/** Copies the selection, or without one the whole document, as Markdown. */
import type { EditorView } from 'prosemirror-view'
import type { EditorContext } from '../../feature.ts'
import { knownContent } from './known-content.ts'

/** Says so when it is done, and when it could not be. The writer of Markdown is fetched first. */
export function copyMarkdown(context: EditorContext, view: EditorView): true {
  const { doc, selection } = view.state
  const part = selection.empty ? doc : doc.copy(selection.content().content)
  const written = import('@quire/document/convert').then(({ markdownOf }) =>
    markdownOf(knownContent(part)),
  )
  // The promise goes along: a browser lets a page write only right after a press.
  const item = new ClipboardItem({ 'text/plain': written })
  void navigator.clipboard.write([item]).then(
    () => context.announce('Copied as Markdown.'),
    () => context.announce('This could not be copied.'),
  )
  return true
}

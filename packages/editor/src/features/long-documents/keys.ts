/**
 * The keys to both ends of the document. A browser takes the end of what it has laid out, or the start of
 * the last block, for the end; in a long document that is somewhere else.
 */
import { type Command, Selection, TextSelection } from 'prosemirror-state'

const toEnd =
  (side: 'start' | 'end', extend: boolean): Command =>
  ({ doc, selection, tr }, dispatch) => {
    const end = side === 'start' ? Selection.atStart(doc) : Selection.atEnd(doc)
    const next = extend ? TextSelection.between(selection.$anchor, end.$head) : end
    dispatch?.(tr.setSelection(next).scrollIntoView())
    return true
  }

export const endKeys: Readonly<Record<string, Command>> = {
  'Ctrl-Home': toEnd('start', false),
  'Ctrl-End': toEnd('end', false),
  'Shift-Ctrl-Home': toEnd('start', true),
  'Shift-Ctrl-End': toEnd('end', true),
  // On a Mac.
  'Cmd-ArrowUp': toEnd('start', false),
  'Cmd-ArrowDown': toEnd('end', false),
  'Shift-Cmd-ArrowUp': toEnd('start', true),
  'Shift-Cmd-ArrowDown': toEnd('end', true),
}

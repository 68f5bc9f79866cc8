/**
 * Keys inside code blocks: Enter and Tab write, Escape and Mod-Enter leave, arrows at the edges get
 * out even when nothing follows.
 */
import { TextSelection, type Command, type Transaction } from 'prosemirror-state'
import { commandOf, type Edit } from '../../edit.ts'
import { insertParagraphAt } from '../blocks/enter.ts'
import { isNode } from '../../shape.ts'
import { languageOf } from './languages.ts'

const tab = '  '

function isInCode(tr: Transaction): boolean {
  const { $from, $to } = tr.selection
  return isNode($from.parent, 'code_block') && $from.sameParent($to)
}

/** The end of a Markdown fence: Enter behind ``` or behind ```js names the language instead of writing a line. */
const endFence: Edit = (tr) => {
  const { $from, empty } = tr.selection
  const { parent } = $from
  if (!empty || parent.attrs['language'] !== null) return false
  if ($from.parentOffset < parent.content.size) return false
  if (parent.content.size === 0) return true
  const language = languageOf(parent.textContent.toLowerCase())
  if (language === undefined) return false
  tr.delete($from.start(), $from.end())
  tr.setNodeAttribute($from.before(), 'language', language)
  return true
}

/** A new line with the indentation of this one; after two empty lines at the end, out of the block. */
export const codeEnter: Edit = (tr) => {
  if (!isInCode(tr)) return false
  if (endFence(tr)) return true
  const { $from, empty } = tr.selection
  const text = $from.parent.textContent
  const isAtEnd = empty && $from.parentOffset === text.length
  if (isAtEnd && text.endsWith('\n\n')) {
    tr.delete($from.pos - 2, $from.pos)
    return leaveCode(tr)
  }
  const lineStart = text.lastIndexOf('\n', $from.parentOffset - 1) + 1
  const indentation = /^[ \t]*/.exec(text.slice(lineStart, $from.parentOffset))?.[0] ?? ''
  tr.insertText(`\n${indentation}`)
  return true
}

/** Puts the caret in the text after the code block, a new paragraph when there is none. */
export const leaveCode: Edit = (tr) => {
  if (!isInCode(tr)) return false
  const after = tr.selection.$from.after()
  const next = tr.doc.resolve(after).nodeAfter
  if (isNode(next, 'block')) tr.setSelection(TextSelection.create(tr.doc, after + 1))
  else insertParagraphAt(tr, after)
  return true
}

/** Starts of the lines the selection touches, as document positions, first to last. */
function lineStarts(tr: Transaction): number[] {
  const { $from, $to } = tr.selection
  const text = $from.parent.textContent
  const start = $from.start()
  const starts: number[] = []
  let at = text.lastIndexOf('\n', $from.parentOffset - 1) + 1
  for (;;) {
    starts.push(start + at)
    const next = text.indexOf('\n', at)
    if (next < 0 || next + 1 > $to.parentOffset) return starts
    at = next + 1
  }
}

/** Tab writes two spaces, or moves all selected lines in. */
export const codeTab: Edit = (tr) => {
  if (!isInCode(tr)) return false
  const starts = lineStarts(tr)
  if (starts.length === 1) tr.insertText(tab)
  else for (const start of starts.reverse()) tr.insertText(tab, start)
  return true
}

/** Shift-Tab moves the selected lines out. */
export const codeUntab: Edit = (tr) => {
  if (!isInCode(tr)) return false
  const text = tr.selection.$from.parent.textContent
  const blockStart = tr.selection.$from.start()
  for (const start of lineStarts(tr).reverse()) {
    const spaces = /^(\t| {1,2})/.exec(text.slice(start - blockStart))?.[0].length ?? 0
    if (spaces > 0) tr.delete(start, start + spaces)
  }
  return true
}

/** At the end of a last code block, moving down writes a paragraph to move to. */
const downOutOfCode: Edit = (tr) => {
  if (!isInCode(tr) || !tr.selection.empty) return false
  const { $from } = tr.selection
  if ($from.parentOffset < $from.parent.content.size) return false
  if (tr.doc.resolve($from.after()).nodeAfter) return false
  return insertParagraphAt(tr, $from.after())
}

export const codeKeys: Readonly<Record<string, Command>> = {
  Enter: commandOf(codeEnter),
  'Mod-Enter': commandOf(leaveCode),
  Escape: commandOf(leaveCode),
  Tab: commandOf(codeTab),
  'Shift-Tab': commandOf(codeUntab),
  ArrowDown: commandOf(downOutOfCode),
}

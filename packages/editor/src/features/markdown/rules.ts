/**
 * Markdown while typing. Each rule is one transaction: the typed signs go and the change comes
 * together, so one Backspace or undo brings the signs back.
 */
import { InputRule } from 'prosemirror-inputrules'
import type { Mark } from 'prosemirror-model'
import { TextSelection, type EditorState, type Transaction } from 'prosemirror-state'
import type { Edit } from '../../edit.ts'
import { writeAttributes } from '../../selected-blocks.ts'
import {
  type BlockKind,
  isListKind,
  isMark,
  isNode,
  type MarkName,
  markTypeIn,
} from '../../shape.ts'
import { toggleCodeBlock, type KindAttributes } from '../blocks/set-kind.ts'
import { insertDivider } from '../dividers/insert-divider.ts'

/** Typed signs at the start of a block that change its kind. `from` lists the kinds in which it works. */
function kindRule(
  pattern: RegExp,
  from: (kind: unknown) => boolean,
  change: (match: RegExpMatchArray) => { kind: BlockKind } & KindAttributes,
): InputRule {
  return new InputRule(pattern, (state, match, start, end) => {
    const block = state.doc.resolve(start).parent
    if (!isNode(block, 'block') || !from(block.attrs['kind'])) return null
    const tr = state.tr.delete(start, end)
    writeAttributes(tr, tr.doc.resolve(start).before(), change(match))
    return tr
  })
}

const inParagraph = (kind: unknown): boolean => kind === 'paragraph'

export const blockRules: readonly InputRule[] = [
  kindRule(
    /^(#{1,6})\s$/,
    (kind) => kind === 'paragraph' || kind === 'heading',
    (match) => ({ kind: 'heading', level: match[1]?.length ?? 1 }),
  ),
  kindRule(/^[-*+]\s$/, inParagraph, () => ({ kind: 'bullet' })),
  kindRule(/^1[.)]\s$/, inParagraph, () => ({ kind: 'number' })),
  kindRule(
    /^\[( ?|x|X)\]\s$/,
    (kind) => kind === 'paragraph' || isListKind(kind),
    (match) => ({ kind: 'task', checked: match[1]?.toLowerCase() === 'x' ? true : null }),
  ),
  kindRule(/^>>\s$/, inParagraph, () => ({ kind: 'toggle' })),
  kindRule(/^>\s$/, inParagraph, () => ({ kind: 'quote' })),
  new InputRule(/^```$/, (state, _match, start, end) =>
    edited(state, start, end, toggleCodeBlock(), inParagraph),
  ),
  new InputRule(/^(---|—-|___|\*\*\*)$/, (state, _match, start, end) =>
    edited(state, start, end, insertDivider, inParagraph),
  ),
]

/** Removes the typed signs, then edits; null when the block is not an otherwise empty one of these kinds. */
function edited(
  state: EditorState,
  start: number,
  end: number,
  edit: Edit,
  from: (kind: unknown) => boolean,
): Transaction | null {
  const block = state.doc.resolve(start).parent
  if (!isNode(block, 'block') || !from(block.attrs['kind'])) return null
  if (block.content.size > end - start) return null
  const tr = state.tr.delete(start, end)
  tr.setSelection(TextSelection.create(tr.doc, start))
  return edit(tr) ? tr : null
}

/** `**text**` and its relatives: the signs go, the text between them gets the mark. */
function markRule(pattern: RegExp, name: MarkName): InputRule {
  return new InputRule(
    pattern,
    (state, match, start, end) => {
      const inner = match[2]
      const lead = match[1]
      if (!inner || lead === undefined || !inner.trim()) return null
      const type = markTypeIn(state, name)
      const $start = state.doc.resolve(start)
      if (!$start.parent.type.allowsMarkType(type)) return null
      // Signs inside code stay signs, and signs across two differently formatted words are none.
      if (state.doc.rangeHasMark(start, end, markTypeIn(state, 'code'))) return null
      const open = start + lead.length
      // The last sign was only typed, not written: it is not in the document yet.
      const closeLength = match[0].length - lead.length - inner.length
      const signLength = closeLength / 2
      const innerFrom = open + signLength
      const innerTo = innerFrom + inner.length
      const tr = state.tr
      if (end > innerTo) tr.delete(innerTo, end)
      tr.delete(open, innerFrom)
      const markedTo = open + inner.length
      if (name === 'code') removeOthers(tr, open, markedTo)
      tr.addMark(open, markedTo, type.create())
      tr.removeStoredMark(type)
      return tr
    },
    { inCodeMark: false },
  )
}

function removeOthers(tr: Transaction, from: number, to: number): void {
  const kept = (mark: Mark) => isMark(mark, 'link')
  tr.doc.nodesBetween(from, to, (node, pos) => {
    for (const mark of node.marks) {
      if (!kept(mark)) tr.removeMark(Math.max(pos, from), Math.min(pos + node.nodeSize, to), mark)
    }
  })
}

export const markRules: readonly InputRule[] = [
  markRule(/(^|[^*])\*\*([^*\s](?:[^*]*[^*\s])?)\*\*$/, 'bold'),
  markRule(/(^|[^\w_])__([^_\s](?:[^_]*[^_\s])?)__$/, 'bold'),
  markRule(/(^|[^*])\*([^*\s](?:[^*]*[^*\s])?)\*$/, 'italic'),
  markRule(/(^|[^\w_])_([^_\s](?:[^_]*[^_\s])?)_$/, 'italic'),
  markRule(/(^|[^`])`([^`]+)`$/, 'code'),
  markRule(/(^|[^~])~~([^~\s](?:[^~]*[^~\s])?)~~$/, 'strike'),
]

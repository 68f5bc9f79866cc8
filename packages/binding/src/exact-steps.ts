/**
 * Writes simple steps to the shared document at the very place where they were made: typing and
 * deleting in a line, marks in a line, an attribute. The sync plugin finds changes by comparing, and a
 * comparison can be wrong: between equal letters it cannot tell which one is new, so a letter would
 * go behind a colleague's equal one, with that colleague's undo and carets around it. It also costs
 * the whole document, where this costs the block.
 *
 * 1. Writes nothing unless the shared block is the one that the step was made on; then the caller
 *    compares as usual.
 * 2. Afterwards the mapping holds the nodes of the document after the step, from the root down to the
 *    text: who relies on it finds what a comparison would have left.
 */
import type { Node } from 'prosemirror-model'
import {
  AddMarkStep,
  AttrStep,
  RemoveMarkStep,
  ReplaceStep,
  type Step,
} from 'prosemirror-transform'
import type * as Y from 'yjs'
import { AttributesStep } from './attributes-step.ts'
import { writeAttributesOfMany } from './exact-attributes.ts'
import { insertWords } from './insert-words.ts'
import { attributesOf, isStoredByName, writeMarks } from './shared-marks.ts'
import { type Finder, nodesBetween, type PlacedText, textAt, textsOf } from './shared-places.ts'
import type { YBinding } from './y-prosemirror.ts'

/** A step, the documents around it, and the shared transaction in which it is written. */
export interface DoneStep {
  readonly transaction: Y.Transaction
  readonly step: Step
  readonly before: Node
  readonly after: Node
}

/** Whether the step was written. Call it inside `binding.mux` and a shared transaction. */
export function writeExactly(binding: YBinding, finder: Finder, done: DoneStep): boolean {
  const { step } = done
  if (step instanceof ReplaceStep) return writeText(binding, finder, done, step)
  if (step instanceof AttrStep) return writeAttribute(binding, finder, done, step)
  if (step instanceof AttributesStep) {
    return writeAttributesOfMany(binding, step, done.before, done.after)
  }
  if (step instanceof AddMarkStep || step instanceof RemoveMarkStep) {
    return writeMark(binding, finder, done, step)
  }
  return false
}

function writeText(
  binding: YBinding,
  finder: Finder,
  { transaction, before, after }: DoneStep,
  { from, to, slice }: ReplaceStep,
): boolean {
  if (slice.openStart > 0 || slice.openEnd > 0) return false
  if (!slice.content.content.every((node) => node.isText && isStoredByName(node))) return false
  const line = lineAt(binding, finder, before, from, to)
  if (!line) return false
  const { path, texts, start } = line

  const end = start + (to - from)
  const target = textAt(texts, start)
  const parts = texts.map((placed) => partOf(placed, start, end))
  const isOnlyText = parts.reduce((sum, part) => sum + part.length, 0) === end - start
  if (!target || !isOnlyText) return false

  for (const { text, at, length } of parts) if (length > 0) text.delete(at, length)
  let offset = start - target.start
  slice.content.forEach((node) => {
    insertWords(transaction, target.text, offset, node.text ?? '', attributesOf(node))
    offset += node.nodeSize
  })
  remember(binding, path, after, from)
  return true
}

function writeMark(
  binding: YBinding,
  finder: Finder,
  { before, after }: DoneStep,
  { from, to, mark }: AddMarkStep | RemoveMarkStep,
): boolean {
  if (!mark.type.excludes(mark.type)) return false
  const line = lineAt(binding, finder, before, from, to)
  if (!line) return false
  const block = after.resolve(from).parent
  for (const placed of line.texts) {
    const { length } = partOf(placed, line.start, line.start + (to - from))
    if (length > 0) writeMarks(placed, block)
  }
  remember(binding, line.path, after, from)
  return true
}

function writeAttribute(
  binding: YBinding,
  finder: Finder,
  { before, after }: DoneStep,
  { pos, attr, value }: AttrStep,
): boolean {
  const $pos = before.resolve(pos)
  const path = finder.around($pos)
  const element = finder.after($pos)
  const node = after.nodeAt(pos)
  if (!path || !element || !node || node.type.spec['isPlaceholder'] === true) return false
  if (value === null) element.removeAttribute(attr)
  else element.setAttribute(attr, value as string)
  remember(binding, path, after, pos)
  binding.mapping.set(element, node)
  return true
}

interface Line {
  readonly path: readonly Y.XmlElement[]
  readonly texts: readonly PlacedText[]
  /** Of `from`, in the block's content. */
  readonly start: number
}

/** The block that holds a whole range. */
function lineAt(
  binding: YBinding,
  finder: Finder,
  doc: Node,
  from: number,
  to: number,
): Line | undefined {
  const $from = doc.resolve(from)
  if (!$from.parent.isTextblock || to > $from.end()) return undefined
  const path = finder.around($from)
  const element = path?.at(-1)
  const texts = element && textsOf(binding, element, $from.parent)
  return path && texts && { path, texts, start: $from.parentOffset }
}

/** What of `[start, end)` lies in a text. */
function partOf(
  { text, start: first, length }: PlacedText,
  start: number,
  end: number,
): { readonly text: Y.XmlText; readonly at: number; readonly length: number } {
  const from = Math.max(start, first)
  const to = Math.min(end, first + length)
  return { text, at: from - first, length: Math.max(0, to - from) }
}

/** The path is the same after a simple step; its nodes are new. */
function remember(
  binding: YBinding,
  path: readonly Y.XmlElement[],
  after: Node,
  pos: number,
): void {
  const $pos = after.resolve(pos)
  const { mapping, type } = binding
  mapping.set(type, after)
  path.forEach((element, i) => mapping.set(element, $pos.node(i + 1)))
  const element = path.at(-1)
  if (!element || !$pos.parent.inlineContent) return
  for (const { text, start, length } of textsOf(binding, element, $pos.parent) ?? []) {
    mapping.set(text, nodesBetween($pos.parent, start, start + length))
  }
}

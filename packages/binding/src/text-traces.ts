/**
 * What stood in the shared texts before a step, and where its words are afterwards. Looks only; what
 * is done with it is `late-text.ts`.
 */
import type { Node } from 'prosemirror-model'
import type { Step } from 'prosemirror-transform'
import * as Y from 'yjs'
import { changedChildren } from './changed-children.ts'
import { type PlacedText, textsOf } from './shared-places.ts'
import type { YBinding } from './y-prosemirror.ts'

/** Signs that lay together in a text that is gone, and the id of the first of them at their new place, where they lie together too. */
export interface Run {
  readonly client: number
  readonly clock: number
  readonly length: number
  readonly to: Y.ID
}

export interface Place {
  readonly text: Y.XmlText
  readonly index: number
}

/** A shared text as it was before a step. */
export interface Trace {
  readonly text: Y.XmlText
  readonly block: Node
  /** The position of its first sign in the document before the step. */
  readonly pos: number
  /** Of `pos`, in the block. */
  readonly start: number
  readonly items: readonly { readonly id: Y.ID; readonly length: number; readonly offset: number }[]
}

export interface Traces {
  readonly stepIndex: number
  readonly traces: readonly Trace[]
}

export function isGone(type: Y.XmlText): boolean {
  for (let at: unknown = type; at instanceof Y.AbstractType; at = at._item?.parent) {
    if (at._item?.deleted) return true
  }
  return false
}

export function tracesOf(binding: YBinding, before: Node, after: Node): Trace[] {
  const children = binding.type.toArray()
  if (children.length !== before.childCount) return []
  const { left, right } = changedChildren(before, after)
  const traces: Trace[] = []
  let pos = 0
  for (let i = 0; i < before.childCount - right; i++) {
    if (i >= left) traceIn(binding, children[i], before.child(i), pos, traces)
    pos += before.child(i).nodeSize
  }
  return traces
}

function traceIn(
  binding: YBinding,
  element: unknown,
  node: Node,
  pos: number,
  traces: Trace[],
): void {
  if (!(element instanceof Y.XmlElement) || node.isLeaf) return
  if (node.inlineContent) {
    for (const { text, start } of textsOf(binding, element, node) ?? []) {
      let offset = 0
      const items = itemsBetween(text, 0, text.length).map(({ id, length }) => {
        offset += length
        return { id, length, offset: offset - length }
      })
      traces.push({ text, block: node, pos: pos + 1 + start, start, items })
    }
    return
  }
  const children = element.toArray()
  if (children.length !== node.childCount) return
  let at = pos + 1
  children.forEach((child, i) => {
    traceIn(binding, child, node.child(i), at, traces)
    at += node.child(i).nodeSize
  })
}

/** What of the items of a text stands between two indexes. */
export function itemsBetween(
  text: Y.XmlText,
  from: number,
  to: number,
): { readonly id: Y.ID; readonly length: number }[] {
  const parts: { readonly id: Y.ID; readonly length: number }[] = []
  let index = 0
  for (let item = text._start; item && index < to; item = item.right) {
    if (item.deleted || !item.countable) continue
    const start = Math.max(from - index, 0)
    const end = Math.min(to - index, item.length)
    if (start < end) {
      parts.push({ id: Y.createID(item.id.client, item.id.clock + start), length: end - start })
    }
    index += item.length
  }
  return parts
}

/** Where a position of a trace is in the last document: moved along by the steps, or with its block as a whole. */
export function positionNow(
  trace: Trace,
  pos: number,
  steps: readonly Step[],
  find: FindBlock,
): number | undefined {
  let at = pos
  for (const step of steps) {
    const result = step.getMap().mapResult(at, 1)
    // The end of a text has no sign of its own that could be deleted.
    const isSign = pos < trace.pos + lengthOf(trace)
    if (result.deletedAcross || (result.deletedAfter && isSign)) {
      const block = find(trace.block)
      return block === undefined ? undefined : block + 1 + trace.start + pos - trace.pos
    }
    at = result.pos
  }
  return at
}

const lengthOf = ({ items }: Trace): number => items.reduce((sum, { length }) => sum + length, 0)

export type FindBlock = (block: Node) => number | undefined

/** Finds the very object in a document; undefined when it is not there, or more than once. Looks through the document at most once. */
export function createBlockFinder(doc: Node): FindBlock {
  let places: Map<Node, number | undefined> | null = null
  return (block) => {
    if (!places) {
      const found = new Map<Node, number | undefined>()
      doc.descendants((child, pos) => {
        if (child.isTextblock) found.set(child, found.has(child) ? undefined : pos)
        return !child.isTextblock
      })
      places = found
    }
    return places.get(block)
  }
}

/** The shared place of a position in a document that has just been written. */
export function placeAt(binding: YBinding, doc: Node, pos: number): Place | undefined {
  const $pos = doc.resolve(pos)
  if (!$pos.parent.isTextblock) return undefined
  let element: unknown = binding.type
  for (let depth = 0; depth < $pos.depth; depth++) {
    if (!(element instanceof Y.XmlFragment)) return undefined
    element = element.get($pos.index(depth))
  }
  if (!(element instanceof Y.XmlElement)) return undefined
  const texts: readonly PlacedText[] = textsOf(binding, element, $pos.parent) ?? []
  const offset = $pos.parentOffset
  // The text that holds the sign behind the place, or the last one that ends there.
  const text =
    texts.find(({ start, length }) => start <= offset && offset < start + length) ??
    texts.findLast(({ start, length }) => start + length === offset)
  return text && { text: text.text, index: offset - text.start }
}

/** Where the signs of a run went, in runs that lie together there as well. */
export function runsTo(
  binding: YBinding,
  doc: Node,
  id: Y.ID,
  length: number,
  positionOf: (i: number) => number | undefined,
): Run[] {
  const runs: Run[] = []
  for (let i = 0; i < length; ) {
    const pos = positionOf(i)
    const place = pos === undefined ? undefined : placeAt(binding, doc, pos)
    const part = place && itemsBetween(place.text, place.index, place.index + length - i)[0]
    const isTogether =
      part && pos !== undefined && positionOf(i + part.length - 1) === pos + part.length - 1
    const count = isTogether ? part.length : 1
    if (part) runs.push({ client: id.client, clock: id.clock + i, length: count, to: part.id })
    i += count
  }
  return runs
}

/**
 * What stood in the shared document before a step, and where its signs are afterwards: the making of a
 * record of moved words (`move-record.ts`) from what a transaction did. Looks only.
 *
 * A sign that ProseMirror's steps carried along, but whose shared item was deleted, was written again:
 * that is a move. So it does not matter why the words went elsewhere.
 *
 * Length: one pass from steps to a record; its parts share what stood where.
 */
import type { Node, ResolvedPos } from 'prosemirror-model'
import type { Step } from 'prosemirror-transform'
import * as Y from 'yjs'
import { changedChildren } from './changed-children.ts'
import type { MovedRun, MoveRecord, Place } from './move-record.ts'
import { textsOf } from './shared-places.ts'
import {
  authorsUnder,
  isGone,
  itemOf,
  itemsBetween,
  itemsIn,
  itemsInRange,
  type TextPlace,
} from './signs.ts'
import type { YBinding } from './y-prosemirror.ts'

/** A block, or another node, as it was before a step. */
interface Trace {
  readonly element: Y.XmlElement
  readonly node: Node
  /** Of the node, in the document before the step. */
  readonly pos: number
  /** Signs that lie together; `offset` from `pos`. */
  readonly parts: readonly { readonly id: Y.ID; readonly length: number; readonly offset: number }[]
  readonly texts: readonly { readonly text: Y.XmlText; readonly offset: number }[]
}

/** What stood in the blocks that a step changes. Make it before the step is written. */
export interface Traces {
  readonly stepIndex: number
  readonly traces: readonly Trace[]
}

export function tracesOf(binding: YBinding, stepIndex: number, before: Node, after: Node): Traces {
  const children = binding.type.toArray()
  const traces: Trace[] = []
  if (children.length === before.childCount) {
    const { left, right } = changedChildren(before, after)
    let pos = 0
    for (let i = 0; i < before.childCount - right; i++) {
      if (i >= left) traceIn(binding, children[i], before.child(i), pos, traces)
      pos += before.child(i).nodeSize
    }
  }
  return { stepIndex, traces }
}

function traceIn(
  binding: YBinding,
  element: unknown,
  node: Node,
  pos: number,
  traces: Trace[],
): void {
  if (!(element instanceof Y.XmlElement) || !element._item) return
  const own = { id: element._item.id, length: 1, offset: 0 }
  if (node.isLeaf || !node.inlineContent) {
    traces.push({ element, node, pos, parts: [own], texts: [] })
    const children = element.toArray()
    if (node.isLeaf || children.length !== node.childCount) return
    let at = pos + 1
    children.forEach((child, i) => {
      traceIn(binding, child, node.child(i), at, traces)
      at += node.child(i).nodeSize
    })
    return
  }
  const texts = textsOf(binding, element, node)
  if (!texts) return
  const parts = [own]
  let offset = 1
  for (const child of element.toArray()) {
    const { _item: item, length } = child as Y.XmlText
    if (item) parts.push({ id: item.id, length: 1, offset })
    if (!(child instanceof Y.XmlText)) {
      offset += 1
      continue
    }
    for (const { id, length: count } of itemsBetween(child, 0, length)) {
      parts.push({ id, length: count, offset })
      offset += count
    }
  }
  traces.push({
    element,
    node,
    pos,
    parts,
    texts: texts.map(({ text, start }) => ({ text, offset: 1 + start })),
  })
}

/** A record without what only the transaction knows. */
export type Moved = Omit<MoveRecord, 'kind' | 'since'>

/**
 * What went where, once all steps are written: `doc` is the document after them. `moversOf` says who had moved words of an item
 * before. Undefined when nothing was moved or taken away.
 */
export function movedBy(
  binding: YBinding,
  all: readonly Traces[],
  steps: readonly Step[],
  doc: Node,
  transaction: Y.Transaction,
  moversOf: (item: Y.Item) => Iterable<number>,
): Moved | undefined {
  const places = createPlaces(binding, doc)
  const find = createNodeFinder(doc)
  const runs: MovedRun[] = []
  const gone: Y.ID[] = []
  const textPlaces: { text: Y.ID; place: Place }[] = []
  const authors = new Set<number>()
  /**
   * While something has not arrived, the first letter of each that was deleted here before: where it was
   * moved to is not known to the end, so it is not known to be unwanted.
   */
  const doubtful = new Map<number, number>()
  const isPending = binding.doc.store.pendingStructs !== null
  const self = binding.doc.clientID
  const since = transaction.beforeState.get(self) ?? 0
  const isNew = ({ client, clock }: Y.ID): boolean => client === self && clock >= since

  for (const { stepIndex, traces } of all) {
    const rest = steps.slice(stepIndex)
    for (const trace of traces) {
      const item = trace.element._item
      if (!item || isNew(item.id)) continue
      const here: MovedRun[] = []
      for (const part of trace.parts) {
        // What a step wrote and a later one wrote again is a copy of what stood before both.
        if (isNew(part.id)) continue
        for (const { clock, length, item: at } of itemsInRange(
          binding.doc,
          part.id.client,
          part.id.clock,
          part.length,
        )) {
          if (!at.deleted) continue
          const offset = part.offset + clock - part.id.clock
          const isText = at.content instanceof Y.ContentString
          here.push(
            ...runsOf(part.id.client, clock, length, (i) => {
              const pos = positionNow(trace, offset + i, rest, find)
              if (pos === undefined) return undefined
              return isText ? places.signAt(pos) : places.itemAt(pos, at)
            }).filter(({ toClock }) => toClock >= since),
          )
        }
      }
      runs.push(...here)
      const parent = item.parent
      if (item.deleted) {
        // Of texts that had gone before, too: who wrote in one is to look for the one who took it.
        for (const author of authorsUnder(trace.element)) authors.add(author)
        if (parent instanceof Y.XmlFragment && !isGone(parent)) gone.push(item.id)
      }
      for (const { text, offset } of trace.texts) {
        const isTakenAway = isGone(text)
        if (isTakenAway || here.length > 0) {
          for (const at of itemsIn(text)) {
            const { client, clock } = at.id
            authors.add(client)
            for (const mover of moversOf(at)) authors.add(mover)
            if (at.deleted && isPending && !Y.isDeleted(transaction.deleteSet, at.id)) {
              doubtful.set(client, Math.min(clock, doubtful.get(client) ?? clock))
            }
          }
        }
        if (!text._item || !isTakenAway || isNew(text._item.id)) continue
        const place = places.placeAt(mappedThrough(trace, offset, rest, find))
        // Said of every text that was taken away: who wrote in one looks for the record that names it.
        const nowhere: Place = { kind: 'new-block', parent: null, behind: null }
        textPlaces.push({ text: text._item.id, place: place ?? nowhere })
      }
    }
  }
  if (runs.length === 0 && gone.length === 0 && textPlaces.length === 0) return undefined
  for (const { toClock } of runs) {
    const text = itemOf(binding.doc, Y.createID(self, toClock))?.parent
    if (text instanceof Y.XmlText) for (const { id } of itemsIn(text)) authors.add(id.client)
  }
  const known = new Map(
    [...authors].map((id) => [id, doubtful.get(id) ?? Y.getState(binding.doc.store, id)]),
  )
  return { runs, given: [], gone, places: textPlaces, known }
}

/** Runs that lie together at both ends. `targetOf` gives the new id of the i-th sign, which must be the client's own. */
function runsOf(
  client: number,
  clock: number,
  length: number,
  targetOf: (i: number) => Y.ID | undefined,
): MovedRun[] {
  const runs: MovedRun[] = []
  let last: { clock: number; length: number; to: Y.ID } | undefined
  const finish = (): void => {
    if (last) runs.push({ client, clock: last.clock, length: last.length, toClock: last.to.clock })
    last = undefined
  }
  for (let i = 0; i < length; i++) {
    const to = targetOf(i)
    const isNext =
      last && to && to.client === last.to.client && to.clock === last.to.clock + last.length
    if (isNext && last) {
      last.length += 1
      continue
    }
    finish()
    if (to) last = { clock: clock + i, length: 1, to }
  }
  finish()
  return runs
}

/** Where a sign is in the last document: moved along by the steps, or with its node as a whole. */
function positionNow(
  trace: Trace,
  offset: number,
  steps: readonly Step[],
  find: FindNode,
): number | undefined {
  let at = trace.pos + offset
  for (const step of steps) {
    const result = step.getMap().mapResult(at, 1)
    if (result.deletedAcross || result.deletedAfter) {
      const node = find(trace.node)
      return node === undefined ? undefined : node + offset
    }
    at = result.pos
  }
  return at
}

/** Where a place is in the last document, also when what stood around it is gone. */
function mappedThrough(
  trace: Trace,
  offset: number,
  steps: readonly Step[],
  find: FindNode,
): number {
  const node = find(trace.node)
  if (node !== undefined) return node + offset
  return steps.reduce((at, step) => step.getMap().map(at, -1), trace.pos + offset)
}

type FindNode = (node: Node) => number | undefined

/** Finds the very object in a document; undefined when it is not there, or more than once. Looks through the document at most once. */
function createNodeFinder(doc: Node): FindNode {
  let places: Map<Node, number | undefined> | null = null
  return (node) => {
    if (!places) {
      const found = new Map<Node, number | undefined>()
      doc.descendants((child, pos) => {
        if (!child.isText) found.set(child, found.has(child) ? undefined : pos)
        return !child.isTextblock
      })
      places = found
    }
    return places.get(node)
  }
}

interface Places {
  /** The id of the letter behind a position. */
  signAt(pos: number): Y.ID | undefined
  /** The id of the element or text behind a position that is of the same kind as `like`. */
  itemAt(pos: number, like: Y.Item): Y.ID | undefined
  /** What to remember of a position, for words that belong there. */
  placeAt(pos: number): Place | undefined
}

/** From positions of a document that has just been written to the shared one. */
function createPlaces(binding: YBinding, doc: Node): Places {
  const children = new Map<unknown, unknown[]>()
  const childrenOf = (parent: unknown): unknown[] => {
    const known = children.get(parent)
    if (known) return known
    const list = parent instanceof Y.XmlFragment ? parent.toArray() : []
    children.set(parent, list)
    return list
  }
  const around = ($pos: ResolvedPos): unknown => {
    let element: unknown = binding.type
    for (let depth = 0; depth < $pos.depth; depth++) {
      element = childrenOf(element)[$pos.index(depth)]
    }
    return element
  }
  const textPlaceAt = (pos: number): TextPlace | undefined => {
    const $pos = doc.resolve(pos)
    const element = around($pos)
    if (!$pos.parent.isTextblock || !(element instanceof Y.XmlElement)) return undefined
    const texts = textsOf(binding, element, $pos.parent) ?? []
    const offset = $pos.parentOffset
    // The text that holds the sign behind the place, or the last one that ends there.
    const found =
      texts.find(({ start, length }) => start <= offset && offset < start + length) ??
      texts.findLast(({ start, length }) => start + length === offset)
    return found && { text: found.text, index: offset - found.start }
  }
  let runs: { text: Y.XmlText; items: ReturnType<typeof itemsBetween> } | null = null
  const idAt = ({ text, index }: TextPlace): Y.ID | undefined => {
    if (runs?.text !== text) runs = { text, items: itemsBetween(text, 0, text.length) }
    let left = index
    for (const { id, length } of runs.items) {
      if (left < length) return Y.createID(id.client, id.clock + left)
      left -= length
    }
    return undefined
  }
  const ownOnly = (id: Y.ID | undefined): Y.ID | undefined =>
    id?.client === binding.doc.clientID ? id : undefined
  return {
    signAt(pos) {
      const place = textPlaceAt(pos)
      return place && ownOnly(idAt(place))
    },
    itemAt(pos, like) {
      const isText = (like.content as Y.ContentType).type instanceof Y.XmlText
      if (isText) return ownOnly(textPlaceAt(pos)?.text._item?.id)
      const $pos = doc.resolve(pos)
      if ($pos.parent.inlineContent) return undefined
      const child = childrenOf(around($pos))[$pos.index()]
      return child instanceof Y.XmlElement ? ownOnly(child._item?.id) : undefined
    },
    placeAt(pos) {
      // When everything was deleted, what is left is one empty block to write in.
      const isEmpty = doc.childCount === 1 && doc.firstChild?.isTextblock && doc.content.size === 2
      const place = textPlaceAt(isEmpty ? 1 : Math.min(pos, doc.content.size))
      if (place?.text._item) {
        const behind = place.index > 0 ? idAt({ ...place, index: place.index - 1 }) : null
        return { kind: 'in-text', text: place.text._item.id, behind: behind ?? null }
      }
      let $pos = doc.resolve(Math.min(pos, doc.content.size))
      const { defaultType } = doc.type.contentMatch
      const fits = ({ parent }: ResolvedPos, index: number): boolean =>
        !!defaultType && parent.canReplaceWith(index, index, defaultType)
      let index = $pos.index()
      while ($pos.depth > 0 && !fits($pos, index)) {
        $pos = doc.resolve($pos.after())
        index = $pos.index()
      }
      const parent = around($pos)
      if (!(parent instanceof Y.XmlFragment)) return undefined
      const behind = childrenOf(parent)[index - 1]
      return {
        kind: 'new-block',
        parent: parent._item?.id ?? null,
        behind: behind instanceof Y.XmlElement ? (behind._item?.id ?? null) : null,
      }
    },
  }
}

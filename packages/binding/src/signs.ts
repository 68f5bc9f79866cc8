/**
 * Signs by their ids: whether they are there, where they stand, what stands beside them. "Sign" is
 * anything with an id of its own: a letter, a shared text, an element. Looks only.
 */
import * as Y from 'yjs'
import type { SharedType } from './y-prosemirror.ts'

export interface TextPlace {
  readonly text: Y.XmlText
  readonly index: number
}

/** The item that holds a sign; undefined when it has not arrived, or only its number is left. */
export function itemOf(doc: Y.Doc, { client, clock }: Y.ID): Y.Item | undefined {
  if (clock >= Y.getState(doc.store, client)) return undefined
  const item: unknown = Y.getItem(doc.store, Y.createID(client, clock))
  return item instanceof Y.Item ? item : undefined
}

export function isLive(doc: Y.Doc, id: Y.ID): boolean {
  return itemOf(doc, id)?.deleted === false
}

/** The type that a sign is, when it is one. */
export function typeOf(item: Y.Item | undefined): SharedType | undefined {
  const type: unknown = item?.content instanceof Y.ContentType ? item.content.type : undefined
  return type instanceof Y.XmlFragment || type instanceof Y.XmlText ? type : undefined
}

/** The sign on the left of another when that was written; undefined at the start of a text, and when Yjs has forgotten it. */
export function writtenBehind(doc: Y.Doc, id: Y.ID): Y.ID | undefined {
  const item = itemOf(doc, id)
  if (!item) return undefined
  if (id.clock > item.id.clock) return Y.createID(id.client, id.clock - 1)
  return signAt(doc, item.origin)
}

/** The sign at an id, or on the left of it when a mark begins or ends there. */
function signAt(doc: Y.Doc, origin: Y.ID | null): Y.ID | undefined {
  let at = origin
  while (at) {
    const item = itemOf(doc, at)
    if (!item) return undefined
    if (!(item.content instanceof Y.ContentFormat)) return at
    at = item.origin
  }
  return undefined
}

/** Whether a text or an element, or anything around it, has been deleted. */
export function isGone(type: SharedType): boolean {
  for (let at: unknown = type; at instanceof Y.AbstractType; at = at._item?.parent) {
    if (at._item?.deleted) return true
  }
  return false
}

/** The child of `root` that a type is or lies in; undefined when it lies elsewhere. */
export function topOf(type: unknown, root: Y.XmlFragment): SharedType | undefined {
  for (let at = type; at instanceof Y.AbstractType; at = at._item?.parent) {
    if (at._item?.parent === root) return at as SharedType
  }
  return undefined
}

/** Whether a transaction brought a sign. */
export function isNewIn({ beforeState }: Y.Transaction, { client, clock }: Y.ID): boolean {
  return clock >= (beforeState.get(client) ?? 0)
}

const arrivals = new WeakMap<Y.Transaction, ReadonlyMap<unknown, readonly Y.Item[]>>()

/** The children that a transaction brought and that are still there, in no order: at the cost of what it brought. */
export function newItemsIn(transaction: Y.Transaction, parent: Y.XmlFragment): Y.Item[] {
  const found = arrivals.get(transaction) ?? broughtBy(transaction)
  arrivals.set(transaction, found)
  return (found.get(parent) ?? []).filter(({ deleted }) => !deleted)
}

/** By parent. Once for a transaction, because many parents may be asked for. */
function broughtBy({ doc, beforeState }: Y.Transaction): Map<unknown, Y.Item[]> {
  const found = new Map<unknown, Y.Item[]>()
  for (const [client, structs] of doc.store.clients) {
    const since = beforeState.get(client) ?? 0
    for (let i = structs.length - 1; i >= 0; i--) {
      const struct = structs[i]
      if (!struct || struct.id.clock < since) break
      // What has a key is an attribute.
      if (!(struct instanceof Y.Item) || !struct.countable || struct.parentSub !== null) continue
      const items = found.get(struct.parent)
      if (items) items.push(struct)
      else found.set(struct.parent, [struct])
    }
  }
  return found
}

/** The elements around a text or an element, the innermost first. */
export function elementsAround(type: SharedType): Y.XmlElement[] {
  const around: Y.XmlElement[] = []
  for (let at: unknown = type._item?.parent; at instanceof Y.XmlElement; at = at._item?.parent) {
    around.push(at)
  }
  return around
}

/** The place before (0) or behind (1) a sign of a text; undefined when that text is gone. */
export function placeBeside(doc: Y.Doc, id: Y.ID, side: 0 | 1): TextPlace | undefined {
  const item = itemOf(doc, id)
  if (!item || !(item.parent instanceof Y.XmlText) || isGone(item.parent)) return undefined
  const within = item.deleted || !item.countable ? 0 : id.clock - item.id.clock + side
  return { text: item.parent, index: indexOf(item) + within }
}

/** How much there is to the left of an item in its list. */
export function indexOf(item: Y.Item): number {
  let index = 0
  for (let left = item.left; left; left = left.left) {
    if (!left.deleted && left.countable) index += left.length
  }
  return index
}

/** All items of a list, deleted ones too. */
export function* itemsIn(type: SharedType): Generator<Y.Item> {
  for (let item = type._start; item; item = item.right) yield item
}

/** The texts of a line, also those that are deleted. */
export function* textsIn(element: Y.XmlElement): Generator<Y.XmlText> {
  for (const item of itemsIn(element)) {
    const type = typeOf(item)
    if (type instanceof Y.XmlText) yield type
  }
}

/** The texts in an element, also those that are deleted or lie in deleted elements. */
export function* textsUnder(type: SharedType): Generator<Y.XmlText> {
  if (type instanceof Y.XmlText) {
    yield type
    return
  }
  for (const item of itemsIn(type)) {
    const child = typeOf(item)
    if (child) yield* textsUnder(child)
  }
}

/** Who made what is or was in an element or a text, any number of times. */
export function* authorsUnder(type: SharedType): Generator<number> {
  for (const item of itemsIn(type)) {
    yield item.id.client
    const child = typeOf(item)
    if (child) yield* authorsUnder(child)
  }
}

/** What of the items of a list stands between two indexes. */
export function itemsBetween(
  type: SharedType,
  from: number,
  to: number,
): { readonly id: Y.ID; readonly length: number }[] {
  const parts: { readonly id: Y.ID; readonly length: number }[] = []
  let index = 0
  for (const item of itemsIn(type)) {
    if (index >= to) break
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

/** The items that hold a range of clocks of one client, as far as they are more than numbers, each with its part of the range. */
export function* itemsInRange(
  doc: Y.Doc,
  client: number,
  clock: number,
  length: number,
): Generator<{ readonly item: Y.Item; readonly clock: number; readonly length: number }> {
  const structs = doc.store.clients.get(client)
  const end = Math.min(clock + length, Y.getState(doc.store, client))
  if (!structs || clock >= end) return
  for (let i = Y.findIndexSS(structs, clock); i < structs.length; i++) {
    const struct = structs[i] as Y.Item | Y.GC
    if (struct.id.clock >= end) return
    if (!(struct instanceof Y.Item)) continue
    const from = Math.max(clock, struct.id.clock)
    yield {
      item: struct,
      clock: from,
      length: Math.min(end, struct.id.clock + struct.length) - from,
    }
  }
}

export const isSame = (a: Y.ID | null, b: Y.ID | null): boolean =>
  a?.client === b?.client && a?.clock === b?.clock

export const keyOf = ({ client, clock }: Y.ID): string => `${client}:${clock}`

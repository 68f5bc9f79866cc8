/**
 * When two people moved the same words at once, there are two copies of them. One gives way: here its
 * signs are taken out, and what was typed among them since goes to the copy that stays.
 *
 * 1. Which one stays is the same for everybody (`copy-index.ts`), and nothing is taken out before the
 *    one that stays is there.
 * 2. An element goes when it was made by the move that gives way and nothing else is left in it.
 */
import type { Schema } from 'prosemirror-model'
import * as Y from 'yjs'
import { type CopyIndex, type Link, shifted } from './copy-index.ts'
import type { SignRange, TextHome } from './move-record.ts'
import { clockOf, type Moves, record } from './relocation.ts'
import {
  authorsUnder,
  elementsAround,
  indexOf,
  isGone,
  isSame,
  itemOf,
  itemsIn,
  keyOf,
  textsUnder,
  typeOf,
} from './signs.ts'

/** How far back it is asked what a sign is a copy of. */
const generationsMax = 100

/** A live sign that gives way, and the record that made it. */
export interface Loser {
  readonly id: Y.ID
  readonly madeBy: Y.ID
  /** The record of the copy that stays. */
  readonly stays: Y.ID
}

/**
 * What must give way now that a link has become known: of two copies of one sign, and of two copies of
 * what either is a copy of.
 */
export function losersBeside(index: CopyIndex, link: Link): Loser[] {
  const { from, length } = link
  const losers: Loser[] = []
  const isFirst = !index.isCopy(from.client, from.clock, length)
  if (isFirst && index.takenFrom(from.client, from.clock, length).length < 2) return losers
  for (let i = 0; i < length; i++) {
    let at = shifted(from, i)
    let way: Link | undefined = link
    for (let generation = 0; way && generation < generationsMax; generation++) {
      for (const other of index.branchesOf(at)) {
        const order = index.compare(at, other, way)
        if (other === way || order === 0) continue
        const [stays, goes] = order > 0 ? [other, way] : [way, other]
        if (!index.liveFrom(shifted(stays.to, at.clock - stays.from.clock))) continue
        for (const id of index.allLiveFrom(shifted(goes.to, at.clock - goes.from.clock))) {
          losers.push({ id, madeBy: goes.record, stays: stays.record })
        }
      }
      way = index.madeBy(at)
      if (way) at = shifted(way.from, at.clock - way.to.clock)
    }
  }
  return losers
}

/** What of the copies in a text, as far as `isMine` made them, must give way to a copy elsewhere. */
export function losersIn(
  index: CopyIndex,
  text: Y.XmlText,
  isMine: (client: number) => boolean,
): Loser[] {
  const losers: Loser[] = []
  for (const { id, deleted, content, length } of itemsIn(text)) {
    if (deleted || !(content instanceof Y.ContentString) || !isMine(id.client)) continue
    if (!index.isCopy(id.client, id.clock, length)) continue
    for (let i = 0; i < length; i++) {
      const sign = shifted(id, i)
      const made = index.madeBy(sign)
      const stays = made && index.liveOf(sign)
      const stayed = stays && index.madeBy(stays)
      // What a sign is a copy of does not count: its maker has yet to take it away, or has said why not.
      if (!stayed || isSame(stays, sign)) continue
      if (index.ancestorsOf(sign).some((one) => isSame(one, stays))) continue
      losers.push({ id: sign, madeBy: made.record, stays: stayed.record })
    }
  }
  return losers
}

/**
 * Live copies of what a local transaction deleted. Until one of two copies has given way, both are
 * there to see. Whoever deletes the one that would stay wants to be rid of one of them, not of both.
 */
export function doubledIn(
  index: CopyIndex,
  { doc, deleteSet, beforeState }: Y.Transaction,
): { readonly from: Y.ID; readonly live: Y.ID }[] {
  /** By the live copy: several of its family may have been deleted at once, of which the first would have stayed. */
  const doubled = new Map<string, { readonly from: Y.ID; readonly live: Y.ID }>()
  for (const [client, ranges] of deleteSet.clients) {
    for (const { clock, len } of ranges) {
      if (!index.knows(client, clock, len)) continue
      for (let i = 0; i < len; i++) {
        const from = Y.createID(client, clock + i)
        const live = index.liveOf(from)
        if (!live || live.clock >= (beforeState.get(live.client) ?? 0)) continue
        if (!index.isBefore(from, live)) continue
        if (!(itemOf(doc, live)?.content instanceof Y.ContentString)) continue
        const other = doubled.get(keyOf(live))
        if (!other || index.isBefore(from, other.from)) doubled.set(keyOf(live), { from, live })
      }
    }
  }
  return [...doubled.values()]
}

/** Takes the losers out; call it inside a shared transaction. What is left is elements that go when nothing is in them any more. */
export function giveWay(moves: Moves, losers: readonly Loser[]): void {
  const { doc } = moves
  const since = clockOf(doc)
  const leaving = new Set<string>()
  const texts = new Set<Y.XmlText>()
  const elements = new Set<Y.XmlElement>()
  for (const { id, madeBy } of losers) {
    const item = itemOf(doc, id)
    if (!item || item.deleted) continue
    const maker = moves.recordOf(madeBy)
    const isMade = ({ _item: made }: Y.XmlElement): boolean =>
      !!made &&
      made.id.client === madeBy.client &&
      made.id.clock < madeBy.clock &&
      made.id.clock >= (maker?.record.since ?? madeBy.clock)
    const type = typeOf(item)
    if (type instanceof Y.XmlElement) elements.add(type)
    if (item.parent instanceof Y.XmlText) {
      leaving.add(keyOf(id))
      texts.add(item.parent)
      const made = elementsAround(item.parent).filter(isMade)
      const [block, outermost] = [made[0], made.at(-1)]
      if (block) elements.add(block)
      if (outermost) elements.add(outermost)
    }
  }
  const given: SignRange[] = []
  for (const text of texts) takeFrom(text, leaving, given)
  if (given.length > 0) record(moves, since, { runs: [], given })
  removeEmpty(moves, elements)
  for (const element of elements) if (!isGone(element)) moves.leaving.add(element)
}

/** Takes elements away in which nothing is left. */
export function removeEmpty(moves: Moves, elements: Iterable<Y.XmlElement>): void {
  const { doc, schema } = moves
  const since = clockOf(doc)
  const known = new Map<number, number>()
  const gone: Y.ID[] = []
  const places: TextHome[] = []
  const deepestFirst = [...elements].sort(
    (a, b) => elementsAround(b).length - elementsAround(a).length,
  )
  for (const element of deepestFirst) {
    const item = element._item
    const parent = item?.parent
    if (!item || item.deleted || !(parent instanceof Y.XmlFragment) || isGone(parent)) continue
    if (hasContent(element, schema)) continue
    places.push(...homesInPlaceOf(element, (text) => !isGone(text)))
    for (const author of authorsUnder(element)) known.set(author, Y.getState(doc.store, author))
    gone.push(item.id)
    parent.delete(indexOf(item), 1)
  }
  if (gone.length > 0) record(moves, since, { runs: [], gone, places, known })
}

/** What belongs into the texts of an element that is taken away gets a block in its place. */
export function homesInPlaceOf(
  element: Y.XmlElement,
  isTaken: (text: Y.XmlText) => boolean,
): TextHome[] {
  const { _item: item } = element
  if (!item) return []
  let left = item.left
  while (left?.deleted) left = left.left
  const parent = item.parent instanceof Y.XmlFragment ? (item.parent._item?.id ?? null) : null
  const place = { kind: 'new-block', parent, behind: left?.id ?? null } as const
  return [...textsUnder(element)].flatMap((text) =>
    text._item && isTaken(text) ? [{ text: text._item.id, place }] : [],
  )
}

/** Takes signs out of a text. */
function takeFrom(text: Y.XmlText, leaving: ReadonlySet<string>, given: SignRange[]): void {
  const cuts: { index: number; length: number }[] = []
  let index = 0
  for (const item of itemsIn(text)) {
    if (item.deleted || !item.countable) continue
    for (let i = 0; i < item.length; i++) {
      const id = shifted(item.id, i)
      if (!leaving.has(keyOf(id))) continue
      const before = given.at(-1)
      if (before?.client === id.client && before.clock + before.length === id.clock) {
        given[given.length - 1] = { ...before, length: before.length + 1 }
      } else given.push({ client: id.client, clock: id.clock, length: 1 })
      const last = cuts.at(-1)
      if (last && last.index + last.length === index + i) last.length += 1
      else cuts.push({ index: index + i, length: 1 })
    }
    index += item.length
  }
  for (const cut of cuts.reverse()) text.delete(cut.index, cut.length)
}

/** Whether an element holds words, or something that is no container. */
export function hasContent(element: Y.XmlElement, schema: Schema): boolean {
  for (const child of element.toArray()) {
    if (child instanceof Y.XmlText) {
      if (child.length > 0) return true
    } else if (child instanceof Y.XmlElement) {
      const isLeaf = schema.nodes[child.nodeName]?.isLeaf ?? true
      if (isLeaf || hasContent(child, schema)) return true
    }
  }
  return false
}

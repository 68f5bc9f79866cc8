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
import { compareRecords, type CopyIndex, type Link, shifted } from './copy-index.ts'
import type { PlacedRecord } from './move-log.ts'
import type { SignRange } from './move-record.ts'
import {
  clockOf,
  type LiveWords,
  type Moves,
  record,
  relocateLive,
  type Relocation,
} from './relocation.ts'
import {
  elementsAround,
  indexOf,
  isGone,
  itemOf,
  itemsIn,
  placeBeside,
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
        const order = compareRecords(other.record, way.record)
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

const keyOf = ({ client, clock }: Y.ID): string => `${client}:${clock}`

/** Takes the losers out; call it inside a shared transaction. `recordOf` finds a record by its id. */
export function giveWay(
  moves: Moves,
  losers: readonly Loser[],
  schema: Schema,
  recordOf: (id: Y.ID) => PlacedRecord | undefined,
): Relocation[] {
  const { doc } = moves
  const since = clockOf(doc)
  const done: Relocation[] = []
  const leaving = new Set<string>()
  const texts = new Map<Y.XmlText, Contest>()
  const elements = new Map<Y.XmlElement, number>()
  const consider = (element: Y.XmlElement): void => {
    elements.set(element, elementsAround(element).length)
  }
  for (const { id, madeBy, stays } of losers) {
    const item = itemOf(doc, id)
    if (!item || item.deleted) continue
    const maker = recordOf(madeBy)
    const isMade = ({ _item: made }: Y.XmlElement): boolean =>
      !!made &&
      made.id.client === madeBy.client &&
      made.id.clock < madeBy.clock &&
      made.id.clock >= (maker?.record.since ?? madeBy.clock)
    const type = typeOf(item)
    if (type instanceof Y.XmlElement) consider(type)
    if (item.parent instanceof Y.XmlText) {
      leaving.add(keyOf(id))
      texts.set(item.parent, { goes: maker, stays: recordOf(stays) })
      const made = elementsAround(item.parent).filter(isMade)
      const [block, outermost] = [made[0], made.at(-1)]
      if (block) consider(block)
      if (outermost) consider(outermost)
    }
  }
  const given: SignRange[] = []
  const known = new Map<number, number>()
  for (const [text, contest] of texts) {
    for (const { id } of itemsIn(text)) known.set(id.client, Y.getState(doc.store, id.client))
    done.push(...takeFrom(moves, text, leaving, given, contest))
  }

  const gone: Y.ID[] = []
  const deepestFirst = [...elements].sort(([, a], [, b]) => b - a)
  for (const [element] of deepestFirst) {
    const item = element._item
    const parent = item?.parent
    if (!item || item.deleted || !(parent instanceof Y.XmlFragment) || isGone(parent)) continue
    if (hasContent(element, schema)) continue
    for (const text of textsUnder(element)) {
      for (const { id } of itemsIn(text)) known.set(id.client, Y.getState(doc.store, id.client))
    }
    gone.push(item.id)
    parent.delete(indexOf(item), 1)
  }
  if (given.length + gone.length > 0) record(moves, since, { runs: [], given, gone, known })
  return done
}

/** The records of the copy that gives way and of the one that stays, as far as they are still known. */
interface Contest {
  readonly goes: PlacedRecord | undefined
  readonly stays: PlacedRecord | undefined
}

/** Takes signs out of a text. Words that were typed beside them, and that are not where the others are, follow. */
function takeFrom(
  moves: Moves,
  text: Y.XmlText,
  leaving: Set<string>,
  given: SignRange[],
  { goes, stays }: Contest,
): Relocation[] {
  const done: Relocation[] = []
  const { index: copies } = moves
  /** Typed since the copy was made. */
  const isNewer = ({ client, clock }: Y.ID): boolean => {
    if (!goes) return false
    const { id, record } = goes
    return clock >= (client === id.client ? id.clock : (record.known.get(client) ?? 0))
  }
  /** Copied together with what goes, but not by the one whose copy stays, who did not know it. */
  const isLeftOut = ({ client, clock }: Y.ID): boolean => {
    if (!stays || !copies.isCopy(client, clock, 1)) return false
    const origin = copies.originOf(Y.createID(client, clock))
    return origin.clock >= (stays.record.known.get(origin.client) ?? 0)
  }
  const families = new Set<string>()
  for (const { id, words, isLeaving } of stretchesOf(text, leaving)) {
    if (!isLeaving) continue
    for (let i = 0; i < words.length; i++) families.add(keyOf(copies.originOf(shifted(id, i))))
  }
  /** Not the copy that stays, when it stands in the same text. */
  const isOther = (id: Y.ID): boolean => !families.has(keyOf(copies.originOf(id)))
  /** The nearest sign on the left that is live, when it leaves. */
  let left: Y.ID | null = null
  const stretches = [...stretchesOf(text, leaving)]
  stretches.forEach((stretch, i) => {
    const { id, words, isLeaving } = stretch
    const last = shifted(id, words.length - 1)
    if (isLeaving || !isOther(id) || !(isNewer(id) || isLeftOut(id))) {
      left = isLeaving ? last : null
      return
    }
    const next = i === 0 ? stretches[1] : undefined
    const right = next?.isLeaving ? next.id : null
    const neighbour = left ?? right
    const live = neighbour && otherLive(moves, neighbour, leaving)
    const at = live && placeBeside(moves.doc, live, left ? 1 : 0)
    const relocation = at && relocateLive(moves, stretch, at)
    if (!relocation) {
      left = null
      return
    }
    done.push(relocation)
    for (let k = 0; k < words.length; k++) leaving.add(keyOf(shifted(id, k)))
    left = last
  })
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
  return done
}

interface Stretch extends LiveWords {
  readonly isLeaving: boolean
}

/** The live words of a text, in stretches that leave as a whole or not at all. */
function* stretchesOf(text: Y.XmlText, leaving: ReadonlySet<string>): Generator<Stretch> {
  let attributes: Record<string, unknown> = {}
  for (const { deleted, content, id } of itemsIn(text)) {
    if (deleted) continue
    if (content instanceof Y.ContentFormat) {
      attributes = { ...attributes, [content.key]: content.value }
    }
    if (!(content instanceof Y.ContentString)) continue
    const words = content.str
    for (let from = 0; from < words.length; ) {
      const isLeaving = leaving.has(keyOf(shifted(id, from)))
      let to = from + 1
      while (to < words.length && leaving.has(keyOf(shifted(id, to))) === isLeaving) to += 1
      yield { id: shifted(id, from), words: words.slice(from, to), attributes, isLeaving }
      from = to
    }
  }
}

/** The live one of the family that does not leave. */
function otherLive({ index }: Moves, id: Y.ID, leaving: ReadonlySet<string>): Y.ID | undefined {
  for (const live of index.allLiveFrom(index.originOf(id))) {
    if (!leaving.has(keyOf(live))) return live
  }
  return undefined
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

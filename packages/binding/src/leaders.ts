/**
 * The sign on the left of a word when it was written: its *leader*. A word belongs behind it, wherever
 * it is now (`homes.ts`). Yjs keeps which one it was. Words that were written again keep the leader they
 * had: always when they followed, and when somebody moved them, if that one came along or is in the same
 * line. Else they belong where they were put.
 *
 * What Yjs does not keep is remembered here, of own words only:
 *
 * 1. The sync plugin writes behind what was deleted at the same place, and undo behind what others wrote
 *    there since; so Yjs names another sign.
 * 2. Words whose leader was nowhere when they were brought back or moved are *apart*: they stand behind
 *    another one until it is there again.
 *
 * What is forgotten, because the page was closed or there was too much, stays where it is.
 */
import * as Y from 'yjs'
import { type CopyIndex, type Link, shifted } from './copy-index.ts'
import type { MovedRun } from './move-record.ts'
import {
  indexOf,
  isGone,
  isLive,
  isSame,
  itemOf,
  itemsInRange,
  keyOf,
  writtenBehind,
} from './signs.ts'

/** Words whose leaders are remembered; the oldest are forgotten. */
const wordsMax = 1_000

/** How often words were written again, as far as it is asked. */
const generationsMax = 100

export class Leaders {
  readonly #doc: Y.Doc
  readonly #index: CopyIndex
  /** By the first sign of words: what stood on their left, the nearest first; nothing at the start of a text. */
  readonly #remembered = new Map<string, readonly Y.ID[]>()
  readonly #apart = new Map<string, Y.ID>()
  /** Words that stood at the start of a text when they were set apart: when none of their leaders is there, they are where they belong. */
  readonly #atStart = new Set<string>()

  constructor(doc: Y.Doc, index: CopyIndex) {
    this.#doc = doc
    this.#index = index
  }

  /** The leader of a sign and then what stood on the left of that, as far as it is remembered; none at the start of a text. */
  of(id: Y.ID, generations = 0): readonly Y.ID[] {
    const remembered = this.#remembered.get(keyOf(id))
    if (remembered) return remembered
    const link = this.#index.madeBy(id)
    if (link && generations < generationsMax) {
      const leaders = this.#ofSource(link, id.clock - link.to.clock, generations)
      const [first] = leaders
      if (first && link.kind === 'followed') return leaders
      const along = first && this.#alongWith(first, id, link.record)
      if (along) return [along]
    }
    const leader = itemOf(this.#doc, id) ? writtenBehind(this.#doc, id) : this.#toldOf(id)
    return leader ? [leader] : []
  }

  /** The leader of a sign that Yjs has forgotten: whoever wrote it again has said it. */
  #toldOf(id: Y.ID): Y.ID | undefined {
    for (const { from, leader } of this.#index.takenFrom(id.client, id.clock, 1)) {
      if (id.clock > from.clock) return shifted(id, -1)
      if (leader) return leader
    }
    return undefined
  }

  /** The leaders of what was written again, at an offset from the first sign. */
  #ofSource({ from, leader }: Link, offset: number, generations: number): readonly Y.ID[] {
    if (offset > 0) return [shifted(from, offset - 1)]
    return leader ? [leader] : this.of(from, generations + 1)
  }

  /** The same runs, each with its leader. */
  told(runs: readonly MovedRun[]): MovedRun[] {
    return runs.map((run) => ({
      ...run,
      leader: run.leader ?? this.of(Y.createID(run.client, run.clock))[0] ?? null,
    }))
  }

  /** The copy of a leader that stayed with what somebody moved: it was written again before it, or stands before it in the same line. */
  #alongWith(leader: Y.ID, id: Y.ID, record: Y.ID): Y.ID | undefined {
    let along: Y.ID | undefined
    for (const member of this.#index.familyOf(leader)) {
      if (!isInLineBehind(this.#doc, id, member)) continue
      if (isSame(this.#index.madeBy(member)?.record ?? null, record)) return member
      along = member
    }
    return along
  }

  /** Whether words begin at a sign that have a leader of their own, although other words lie before them. */
  beginsAt(id: Y.ID): boolean {
    if (this.#remembered.has(keyOf(id))) return true
    const link = this.#index.madeBy(id)
    if (!link || link.to.clock !== id.clock) return false
    const [leader] = this.of(id)
    const before = this.#index.originOf(shifted(id, -1))
    return leader !== undefined && !isSame(this.#index.originOf(leader), before)
  }

  /** Words that lie together, in parts that each have a leader of their own: where each begins. */
  cutsIn(start: Y.ID, length: number): number[] {
    const cuts = [0]
    for (let i = 1; i < length; i++) if (this.beginsAt(shifted(start, i))) cuts.push(i)
    return cuts
  }

  /** What stands on the left of the last of the leaders that are remembered; undefined when nothing counts. */
  behindLast(id: Y.ID, last: Y.ID): Y.ID | undefined {
    return this.#atStart.has(keyOf(id)) ? undefined : writtenBehind(this.#doc, last)
  }

  set(id: Y.ID, leaders: readonly Y.ID[]): void {
    this.#remembered.set(keyOf(id), leaders)
    for (const key of this.#remembered.keys()) {
      if (this.#remembered.size <= wordsMax) break
      this.#remembered.delete(key)
      this.#apart.delete(key)
      this.#atStart.delete(key)
    }
  }

  /** For words that could not be put behind the first of these. */
  setApart(id: Y.ID, leaders: readonly Y.ID[]): void {
    this.set(id, leaders)
    this.#apart.set(keyOf(id), id)
  }

  /**
   * For words that were written again: what they follow came along, unless it was nowhere. What the same
   * edit took away, as `isTaken` says, does not count: whoever made it has parted them.
   */
  setMoved(from: Y.ID, to: Y.ID, isTaken: (id: Y.ID) => boolean): void {
    const leaders = this.of(from)
    const [first] = leaders
    const item = itemOf(this.#doc, to)
    if (!first || this.#index.liveOf(first) || !(item?.content instanceof Y.ContentString)) return
    for (const member of this.#index.familyOf(first)) if (isTaken(member)) return
    const here = this.of(to)
    this.setApart(to, [...leaders, ...here])
    if (here.length === 0) this.#atStart.add(keyOf(to))
  }

  /** The words that are apart and still there. */
  apart(): Y.ID[] {
    const live: Y.ID[] = []
    for (const [key, id] of this.#apart) {
      if (isLive(this.#doc, id)) live.push(id)
      else {
        this.#apart.delete(key)
        this.#atStart.delete(key)
        this.#remembered.delete(key)
      }
    }
    return live
  }

  /** Looks at what this client has written from `since` on. */
  noteWritten(since: number): void {
    const { store, clientID } = this.#doc
    const length = Y.getState(store, clientID) - since
    for (const { item } of itemsInRange(this.#doc, clientID, since, length)) {
      const { content, deleted, id } = item
      if (deleted || !(content instanceof Y.ContentString) || id.clock < since) continue
      let left = item.left
      while (left && (left.deleted || !left.countable)) left = left.left
      const real = left && left.lastId
      // A mark that begins or ends there leads to the sign only as long as Yjs remembers it.
      if (!isSame(real, item.origin)) this.set(id, real ? [real] : [])
    }
  }
}

/** Whether a sign stands in the line of another, and behind it when that is live. */
export function standsBehind(doc: Y.Doc, id: Y.ID, home: Y.ID): boolean {
  const [item, of] = [itemOf(doc, id), itemOf(doc, home)]
  if (!item || !of) return false
  if (item.parent === of.parent) {
    if (of.deleted) return true
    if (item === of) return id.clock > home.clock
    for (let at: Y.Item | null = of; at; at = at.right) if (at === item) return true
    return false
  }
  const [text, ofText] = [item.parent, of.parent]
  if (!(text instanceof Y.XmlText) || !(ofText instanceof Y.XmlText)) return false
  if (text.parent !== ofText.parent || !text._item || !ofText._item) return false
  if (isGone(text) || isGone(ofText)) return false
  return of.deleted || indexOf(text._item) > indexOf(ofText._item)
}

/** Whether a sign stands behind another in one line, or stood there when they were deleted. */
function isInLineBehind(doc: Y.Doc, id: Y.ID, other: Y.ID): boolean {
  const [item, of] = [itemOf(doc, id), itemOf(doc, other)]
  if (!item || !of) return false
  if (item === of) return id.clock > other.clock
  if (item.parent === of.parent) return isFurther(of, item)
  const [text, ofText] = [item.parent, of.parent]
  if (!(text instanceof Y.XmlText) || !(ofText instanceof Y.XmlText)) return false
  if (text.parent !== ofText.parent || !text._item || !ofText._item) return false
  return isFurther(ofText._item, text._item)
}

function isFurther(from: Y.Item, item: Y.Item): boolean {
  for (let at: Y.Item | null = from; at; at = at.right) if (at === item) return true
  return false
}

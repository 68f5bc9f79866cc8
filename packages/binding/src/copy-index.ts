/**
 * Which signs are the same one, written again. Every record of moved words says that of some; here they
 * are found by id. A sign, its copies and their copies are one family; when all is well, one of them is
 * live.
 *
 * 1. Of two copies that were made without knowing of each other, the one with the higher client id
 *    stays, the same for everybody. In one list, that is also the one further down.
 * 2. Holds at most `linksMax` links; the oldest are forgotten first.
 */
import * as Y from 'yjs'
import type { MoveKind, MoveRecord } from './move-record.ts'
import { isLive, isSame } from './signs.ts'

/** Runs of signs that are remembered; a document's list of moves holds fewer. */
const linksMax = 50_000
/** Copies of one sign that are looked at. More is a circle, which only forged records can make. */
const familyMax = 500

/** One run of a record. */
export interface Link {
  readonly from: Y.ID
  readonly to: Y.ID
  readonly length: number
  /** The id of the record: its client is the maker. */
  readonly record: Y.ID
  readonly kind: MoveKind
  /** The leader of the first sign, when the maker said it. */
  readonly leader: Y.ID | null
}

export class CopyIndex {
  readonly #doc: Y.Doc
  #from = new Ranges<Link>()
  #to = new Ranges<Link>()
  #given = new Ranges<Y.ID>()
  #links: Link[] = []

  constructor(doc: Y.Doc) {
    this.#doc = doc
  }

  /** What a record says; `id` is the record's own. Runs that its maker cannot have made are left out. */
  add(record: MoveRecord, id: Y.ID): Link[] {
    const links = record.runs
      .filter(
        ({ length, toClock, clock }) =>
          length > 0 &&
          toClock >= record.since &&
          toClock + length <= id.clock &&
          Number.isSafeInteger(clock + length),
      )
      .map(({ client, clock, length, toClock, leader }) => ({
        from: Y.createID(client, clock),
        to: Y.createID(id.client, toClock),
        length,
        record: id,
        kind: record.kind,
        leader: leader ?? null,
      }))
    for (const link of links) this.#put(link)
    for (const { client, clock, length } of record.given) {
      this.#given.add(Y.createID(client, clock), length, id)
    }
    this.#links.push(...links)
    if (this.#links.length > linksMax) this.#forgetOldest()
    return links
  }

  /** Links that take from any of these signs. */
  takenFrom(client: number, clock: number, length: number): Link[] {
    return this.#from.over(client, clock, length)
  }

  /** Whether any of these signs is a copy. */
  isCopy(client: number, clock: number, length: number): boolean {
    return this.#to.has(client, clock, length)
  }

  /** The link by which a sign was made; undefined when it is no copy. */
  madeBy({ client, clock }: Y.ID): Link | undefined {
    return this.#to.over(client, clock, 1)[0]
  }

  /** Whether a sign was taken out because another copy of it stays. */
  hasGivenWay({ client, clock }: Y.ID): boolean {
    return this.#given.has(client, clock, 1)
  }

  /** Whether any of these signs has been copied or is a copy. */
  knows(client: number, clock: number, length: number): boolean {
    return this.#from.has(client, clock, length) || this.#to.has(client, clock, length)
  }

  /** The first of the family: the sign that was no copy. */
  originOf(id: Y.ID): Y.ID {
    return this.ancestorsOf(id).at(-1) ?? id
  }

  /** What a sign is a copy of, and what that is a copy of: the nearest first. */
  ancestorsOf(id: Y.ID): Y.ID[] {
    const ancestors: Y.ID[] = []
    for (let at = id; ancestors.length < familyMax; ) {
      const [link] = this.#to.over(at.client, at.clock, 1)
      if (!link) break
      at = shifted(link.from, at.clock - link.to.clock)
      ancestors.push(at)
    }
    return ancestors
  }

  /** All signs of a family, live or not. */
  *familyOf(id: Y.ID): Generator<Y.ID> {
    yield* this.#treeOf(this.originOf(id))
  }

  /** A sign, its copies and theirs, live or not. */
  *copiesOf(id: Y.ID): Generator<Y.ID> {
    yield* this.#treeOf(id)
  }

  /** The sign of this family that is live; of several the one that stays. */
  liveOf(id: Y.ID): Y.ID | undefined {
    return this.liveFrom(this.originOf(id))
  }

  /** The live one among a sign and its copies. */
  liveFrom(id: Y.ID): Y.ID | undefined {
    for (const live of this.allLiveFrom(id)) return live
    return undefined
  }

  /** All live ones among a sign and its copies, the one that stays first. */
  *allLiveFrom(id: Y.ID): Generator<Y.ID> {
    for (const member of this.#treeOf(id)) if (isLive(this.#doc, member)) yield member
  }

  /** Whether the second of two signs of one family would give way to the first. */
  isBefore(first: Y.ID, second: Y.ID): boolean {
    for (const member of this.familyOf(first)) {
      if (isSame(member, first)) return true
      if (isSame(member, second)) return false
    }
    return false
  }

  /** The copies of a sign, the one that stays first. */
  branchesOf(id: Y.ID): Link[] {
    const links = this.#from.over(id.client, id.clock, 1)
    return links.length < 2 ? links : links.sort((a, b) => -this.compare(id, a, b))
  }

  /**
   * Positive when the first of two copies of a sign stays. Words that followed and were then moved by
   * somebody count as moved: else they would part from those that were moved with them.
   */
  compare(id: Y.ID, a: Link, b: Link): number {
    return compareLinks(this.#decisive(id, a), this.#decisive(id, b)) || compareLinks(a, b)
  }

  #decisive(id: Y.ID, link: Link, generations = 0): Link {
    if (link.kind !== 'followed' || generations > familyMax) return link
    const copy = shifted(link.to, id.clock - link.from.clock)
    let best = link
    for (const next of this.#from.over(copy.client, copy.clock, 1)) {
      const decisive = this.#decisive(copy, next, generations + 1)
      if (compareLinks(decisive, best) > 0) best = decisive
    }
    return best
  }

  /**
   * The live sign that stays in the place of `id`, which is gone: one of its own copies, or one that
   * was made beside it and is not to give way to it.
   */
  successorOf(id: Y.ID): Y.ID | undefined {
    const own = this.liveFrom(id)
    if (own) return own
    let at = id
    for (let i = 0; i < familyMax; i++) {
      const [link] = this.#to.over(at.client, at.clock, 1)
      if (!link) return undefined
      const parent = shifted(link.from, at.clock - link.to.clock)
      if (isLive(this.#doc, parent)) return parent
      for (const branch of this.branchesOf(parent)) {
        if (this.compare(parent, branch, link) <= 0) break
        const live = this.liveFrom(shifted(branch.to, parent.clock - branch.from.clock))
        if (live) return live
      }
      at = parent
    }
    return undefined
  }

  *#treeOf(id: Y.ID): Generator<Y.ID> {
    const waiting = [id]
    for (let visited = 0; visited < familyMax; visited++) {
      const next = waiting.pop()
      if (!next) return
      yield next
      const copies = this.branchesOf(next).map(({ from, to }) =>
        shifted(to, next.clock - from.clock),
      )
      waiting.push(...copies.reverse())
    }
  }

  #put(link: Link): void {
    this.#from.add(link.from, link.length, link)
    this.#to.add(link.to, link.length, link)
  }

  #forgetOldest(): void {
    this.#links = this.#links.slice(this.#links.length - Math.floor(linksMax * 0.9))
    this.#from = new Ranges()
    this.#to = new Ranges()
    this.#given = new Ranges()
    for (const link of this.#links) this.#put(link)
  }
}

/** What a person moved comes before what followed; then the ids decide. */
function compareLinks(a: Link, b: Link): number {
  const byKind = Number(a.kind !== 'followed') - Number(b.kind !== 'followed')
  const byRecord = a.record.client - b.record.client || a.record.clock - b.record.clock
  return byKind || byRecord || a.to.clock - b.to.clock
}

export function shifted({ client, clock }: Y.ID, by: number): Y.ID {
  return by === 0 ? Y.createID(client, clock) : Y.createID(client, clock + by)
}

interface Range<T> {
  readonly clock: number
  readonly end: number
  readonly value: T
}

/** Values by ranges of clocks, which may overlap. */
class Ranges<T> {
  readonly #byClient = new Map<number, { ranges: Range<T>[]; longest: number }>()

  add({ client, clock }: Y.ID, length: number, value: T): void {
    const list = this.#byClient.get(client) ?? { ranges: [], longest: 0 }
    this.#byClient.set(client, list)
    list.longest = Math.max(list.longest, length)
    list.ranges.splice(firstAfter(list.ranges, clock), 0, { clock, end: clock + length, value })
  }

  has(client: number, clock: number, length: number): boolean {
    for (const _value of this.#overlapping(client, clock, length)) return true
    return false
  }

  /** In the order of their clocks. */
  over(client: number, clock: number, length: number): T[] {
    return [...this.#overlapping(client, clock, length)]
  }

  *#overlapping(client: number, clock: number, length: number): Generator<T> {
    const list = this.#byClient.get(client)
    if (!list) return
    for (let i = firstAfter(list.ranges, clock - list.longest); i < list.ranges.length; i++) {
      const range = list.ranges[i] as Range<T>
      if (range.clock >= clock + length) return
      if (range.end > clock) yield range.value
    }
  }
}

/** The index of the first range that begins behind `clock`. */
function firstAfter(ranges: readonly { readonly clock: number }[], clock: number): number {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ranges[middle] as { clock: number }).clock <= clock) low = middle + 1
    else high = middle
  }
  return low
}

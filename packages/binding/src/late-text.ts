/**
 * Words that were typed where somebody else has just moved the text away. Splitting, joining or dragging
 * a block, merging cells, making a paragraph code: each takes words out of one shared text and writes
 * them into another. What a colleague types at that moment lands where they were. Every move is written
 * down (`move-record.ts`), and whoever typed brings their words after it.
 *
 * 1. The one who typed does it, in the same turn in which the move arrives. When they do not, because
 *    their page is closed or their editor knows nothing of this, the one who moved does it `waitMs` later.
 * 2. Words that the one who moved had seen are not late: what of them was deleted stays deleted.
 * 3. Words behind a split go with the second half, words in a block that was deleted get a block.
 * 4. When two moved the same words, one copy gives way (`give-way.ts`).
 * 5. It is not a new step of undo; but undo of what was typed takes the words away where they are now.
 * 6. Nobody writes who has not written: a reader only reads.
 *
 * Length: one order of events, from a move that arrives to words that are in their place.
 */
import type { Clock, Timer } from '@quire/base'
import type { Node, Schema } from 'prosemirror-model'
import type { Step } from 'prosemirror-transform'
import * as Y from 'yjs'
import { CopyIndex, type Link, shifted } from './copy-index.ts'
import { giveWay, type Loser, losersBeside, removeEmpty } from './give-way.ts'
import { homeOf, leadersOf, textsAround } from './homes.ts'
import { appendRecord, type PlacedRecord, recordsIn, recordsOf } from './move-log.ts'
import {
  type Moves,
  relocateLive,
  type Relocation,
  relocateStray,
  stayApart,
  writeAgain,
} from './relocation.ts'
import {
  elementsAround,
  isGone,
  isLive,
  itemOf,
  itemsIn,
  itemsInRange,
  placeBeside,
  writtenBehind,
} from './signs.ts'
import { arrivalsOf, type Stray, straysOf } from './strays.ts'
import { movedBy, type Traces } from './text-traces.ts'
import { syncKey, type YBinding } from './y-prosemirror.ts'

/** The origin of the transactions that put late text in its place. */
export const lateTextOrigin: { readonly name: string } = { name: 'quire late text' }

/** How long the one who moved waits for the one who typed: some round trips of a poor line. */
const waitMs = 2_000
/** Words that lost their text and wait for the record that says why; the oldest are forgotten. */
const atticMax = 200
/** Words whose neighbour on the left is remembered; the oldest are forgotten. */
const leadersMax = 1_000
/** Records that are remembered by what they took away; the oldest are forgotten. */
const recordsMax = 2_000

/** A record that has just arrived. */
interface News extends PlacedRecord {
  readonly links: readonly Link[]
}

export interface LateTextOptions {
  readonly root: Y.XmlFragment
  readonly schema: Schema
  readonly clock: Clock
  /** Told where words went that a step of undo may hold. */
  readonly onRelocated: (relocation: Relocation) => void
}

export interface LateText {
  readonly moves: Moves
  /** Writes down what the steps of a local edit moved. Call it in their shared transaction, when all of them are written. */
  remember(
    binding: YBinding,
    transaction: Y.Transaction,
    traces: readonly Traces[],
    steps: readonly Step[],
    doc: Node,
  ): void
  /** The same place in what stays of its words now. */
  followed(position: Y.RelativePosition): Y.RelativePosition
  destroy(): void
}

export function createLateText(shared: Y.Doc, options: LateTextOptions): LateText {
  const { root, schema, clock, onRelocated } = options
  const index = new CopyIndex(shared)
  const own = new Set([shared.clientID])
  const records = new Map<string, PlacedRecord>()
  const about = new Map<string, PlacedRecord[]>()
  const timers = new Set<Timer>()
  /** Own words whose text is gone, until it is known why. */
  let attic: Stray[] = []
  let news: News[] = []
  let hasMoved = false
  const note = (placed: PlacedRecord): Link[] => {
    records.set(keyOf(placed.id), placed)
    const { gone, places } = placed.record
    for (const id of [...gone, ...places.map(({ text }) => text)]) {
      const key = keyOf(id)
      about.set(key, [...(about.get(key) ?? []), placed])
    }
    for (const [map, max] of [
      [records, recordsMax],
      [about, recordsMax * 10],
    ] as const) {
      for (const key of map.keys()) {
        if (map.size <= max) break
        map.delete(key)
      }
    }
    return index.add(placed.record, placed.id)
  }
  const moves: Moves = {
    doc: shared,
    root,
    schema,
    index,
    about: (id) => about.get(keyOf(id)) ?? [],
    recordOf: (id) => records.get(keyOf(id)),
    leaders: new Map(),
    apart: new Set(),
    leaving: new Set(),
    note,
  }
  for (const placed of recordsOf(shared)) note(placed)

  /** Before the view is told, so that it finds the new places already. */
  const read = (transaction: Y.Transaction): void => {
    own.add(shared.clientID)
    if (transaction.local) return
    news = recordsIn(transaction)
      .filter(({ id }) => !records.has(keyOf(id)))
      .map((placed) => ({ ...placed, links: note(placed) }))
  }

  const receive = (transaction: Y.Transaction): void => {
    if (transaction.local) {
      if (transaction.origin === syncKey) keepOthers(transaction)
      return
    }
    const arrived = news
    news = []
    attic.push(...straysOf(transaction, own, leaderOf))
    if (hasMoved) laterFor(arrivalsOf(transaction, own))
    for (const { links } of arrived)
      for (const link of links) onRelocated({ links: [link], made: [] })
    if (arrived.length === 0 && attic.length === 0) return
    const losers = arrived.flatMap(({ links }) =>
      links.flatMap((link) => losersBeside(index, link)),
    )
    settle(arrived, losers, (client) => own.has(client), attic)
    attic = attic.filter(isUnsettled).slice(-atticMax)
  }

  /** Brings what `isMine` to its place, as far as these records are about it. */
  const settle = (
    arrived: readonly News[],
    losers: readonly Loser[],
    isMine: (client: number) => boolean,
    strays: readonly Stray[],
  ): void => {
    // Both makers do it: until then whoever takes one of two copies away cannot know that the other goes, too.
    const mine = losers.filter(
      ({ id, madeBy, stays }) =>
        (isMine(madeBy.client) || isMine(stays.client)) && isLive(shared, id),
    )
    const waiting = new Set<Y.XmlText>()
    const look = (client: number, clock: number, length: number): void => {
      for (const text of textsAround(moves, Y.createID(client, clock), length)) waiting.add(text)
    }
    const lookAround = ({ record }: PlacedRecord): void => {
      for (const { client, clock, length } of [...record.runs, ...record.given]) {
        look(client, clock, length)
      }
    }
    const task = (): void => {
      if (mine.length > 0) giveWay(moves, mine)
      for (const { id } of mine) look(id.client, id.clock, 1)
      for (const placed of arrived) lookAround(placed)
      for (const id of signsApart()) look(id.client, id.clock, 1)
      for (const stray of strays) {
        for (const part of lostPartsOf(stray)) {
          const now = relocateStray(moves, stray, part)
          if (now) tell(now)
        }
      }
      for (const text of waiting) {
        waiting.delete(text)
        for (const relocation of follow(text, isMine)) {
          tell(relocation)
          for (const { from, length } of relocation.links) look(from.client, from.clock, length)
        }
      }
      for (const relocation of arrived.flatMap((placed) => stepInFront(placed, isMine)))
        tell(relocation)
      removeEmpty(moves, emptied([...arrived.flatMap(({ links }) => links), ...links]))
    }
    const links: Link[] = []
    const tell = (relocation: Relocation): void => {
      links.push(...relocation.links)
      onRelocated(relocation)
    }
    shared.transact(task, lateTextOrigin)
  }

  /**
   * Until one of two copies has given way, both are there to see. Whoever deletes the one that would
   * stay wants to be rid of one of them, so the other stays: it is written again as a copy of what was
   * deleted.
   */
  const keepOthers = ({ deleteSet, beforeState }: Y.Transaction): void => {
    const kept: { readonly from: Y.ID; readonly live: Y.ID }[] = []
    for (const [client, ranges] of deleteSet.clients) {
      for (const { clock, len } of ranges) {
        if (!index.knows(client, clock, len)) continue
        for (let i = 0; i < len; i++) {
          const from = Y.createID(client, clock + i)
          const live = index.liveOf(from)
          if (!live || live.clock >= (beforeState.get(live.client) ?? 0)) continue
          if (!index.isBefore(from, live)) continue
          if (itemOf(shared, live)?.content instanceof Y.ContentString) kept.push({ from, live })
        }
      }
    }
    if (kept.length === 0) return
    shared.transact(() => {
      for (const relocation of writeAgain(moves, kept)) onRelocated(relocation)
    }, lateTextOrigin)
  }

  /** What somebody moves while the sign on its left is nowhere belongs behind that when it is there again. */
  const rememberAbsent = (from: Y.ID, to: Y.ID): void => {
    const leaders = leadersOf(moves, from)
    const [first] = leaders
    const item = itemOf(shared, to)
    if (!first || !item || index.liveOf(first) || !(item.content instanceof Y.ContentString)) return
    stayApart(moves, to, [...leaders, ...leadersOf(moves, to)])
  }

  const leaderOf = ({ id }: Y.Item): Y.ID | undefined => {
    const remembered = moves.leaders.get(keyOf(id))
    return remembered ? remembered[0] : writtenBehind(shared, id)
  }

  /**
   * The sync plugin writes behind what was deleted at the same place, so Yjs names a deleted sign as
   * the one on the left. Which one it really was is remembered.
   */
  const rememberLeaders = (since: number): void => {
    const length = Y.getState(shared.store, shared.clientID) - since
    for (const { item } of itemsInRange(shared, shared.clientID, since, length)) {
      if (item.deleted || !(item.content instanceof Y.ContentString) || item.id.clock < since)
        continue
      let left = item.left
      while (left && (left.deleted || !left.countable)) left = left.left
      const real = left && left.lastId
      const said = writtenBehind(shared, item.id)
      if (isSame(real, said ?? null)) continue
      moves.leaders.set(keyOf(item.id), real ? [real] : [])
      for (const key of moves.leaders.keys()) {
        if (moves.leaders.size <= leadersMax) break
        moves.leaders.delete(key)
      }
    }
  }

  /** Of the elements that gave way, those that somebody has just brought words out of. */
  const emptied = (links: readonly Link[]): Y.XmlElement[] => {
    for (const element of moves.leaving) if (isGone(element)) moves.leaving.delete(element)
    if (moves.leaving.size === 0) return []
    const left = new Set<Y.XmlElement>()
    for (const { from, kind } of links) {
      const text = kind === 'followed' && itemOf(shared, from)?.parent
      if (!(text instanceof Y.XmlText)) continue
      for (const element of elementsAround(text)) {
        if (moves.leaving.has(element)) left.add(element)
      }
    }
    return [...left]
  }

  /** Own words that stand somewhere else than behind what stood on their left. */
  const signsApart = (): Y.ID[] => {
    const apart: Y.ID[] = []
    for (const key of moves.apart) {
      const [client = 0, clock = 0] = key.split(':').map(Number)
      const id = Y.createID(client, clock)
      if (isLive(shared, id)) apart.push(id)
      else {
        moves.apart.delete(key)
        moves.leaders.delete(key)
      }
    }
    return apart
  }

  /** Own words that were typed exactly where others were then written: they belong to what stood there. */
  const stepInFront = (
    { id, record, links }: News,
    isMine: (client: number) => boolean,
  ): Relocation[] => {
    if (record.kind === 'followed') return []
    const done: Relocation[] = []
    for (const { to } of links) {
      const first = itemOf(shared, to)
      const text = first?.parent
      if (!first || first.id.clock !== to.clock || !(text instanceof Y.XmlText)) continue
      const isNew = text._item?.id.client === id.client && text._item.id.clock >= record.since
      if (isNew || first.deleted) continue
      for (let item = first.right; item; item = item.right) {
        const { content, origin, rightOrigin } = item
        const isLate = item.id.clock >= (record.known.get(item.id.client) ?? 0)
        if (item.deleted || !isMine(item.id.client) || !isLate) continue
        if (!(content instanceof Y.ContentString)) continue
        // Not words that were moved here: they have a place of their own.
        if (index.knows(item.id.client, item.id.clock, item.length)) continue
        if (!isSame(origin, first.origin) || !isSame(rightOrigin, first.rightOrigin)) continue
        const at = placeBeside(shared, to, 0)
        const relocation = at && relocateLive(moves, { id: item.id, words: content.str }, at)
        if (relocation) done.push(relocation)
        break
      }
    }
    return done
  }

  /** Words that lie together, in parts that have a sign of their own on the left. */
  const partsOf = (start: Y.ID, words: string): { readonly id: Y.ID; readonly words: string }[] => {
    const cuts = [0]
    for (let i = 1; i < words.length; i++)
      if (moves.leaders.has(keyOf(shifted(start, i)))) cuts.push(i)
    return cuts.map((from, k) => ({
      id: shifted(start, from),
      words: words.slice(from, cuts[k + 1]),
    }))
  }

  /** Live words of a text that belong behind a sign that is elsewhere. */
  const follow = (text: Y.XmlText, isMine: (client: number) => boolean): Relocation[] => {
    const done: Relocation[] = []
    for (const item of [...itemsIn(text)]) {
      const { content, deleted } = item
      if (deleted || !(content instanceof Y.ContentString) || !isMine(item.id.client)) continue
      for (const { id, words } of partsOf(item.id, content.str)) {
        const home = homeOf(moves, id)
        const at = home && placeBeside(shared, home, 1)
        const leaders = leadersOf(moves, id)
        const relocation = at && relocateLive(moves, { id, words }, at)
        const [link] = relocation?.links ?? []
        if (!home || !relocation || !link) continue
        done.push(relocation)
        const [first] = leaders
        const isBesideFirst =
          isLive(shared, home) && first && isSame(index.liveOf(first) ?? first, home)
        if (!isBesideFirst) stayApart(moves, link.to, leaders)
      }
    }
    return done
  }

  /**
   * The records of those who took the text away. They name it, unless they did not know it: then they
   * took away what stands around it. Who knew it and does not name it had seen it go before.
   */
  const explaining = ({ line: { text, elements } }: Stray): PlacedRecord[] => {
    const named = moves
      .about(text)
      .filter(({ record }) => record.places.some((place) => isSame(place.text, text)))
    const around = elements
      .flatMap((id) => moves.about(id))
      .filter(({ record }) => (record.known.get(text.client) ?? 0) <= text.clock)
    return [...new Set([...named, ...around])]
  }

  /** Whether a stray may still have to come back. */
  const isUnsettled = (stray: Stray): boolean => {
    if (explaining(stray).length === 0) return true
    return false
  }

  /** What of a stray is nowhere, although nobody who knew it took it away. */
  const lostPartsOf = (stray: Stray): [from: number, to: number][] => {
    const { id, words } = stray
    const reasons = explaining(stray)
    if (reasons.length === 0) return []
    const known = Math.max(0, ...reasons.map(({ record }) => record.known.get(id.client) ?? 0))
    const isLost = (i: number): boolean => {
      if (id.clock + i < known) return false
      const sign = shifted(id, i)
      if (index.successorOf(sign) !== undefined) return false
      if (index.takenFrom(sign.client, sign.clock, 1).length > 0 || index.hasGivenWay(sign)) {
        return false
      }
      return (
        !index.isCopy(sign.client, sign.clock, 1) || !isDeletedBy(reasons, index.originOf(sign))
      )
    }
    const parts: [number, number][] = []
    for (let from = 0; from < words.length; ) {
      let to = from
      while (to < words.length && isLost(to)) to += 1
      if (to > from) parts.push([from, to])
      from = to + 1
    }
    return parts
  }

  /** Whether somebody saw a sign and took its text away without moving it. */
  const isDeletedBy = (reasons: readonly PlacedRecord[], origin: Y.ID): boolean => {
    const text = itemOf(shared, origin)?.parent
    const item = text instanceof Y.XmlText ? text._item : null
    if (!item) return false
    const links = index.takenFrom(origin.client, origin.clock, 1)
    const isRestored = ({ record }: Link): boolean =>
      records.get(keyOf(record))?.record.kind === 'restored'
    if (links.some(isRestored)) return false
    return reasons.some(
      ({ id, record }) =>
        (record.known.get(origin.client) ?? 0) > origin.clock &&
        moves.about(item.id).some((placed) => placed.id === id) &&
        // Whom the remover knew to have moved it had taken it away before.
        links.every(
          ({ record: by }) => by !== id && by.clock >= (record.known.get(by.client) ?? 0),
        ),
    )
  }

  const moversOf = ({ id, length }: Y.Item): number[] =>
    index.takenFrom(id.client, id.clock, length).map(({ record }) => record.client)

  const later = (task: () => void): void => {
    const timer = clock.after(waitMs, () => {
      timers.delete(timer)
      task()
    })
    timers.add(timer)
  }
  const laterFor = (strays: readonly Stray[]): void => {
    const mine = strays.filter((stray) => explaining(stray).some(({ id }) => own.has(id.client)))
    if (mine.length > 0) later(() => settle([], [], () => false, mine))
  }
  shared.on('beforeObserverCalls', read)
  shared.on('afterTransaction', receive)
  return {
    moves,
    remember(binding, transaction, traces, steps, doc) {
      if (traces.every(({ traces: some }) => some.length === 0)) return
      const since = transaction.beforeState.get(shared.clientID) ?? 0
      rememberLeaders(since)
      const moved = movedBy(binding, traces, steps, doc, since, moversOf)
      if (!moved) return
      hasMoved = true
      const links = note(appendRecord(shared, { kind: 'moved', since, ...moved }))
      for (const { from, to } of links) rememberAbsent(from, to)
    },
    followed(position) {
      const { item, type, tname, assoc } = position
      const gone = item ?? type
      if (!gone || itemOf(shared, gone)?.deleted === false) return position
      const live = index.liveOf(gone)
      if (!live) return position
      return Y.createRelativePositionFromJSON(
        item ? { item: live, assoc } : { type: live, tname, assoc },
      )
    },
    destroy() {
      for (const timer of timers) timer.cancel()
      timers.clear()
      shared.off('beforeObserverCalls', read)
      shared.off('afterTransaction', receive)
    },
  }
}

const isSame = (a: Y.ID | null, b: Y.ID | null): boolean =>
  a?.client === b?.client && a?.clock === b?.clock

const keyOf = ({ client, clock }: Y.ID): string => `${client}:${clock}`

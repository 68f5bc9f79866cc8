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
import { giveWay, type Loser, losersBeside } from './give-way.ts'
import { appendRecord, type PlacedRecord, recordsIn, recordsOf } from './move-log.ts'
import type { SignRange } from './move-record.ts'
import {
  type Moves,
  rejoin,
  relocateLive,
  type Relocation,
  relocateStray,
  removeEmpty,
} from './relocation.ts'
import { isGone, itemOf, itemsIn, placeBeside } from './signs.ts'
import { arrivalsOf, type Line, type Stray, straysOf } from './strays.ts'
import { movedBy, type Traces } from './text-traces.ts'
import type { YBinding } from './y-prosemirror.ts'

/** The origin of the transactions that put late text in its place. */
export const lateTextOrigin: { readonly name: string } = { name: 'quire late text' }

/** How long the one who moved waits for the one who typed: some round trips of a poor line. */
const waitMs = 2_000
/** Words that lost their text and wait for the record that says why; the oldest are forgotten. */
const straysMax = 200
/** Transactions that bring words after a move: this many in a row, and one more each `turnMs`. People who drag and split as fast as they can need a few in a second. */
const turnsMax = 100
const turnMs = 1_000
/** Records that are remembered by what they took away; the oldest are forgotten. */
const recordsMax = 2_000

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
  let waiting: Stray[] = []
  let news: { readonly placed: PlacedRecord; readonly links: readonly Link[] }[] = []
  let hasMoved = false
  /** Words that got a block of their own, until their neighbours are somewhere again. */
  let rescued: { readonly stray: Stray; readonly from: number; readonly now: Relocation }[] = []

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
    note,
  }
  for (const placed of recordsOf(shared)) note(placed)

  /** Before the view is told, so that it finds the new places already. */
  const read = (transaction: Y.Transaction): void => {
    own.add(shared.clientID)
    if (transaction.local) return
    news = recordsIn(transaction)
      .filter(({ id }) => !records.has(keyOf(id)))
      .map((placed) => ({ placed, links: note(placed) }))
  }

  const receive = (transaction: Y.Transaction): void => {
    if (transaction.local) return
    const arrived = news
    news = []
    waiting.push(...straysOf(transaction, own))
    if (hasMoved) laterFor(arrivalsOf(transaction, own))
    for (const { links } of arrived)
      for (const link of links) onRelocated({ links: [link], made: [] })
    if (arrived.length === 0 && waiting.length === 0) return

    const losers = arrived.flatMap(({ links }) =>
      links.flatMap((link) => losersBeside(index, link)),
    )
    const mine = losers.filter(({ madeBy }) => own.has(madeBy.client))
    laterGiveWay(
      losers.filter(({ madeBy, stays }) => !own.has(madeBy.client) && own.has(stays.client)),
    )

    const ready = waiting.filter((stray) => explaining(stray).length > 0)
    waiting = waiting.filter((stray) => !ready.includes(stray)).slice(-straysMax)
    const concerned = ownLinesOf(ready)
    const moved = arrived.filter(
      ({ links, placed: { record } }) =>
        record.given.length > 0 || (links.length > 0 && record.kind !== 'followed'),
    )
    if (concerned.length + mine.length + moved.length === 0) return
    write(() => {
      const done = [
        ...giveWay(moves, mine, schema, (id) => records.get(keyOf(id))),
        ...moved.flatMap(({ placed, links }) => [
          ...catchUp(placed, links),
          ...stepInFront(placed, links),
        ]),
        ...concerned.flatMap(bringBack),
        ...rejoinRescued(),
      ]
      for (const relocation of done) onRelocated(relocation)
    })
  }

  /** Two editors that keep answering each other must come to an end: whoever has no turn left leaves words where Yjs put them. */
  let turns = turnsMax
  let turnsMs = clock.nowMs()
  const write = (task: () => void): void => {
    const nowMs = clock.nowMs()
    turns = Math.min(turnsMax, turns + (nowMs - turnsMs) / turnMs)
    turnsMs = nowMs
    if (turns < 1) return
    turns -= 1
    shared.transact(task, lateTextOrigin)
  }

  const explaining = ({ line }: Stray): PlacedRecord[] => [
    ...new Set([line.text, ...line.elements].flatMap((id) => moves.about(id))),
  ]

  /** Those of the lines in which something of one's own is lost: the words of others between it come along. */
  const ownLinesOf = (strays: readonly Stray[]): Stray[] => {
    const lines = new Set<Line>()
    for (const stray of strays) {
      if (own.has(stray.id.client) && lostPartsOf(stray).length > 0) lines.add(stray.line)
    }
    return strays.filter(({ line }) => lines.has(line))
  }

  /** What of a stray has no live successor, and was neither known to those who took its text away nor is a copy of what they deleted. */
  const lostPartsOf = (stray: Stray): [from: number, to: number][] => {
    const { id, words } = stray
    const reasons = explaining(stray)
    const known = Math.max(0, ...reasons.map(({ record }) => record.known.get(id.client) ?? 0))
    const isLost = (i: number): boolean => {
      if (id.clock + i < known) return false
      const sign = shifted(id, i)
      if (index.successorOf(sign) !== undefined) return false
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

  const bringBack = (stray: Stray): Relocation[] =>
    lostPartsOf(stray).flatMap((part) => {
      const now = relocateStray(moves, stray, part)
      if (!now) return []
      if (now.made.length > 0) {
        rescued = [...rescued.slice(-straysMax), { stray, from: part[0], now }]
      }
      return [now]
    })

  const rejoinRescued = (): Relocation[] => {
    const done: Relocation[] = []
    rescued = rescued.filter(({ stray, from, now }) => {
      const relocation = rejoin(moves, stray, from, now.links)
      if (!relocation) return true
      done.push(relocation)
      removeEmpty(moves, now.made)
      return false
    })
    return done
  }

  /** Own live words that were typed behind signs that a record moved. */
  const catchUp = ({ id, record }: PlacedRecord, links: readonly Link[]): Relocation[] => {
    const texts = new Set<Y.XmlText>()
    for (const from of [...links.map((link) => link.from), ...record.given]) {
      const parent = itemOf(shared, from)?.parent
      if (parent instanceof Y.XmlText && !isGone(parent)) texts.add(parent)
    }
    const isTaken = (sign: Y.ID): boolean =>
      index.takenFrom(sign.client, sign.clock, 1).some((link) => link.record === id) ||
      record.given.some((range) => isWithin(range, sign))
    const done: Relocation[] = []
    for (const text of texts) {
      /** The nearest sign on the left that counts, when it was taken. */
      let left: Y.ID | null = null
      for (const item of [...itemsIn(text)]) {
        const last = shifted(item.id, item.length - 1)
        if (item.deleted) {
          if (isTaken(last)) left = last
          continue
        }
        const { content } = item
        if (!(content instanceof Y.ContentString)) continue
        if (item.id.clock < (record.known.get(item.id.client) ?? 0)) left = null
        // What somebody else typed here is theirs to bring along.
        if (!left || !own.has(item.id.client)) continue
        const live = index.liveOf(left)
        const at = live && placeBeside(shared, live, 1)
        const isInPlace = at?.text === text && !record.given.some((range) => isWithin(range, left!))
        if (!at || isInPlace) continue
        const relocation = relocateLive(moves, { id: item.id, words: content.str }, at)
        if (!relocation) continue
        done.push(relocation)
        left = last
      }
    }
    return done
  }

  /** Own words that were typed exactly where others were then written: they belong to what stood there. */
  const stepInFront = ({ id, record }: PlacedRecord, links: readonly Link[]): Relocation[] => {
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
        if (item.deleted || !own.has(item.id.client) || !isLate) continue
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

  const later = (task: () => void): void => {
    const timer = clock.after(waitMs, () => {
      timers.delete(timer)
      write(task)
    })
    timers.add(timer)
  }
  const laterFor = (strays: readonly Stray[]): void => {
    const mine = strays.filter((stray) => explaining(stray).some(({ id }) => own.has(id.client)))
    if (mine.length === 0) return
    later(() => {
      for (const relocation of mine.flatMap(bringBack)) onRelocated(relocation)
    })
  }
  const laterGiveWay = (losers: readonly Loser[]): void => {
    if (losers.length === 0) return
    later(() => {
      for (const done of giveWay(moves, losers, schema, (id) => records.get(keyOf(id)))) {
        onRelocated(done)
      }
    })
  }

  shared.on('beforeObserverCalls', read)
  shared.on('afterTransaction', receive)
  return {
    moves,
    remember(binding, transaction, traces, steps, doc) {
      if (traces.every(({ traces: some }) => some.length === 0)) return
      const since = transaction.beforeState.get(shared.clientID) ?? 0
      const moved = movedBy(binding, traces, steps, doc, since, moversOf)
      if (!moved) return
      hasMoved = true
      note(appendRecord(shared, { kind: 'moved', since, ...moved }))
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

const isWithin = ({ client, clock, length }: SignRange, id: Y.ID): boolean =>
  client === id.client && clock <= id.clock && id.clock < clock + length

const isSame = (a: Y.ID | null, b: Y.ID | null): boolean =>
  a?.client === b?.client && a?.clock === b?.clock

const keyOf = ({ client, clock }: Y.ID): string => `${client}:${clock}`

/**
 * Words that were typed where somebody else has just moved the text away. Splitting, joining or dragging
 * a block, merging cells, making a paragraph code: each takes words out of one shared text and writes
 * them into another. What a colleague types at that moment lands where they were. Every move is written
 * down (`move-record.ts`), and whoever typed brings their words after it.
 *
 * 1. The one who typed does it, in the same turn in which the move arrives. When they do not, because
 *    their page is closed or their editor knows nothing of this, the one who moved does it `waitMs` later.
 * 2. What is to be done follows from the shared document and its records: which words are lost
 *    (`lost-words.ts`), behind what words belong (`homes.ts`), which of two copies stays (`give-way.ts`).
 *    So it does not matter in which order things arrive, and when nobody has anything to do, all is well.
 * 3. It comes to an end: words move because of what people moved, or because of words that were written
 *    before them and moved; never because of themselves or of later ones (`docs/adr`).
 * 4. It is not a new step of undo; but undo of what was typed takes the words away where they are now.
 * 5. Nobody writes who has not written: a reader only reads.
 */
import type { Clock, Timer } from '@quire/base'
import type { Node, Schema } from 'prosemirror-model'
import type { Step } from 'prosemirror-transform'
import * as Y from 'yjs'
import { CopyIndex, type Link } from './copy-index.ts'
import { followAll, type IsMine, leftBehind, type News, stepInFront } from './follow-words.ts'
import { doubledIn, giveWay, type Loser, losersBeside, losersIn, removeEmpty } from './give-way.ts'
import type { Hidden } from './held-line.ts'
import { textsAround } from './homes.ts'
import { Leaders } from './leaders.ts'
import { explaining, lostPartsOf } from './lost-words.ts'
import { mergedBy } from './merged-texts.ts'
import { appendRecord, type PlacedRecord, recordsIn, recordsOf } from './move-log.ts'
import type { SignRange } from './move-record.ts'
import { type Moves, type Relocation, relocateStray, writeAgain } from './relocation.ts'
import { isLive, itemOf, itemsInRange, keyOf } from './signs.ts'
import { stepBack } from './step-back.ts'
import { arrivalsOf, type Stray, straysOf } from './strays.ts'
import { movedBy, type Traces } from './text-traces.ts'
import { keepUnseen } from './unseen-words.ts'
import { syncKey, type YBinding } from './y-prosemirror.ts'

/** The origin of the transactions that put late text in its place. */
export const lateTextOrigin: { readonly name: string } = { name: 'quire late text' }

/** How long the one who moved waits for the one who typed: some round trips of a poor line. */
const waitMs = 2_000
/** Words that lost their text and wait for the record that says why; the oldest are forgotten. */
const atticMax = 200
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
  /** See {@link keepUnseen}. */
  unseen(hidden: Hidden): () => void
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
    leaders: new Leaders(shared, index),
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

  const isOwn: IsMine = (client) => own.has(client)

  const receive = (transaction: Y.Transaction): void => {
    if (transaction.local) {
      if (transaction.origin === syncKey) keepOther(transaction)
      if (transaction.origin instanceof Y.UndoManager) followWritten(transaction)
      // Only Yjs and y-prosemirror write without an origin.
      if (transaction.origin === null) writeDownMerged(transaction)
      return
    }
    const arrived = news
    news = []
    const strays = straysOf(transaction, own, moves.leaders)
    attic.push(...strays.filter(({ id }) => own.has(id.client)))
    if (hasMoved) laterFor(arrivalsOf(transaction, own))
    for (const { links } of arrived)
      for (const link of links) onRelocated({ links: [link], made: [] })
    if (arrived.length === 0 && attic.length === 0) return
    settle(arrived, attic, new Set(), isOwn)
    attic = attic.filter((stray) => explaining(moves, stray).length === 0).slice(-atticMax)
  }

  /** Brings what `isMine` to its place, as far as these records are about it, or it stands in one of the texts `waiting`. */
  const settle = (
    arrived: readonly News[],
    strays: readonly Stray[],
    waiting: Set<Y.XmlText>,
    isMine: IsMine,
  ): void => {
    const look = ({ client, clock, length }: SignRange): void => {
      for (const text of textsAround(moves, Y.createID(client, clock), length)) waiting.add(text)
    }
    const lookAt = ({ client, clock }: Y.ID): void => look({ client, clock, length: 1 })
    const links = arrived.flatMap((some) => some.links)
    const tell = (relocation: Relocation): void => {
      links.push(...relocation.links)
      onRelocated(relocation)
    }
    // Both makers do it: until then whoever takes one of two copies away cannot know that the other goes, too.
    const isOurs = ({ id, madeBy, stays }: Loser): boolean =>
      (isMine(madeBy.client) || isMine(stays.client)) && isLive(shared, id)
    const leave = (ours: readonly Loser[]): void => {
      if (ours.length > 0) giveWay(moves, ours)
      for (const { id } of ours) lookAt(id)
    }
    const makeRoomFor = (some: readonly Link[]): void =>
      leave(some.flatMap((link) => losersBeside(index, link)).filter(isOurs))
    shared.transact(() => {
      makeRoomFor(links)
      for (const { record } of arrived) [...record.runs, ...record.given].forEach(look)
      moves.leaders.apart().forEach(lookAt)
      for (const stray of strays) {
        for (const part of lostPartsOf(moves, stray)) {
          const now = relocateStray(moves, stray, part)
          if (!now) continue
          tell(now)
          makeRoomFor(now.links)
        }
      }
      for (const text of waiting) {
        waiting.delete(text)
        leave(losersIn(index, text, isMine))
        for (const relocation of followAll(moves, text, isMine)) {
          tell(relocation)
          for (const { from, length } of relocation.links) {
            look({ client: from.client, clock: from.clock, length })
          }
        }
      }
      for (const some of arrived) stepInFront(moves, some, isMine).forEach(tell)
      removeEmpty(moves, leftBehind(moves, links))
    }, lateTextOrigin)
  }

  /** What undo has just brought back may belong to where others have moved its neighbours since. */
  const followWritten = ({ beforeState }: Y.Transaction): void => {
    const { clientID, store } = shared
    const since = beforeState.get(clientID) ?? 0
    const texts = new Set<Y.XmlText>()
    for (const { item } of itemsInRange(
      shared,
      clientID,
      since,
      Y.getState(store, clientID) - since,
    )) {
      if (item.deleted || !(item.content instanceof Y.ContentString)) continue
      if (item.parent instanceof Y.XmlText) texts.add(item.parent)
    }
    if (texts.size > 0) settle([], [], texts, isOwn)
  }

  const keepOther = (transaction: Y.Transaction): void => {
    const doubled = doubledIn(index, transaction)
    if (doubled.length === 0) return
    shared.transact(() => {
      for (const relocation of writeAgain(moves, doubled)) onRelocated(relocation)
    }, lateTextOrigin)
  }

  /** It writes the words in one transaction and takes the text away in the next. Others may have been made before this one is told of either. */
  let writtenSince = 0
  const writeDownMerged = (transaction: Y.Transaction): void => {
    const until = transaction.beforeState.get(shared.clientID) ?? 0
    const merged = mergedBy(transaction, { since: writtenSince, until })
    writtenSince = until
    if (!merged) return
    shared.transact(() => {
      const runs = moves.leaders.told(merged.runs)
      const links = note(appendRecord(shared, { kind: 'moved', ...merged, runs }))
      onRelocated({ links, made: [] })
    }, lateTextOrigin)
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
    const mine = strays.filter((stray) =>
      explaining(moves, stray).some(({ id }) => own.has(id.client)),
    )
    if (mine.length > 0) later(() => settle([], mine, new Set(), () => false))
  }
  shared.on('beforeObserverCalls', read)
  shared.on('afterTransaction', receive)
  return {
    moves,
    remember(binding, transaction, traces, steps, doc) {
      const since = transaction.beforeState.get(shared.clientID) ?? 0
      const isTraced = traces.some(({ traces: some }) => some.length > 0)
      const moved = isTraced
        ? movedBy(binding, traces, steps, doc, transaction, moversOf)
        : undefined
      stepBack(transaction, moved?.runs ?? [])
      moves.leaders.noteWritten(since)
      if (!moved) return
      hasMoved = true
      const runs = moves.leaders.told(moved.runs)
      const links = note(appendRecord(shared, { kind: 'moved', since, ...moved, runs }))
      const deleted = Y.mergeDeleteSets([transaction.deleteSet])
      const isTaken = (id: Y.ID): boolean => Y.isDeleted(deleted, id)
      for (const { from, to } of links) moves.leaders.setMoved(from, to, isTaken)
    },
    unseen: (hidden) => keepUnseen(moves, hidden, onRelocated),
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

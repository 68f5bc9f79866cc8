/**
 * Undo among people who move words. Undoing a move is itself a move, so it is written down like one;
 * and a step of undo follows the words it made when somebody else moves them.
 *
 * 1. Undo and its record are one shared transaction, so nobody sees one without the other.
 * 2. What undo would bring back, but is there already, because somebody else brought it back or had
 *    moved it, does not come back twice.
 * 3. What others wrote into a copy that undo takes away goes where the words of the copy go.
 *
 * Length: the two directions of one rule, undone and followed, read together.
 */
import type { Schema } from 'prosemirror-model'
import * as Y from 'yjs'
import { type CopyIndex, type Link, shifted } from './copy-index.ts'
import { hasContent, homesInPlaceOf, removeEmpty } from './give-way.ts'
import type { MovedRun, TextHome } from './move-record.ts'
import {
  clockOf,
  type Moves,
  record,
  relocateBeside,
  type Relocation,
  relocateStray,
} from './relocation.ts'
import {
  authorsUnder,
  elementsAround,
  indexOf,
  isGone,
  isLive,
  isSame,
  itemOf,
  itemsIn,
  itemsInRange,
  keyOf,
  typeOf,
} from './signs.ts'
import { cutLostTraces } from './redone.ts'
import { putInOrder } from './step-back.ts'
import { isWordsInGoneText, type Stray, wordsIn } from './strays.ts'
import type { SharedType } from './y-prosemirror.ts'

type StackItem = Y.UndoManager['undoStack'][number]
type DeleteSet = Y.Transaction['deleteSet']

/** What the manager keeps to itself while it undoes. */
interface Busy {
  undoing: boolean
  redoing: boolean
  currStackItem: StackItem | null
}

/** Undoes or redoes one step; null when there was none. */
export function undoStep(
  manager: Y.UndoManager,
  direction: 'undo' | 'redo',
  moves: Moves,
  schema: Schema,
): StackItem | null {
  const busy = manager as unknown as Busy
  const flag = direction === 'undo' ? 'undoing' : 'redoing'
  const stack = direction === 'undo' ? manager.undoStack : manager.redoStack
  let item: StackItem | null = null
  const brought: Link[] = []
  try {
    moves.doc.transact((transaction) => {
      const since = clockOf(moves.doc)
      const popped = popHomeless(moves.doc, stack)
      if (popped) brought.push(...writeDown(moves, transaction, popped, since, schema))
      const isDone = popped && clockOf(moves.doc) > since
      if (!isDone) cutLostTraces(moves.doc, stack)
      item = isDone ? popped : manager[direction]()
      putInOrder(moves.doc, since)
      if (!item) return
      // The manager looks at these when the outer transaction ends; by itself it would be done by then.
      busy[flag] = true
      busy.currStackItem = item
      if (!isDone) brought.push(...writeDown(moves, transaction, item, since, schema))
    }, manager)
  } finally {
    busy[flag] = false
    busy.currStackItem = null
  }
  // The words of others came along; the step back is not to take them away.
  const back = (direction === 'undo' ? manager.redoStack : manager.undoStack).at(-1)
  if (back) for (const { to, length } of brought) removeRange(back.insertions, to, length)
  return item
}

/**
 * The next step, when all it has to do is to bring back words whose text is gone. The manager would take
 * it for a step that changes nothing, and undo the one before it.
 */
function popHomeless(doc: Y.Doc, stack: StackItem[]): StackItem | undefined {
  const top = stack.at(-1)
  if (!top) return undefined
  const isIn = (ds: DeleteSet, item: Y.Item): boolean => Y.isDeleted(ds, item.id)
  for (const item of itemsOf(doc, top.insertions)) {
    if (!item.deleted || item.redone !== null) return undefined
  }
  let isHomeless = false
  for (const item of itemsOf(doc, top.deletions)) {
    if (isIn(top.insertions, item)) continue
    const home = (item.parent as SharedType)._item
    if (!home?.deleted || home.redone !== null || isIn(top.deletions, home)) return undefined
    isHomeless ||= item.redone === null && isWordsInGoneText(item)
  }
  return isHomeless ? stack.pop() : undefined
}

function* itemsOf(doc: Y.Doc, { clients }: DeleteSet): Generator<Y.Item> {
  for (const [client, ranges] of clients) {
    for (const { clock, len } of ranges) {
      for (const { item } of itemsInRange(doc, client, clock, len)) yield item
    }
  }
}

interface Restored {
  /** What had been deleted. */
  readonly from: Y.ID
  readonly to: Y.ID
  readonly length: number
}

function writeDown(
  moves: Moves,
  transaction: Y.Transaction,
  item: StackItem,
  since: number,
  schema: Schema,
): Link[] {
  const { doc, index } = moves
  // In order, so that it can be searched.
  const deleted = Y.mergeDeleteSets([transaction.deleteSet])
  const restored = [...restoredBy(doc, item, since)]
  const { takenAway, takenTexts, left } = elementsOf(doc, item, deleted, since)
  const homeless = homelessOf(doc, item, transaction)
  const comesBack = restoredSigns(restored)
  if (homeless.length > 0) bringBack(moves, homeless, comesBack, item, deleted)
  if (restored.length + takenAway.length + takenTexts.length + left.length === 0) return []

  const runs: MovedRun[] = []
  const again: MovedRun[] = []
  const doubled: Y.ID[] = []
  const elements: Y.XmlElement[] = []
  for (const { from, to, length } of restored) {
    const element = typeOf(itemOf(doc, to))
    if (element instanceof Y.XmlElement) elements.push(element)
    if (!index.knows(from.client, from.clock, length)) {
      again.push({ ...idOf(from), length, toClock: to.clock })
      continue
    }
    for (let i = 0; i < length; i++) {
      const was = shifted(from, i)
      // The step took it twice, before and after somebody moved it: it comes back where it was before.
      if (index.ancestorsOf(was).some((id) => comesBack.has(keyOf(id)))) {
        doubled.push(shifted(to, i))
        continue
      }
      const stayed = whatStayed(index, was, (id) => {
        if (Y.isDeleted(deleted, id)) return true
        // What the step would take away stays only because others wrote in it: it does not count as there.
        return isLive(doc, id) && !Y.isDeleted(item.insertions, id)
      })
      if (stayed && !Y.isDeleted(deleted, stayed)) {
        doubled.push(shifted(to, i))
        continue
      }
      const source = stayed ?? was
      const list = stayed ? runs : again
      const last = list.at(-1)
      const isNext =
        last?.client === source.client &&
        last.clock + last.length === source.clock &&
        last.toClock + last.length === to.clock + i
      if (isNext) list[list.length - 1] = { ...last, length: last.length + 1 }
      else list.push({ ...idOf(source), length: 1, toClock: to.clock + i })
    }
  }
  removeDoubled(doc, doubled, elements, schema)
  for (const { from, to } of restored) {
    // Others may have written at the same place since: what is on the left now is not what was.
    moves.leaders.set(to, moves.leaders.of(from))
  }

  const known = new Map<number, number>()
  for (const type of [...takenAway, ...takenTexts, ...left]) {
    for (const author of authorsUnder(type)) known.set(author, Y.getState(doc.store, author))
  }
  const gone = takenAway.flatMap(({ _item: at }) =>
    at?.parent instanceof Y.XmlFragment && !isGone(at.parent) ? [at.id] : [],
  )
  const places = [
    ...takenAway.flatMap((element) =>
      homesInPlaceOf(element, ({ _item: at }) => !!at && Y.isDeleted(deleted, at.id)),
    ),
    ...takenTexts.flatMap(homeBeside),
  ]
  if (runs.length + gone.length + places.length > 0)
    record(moves, since, { runs, gone, places, known })
  if (again.length > 0) record(moves, since, { kind: 'restored', runs: again })

  const brought: Link[] = []
  for (const element of left) {
    const done = relocateBeside(moves, element, (id) => Y.isDeleted(deleted, id))
    brought.push(...done.flatMap(({ links }) => links))
  }
  removeEmpty(moves, left)
  return brought
}

const idOf = ({ client, clock }: Y.ID): { client: number; clock: number } => ({ client, clock })

/** What the step brought back: letters, texts, elements. */
function* restoredBy(doc: Y.Doc, item: StackItem, since: number): Generator<Restored> {
  for (const [client, ranges] of item.deletions.clients) {
    for (const { clock, len } of ranges) {
      for (const part of itemsInRange(doc, client, clock, len)) {
        const { redone, content, parentSub, id } = part.item
        if (redone?.client !== doc.clientID || redone.clock < since || parentSub !== null) continue
        if (!(content instanceof Y.ContentString || content instanceof Y.ContentType)) continue
        const from = Y.createID(client, part.clock)
        yield { from, to: shifted(redone, part.clock - id.clock), length: part.length }
      }
    }
  }
}

/** The signs that the step brought back. */
function restoredSigns(restored: readonly Restored[]): ReadonlySet<string> {
  const keys = new Set<string>()
  for (const { from, length } of restored) {
    for (let i = 0; i < length; i++) keys.add(keyOf(shifted(from, i)))
  }
  return keys
}

/** What the step took away: elements, and texts of elements that stay. And the elements that it left because others wrote in them. */
function elementsOf(
  doc: Y.Doc,
  item: StackItem,
  deleted: DeleteSet,
  since: number,
): {
  readonly takenAway: Y.XmlElement[]
  readonly takenTexts: Y.XmlText[]
  readonly left: Y.XmlElement[]
} {
  const takenAway: Y.XmlElement[] = []
  const takenTexts: Y.XmlText[] = []
  const left = new Set<Y.XmlElement>()
  for (const at of itemsOf(doc, deleted)) {
    const type = typeOf(at)
    if (!at.deleted || (at.id.client === doc.clientID && at.id.clock >= since)) continue
    if (type instanceof Y.XmlElement) takenAway.push(type)
    else if (type instanceof Y.XmlText && type.parent instanceof Y.XmlElement) {
      if (!isGone(type.parent)) takenTexts.push(type)
    }
  }
  for (const made of itemsOf(doc, item.insertions)) {
    const type = typeOf(newestOf(doc, made))
    if (type instanceof Y.XmlElement && !isGone(type)) left.add(type)
  }
  return { takenAway, takenTexts, left: [...left] }
}

/** What an item is after it was brought back, any number of times. */
function newestOf(doc: Y.Doc, item: Y.Item): Y.Item {
  let newest = item
  while (newest.redone) {
    const next = itemOf(doc, newest.redone)
    if (!next) break
    newest = next
  }
  return newest
}

/** What belongs into a text that was taken out of its element goes into another one there, or behind it. */
function homeBeside({ _item: item, parent }: Y.XmlText): TextHome[] {
  if (!item || !(parent instanceof Y.XmlElement) || !parent._item) return []
  const { id, parent: outer } = parent._item
  const around = outer instanceof Y.XmlFragment ? (outer._item?.id ?? null) : null
  for (const other of itemsIn(parent)) {
    if (other.deleted || !(typeOf(other) instanceof Y.XmlText)) continue
    return [{ text: item.id, place: { kind: 'in-text', text: other.id, behind: null } }]
  }
  return [{ text: item.id, place: { kind: 'new-block', parent: around, behind: id } }]
}

/** Words that the step should have brought back, but their text is gone. */
function homelessOf(doc: Y.Doc, step: StackItem, transaction: Y.Transaction): Stray[] {
  const texts = new Set<Y.XmlText>()
  const isWanted = (item: Y.Item): boolean =>
    item.redone === null &&
    isWordsInGoneText(item) &&
    Y.isDeleted(step.deletions, item.id) &&
    !Y.isDeleted(step.insertions, item.id)
  for (const item of itemsOf(doc, step.deletions)) {
    if (isWanted(item)) texts.add(item.parent as Y.XmlText)
  }
  return wordsIn(texts, isWanted, transaction)
}

/** Words that were there until now must go somewhere; others come back only beside their neighbours. */
function bringBack(
  moves: Moves,
  strays: readonly Stray[],
  restored: ReadonlySet<string>,
  step: StackItem,
  deleted: DeleteSet,
): void {
  const { index } = moves
  for (const stray of strays) {
    const { id, words } = stray
    /** The copy that the step took away, when it was the one that stays; null when the sign was away before, undefined when another one is there. */
    const takenAt = (i: number): Y.ID | null | undefined => {
      const sign = shifted(id, i)
      for (const member of index.familyOf(sign)) if (restored.has(keyOf(member))) return undefined
      const stayed = whatStayed(
        index,
        sign,
        (one) =>
          Y.isDeleted(deleted, one) ||
          (isLive(moves.doc, one) && !Y.isDeleted(step.insertions, one)),
      )
      if (!stayed) return null
      return Y.isDeleted(deleted, stayed) ? stayed : undefined
    }
    for (let from = 0; from < words.length; ) {
      const taken = takenAt(from)
      let to = from + 1
      for (; to < words.length; to++) {
        const next = takenAt(to)
        if (taken ? !isSame(next ?? null, shifted(taken, to - from)) : next !== taken) break
      }
      const where = taken ? 'anywhere' : 'beside neighbours'
      if (taken !== undefined) {
        relocateStray(moves, stray, [from, to], where, taken ?? shifted(id, from))
      }
      from = to
    }
  }
}

/** Takes away what was brought back although it is there already, and the blocks that are empty by that. */
function removeDoubled(
  doc: Y.Doc,
  doubled: readonly Y.ID[],
  elements: readonly Y.XmlElement[],
  schema: Schema,
): void {
  const emptied = new Set<Y.XmlElement>()
  for (const id of doubled.toReversed()) {
    const sign = itemOf(doc, id)
    const type = typeOf(sign)
    if (type instanceof Y.XmlElement) emptied.add(type)
    if (!sign || sign.deleted || !(sign.parent instanceof Y.XmlText)) continue
    const [block] = elementsAround(sign.parent)
    if (block && elements.includes(block)) emptied.add(block)
    sign.parent.delete(indexOf(sign) + id.clock - sign.id.clock, 1)
  }
  const byDepth = [...emptied].sort((a, b) => elementsAround(b).length - elementsAround(a).length)
  for (const element of byDepth) if (!hasContent(element, schema)) removeElement(element)
}

/** The first one of a family, in the order in which copies give way to each other, that was there until this transaction or still is; rather a copy of the sign itself. */
function whatStayed(
  index: CopyIndex,
  id: Y.ID,
  wasThere: (member: Y.ID) => boolean,
): Y.ID | undefined {
  for (const member of index.copiesOf(id)) if (wasThere(member)) return member
  for (const member of index.familyOf(id)) if (wasThere(member)) return member
  return undefined
}

function removeElement({ _item: item }: Y.XmlElement): boolean {
  if (!item || item.deleted || !(item.parent instanceof Y.XmlFragment)) return false
  item.parent.delete(indexOf(item), 1)
  return true
}

/** Lets the steps of undo that made these words take them away where they are now. */
export function followMoves(
  manager: Y.UndoManager,
  { links, made }: Relocation,
  index: CopyIndex,
): void {
  for (const { insertions, deletions } of [...manager.undoStack, ...manager.redoStack]) {
    let isConcerned = false
    for (const { from, to, length } of links) {
      for (const { clock, len } of insertions.clients.get(from.client) ?? []) {
        const start = Math.max(clock, from.clock)
        const end = Math.min(clock + len, from.clock + length)
        if (start >= end) continue
        // Words that this very step had moved: undoing it brings back what it took, wherever its own copy is.
        const family = index.ancestorsOf(Y.createID(from.client, start))
        if (family.some((id) => Y.isDeleted(deletions, id))) continue
        isConcerned = true
        addRange(insertions, to.client, to.clock + start - from.clock, end - start)
      }
    }
    if (isConcerned) for (const { client, clock } of made) addRange(insertions, client, clock, 1)
  }
}

function removeRange({ clients }: DeleteSet, { client, clock }: Y.ID, length: number): void {
  const ranges = clients.get(client)
  if (!ranges) return
  const end = clock + length
  const left = ranges.flatMap((range) => {
    const rangeEnd = range.clock + range.len
    return [
      { clock: range.clock, len: Math.min(clock, rangeEnd) - range.clock },
      { clock: Math.max(end, range.clock), len: rangeEnd - Math.max(end, range.clock) },
    ].filter(({ len }) => len > 0)
  })
  clients.set(client, left as typeof ranges)
}

function addRange(
  { clients }: StackItem['insertions'],
  client: number,
  clock: number,
  len: number,
): void {
  const ranges = clients.get(client) ?? []
  ranges.push({ clock, len })
  // Yjs looks ranges up by bisection.
  ranges.sort((a, b) => a.clock - b.clock)
  clients.set(client, ranges)
}

/**
 * Puts words beside the neighbours they had, wherever those are now, and writes down that it did.
 * Decides nothing: `late-text.ts` and `give-way.ts` say what goes. Call all of it inside a shared
 * transaction.
 *
 * Length: each way of putting words beside their neighbours is the fallback of the one before.
 */
import type { Schema } from 'prosemirror-model'
import * as Y from 'yjs'
import { type CopyIndex, type Link, shifted } from './copy-index.ts'
import { insertWords } from './insert-words.ts'
import { appendRecord, type PlacedRecord } from './move-log.ts'
import type { MovedRun, MoveRecord, Place } from './move-record.ts'
import {
  indexOf,
  isGone,
  itemOf,
  itemsBetween,
  itemsIn,
  placeBeside,
  type TextPlace,
  textsUnder,
  typeOf,
} from './signs.ts'
import { markNameOf } from './shared-marks.ts'
import type { Line, Stray } from './strays.ts'

/** Signs of a line that are looked at to find a neighbour that is still there. */
const neighboursMax = 5_000
/** Texts that were put into each other; more is a circle of forged records. */
const hopsMax = 10

/** How often words are brought along, all moves together. */
const generationsMax = 50

export interface Relocation {
  readonly links: readonly Link[]
  /** What was made around words that had no block left to go to. */
  readonly made: readonly Y.ID[]
}

/** What is known of the moves of a document. */
export interface Moves {
  readonly doc: Y.Doc
  readonly root: Y.XmlFragment
  readonly schema: Schema
  readonly index: CopyIndex
  /** The records that say what became of a text or an element that is gone. */
  about(id: Y.ID): readonly PlacedRecord[]
  /** Remembers a record that has just been written. */
  note(placed: PlacedRecord): Link[]
}

/** Writes a part of a stray beside its neighbours; undefined when there is no place for it. Words that have no neighbours left go where the one who took their text away said, or get a block. */
export function relocateStray(
  moves: Moves,
  { id, words, attributes, line, index }: Stray,
  [from, to]: readonly [number, number],
  where: 'anywhere' | 'beside neighbours' = 'anywhere',
): Relocation | undefined {
  const beside = besideNeighbour(moves, line, index, from)
  const place =
    beside ??
    (where === 'anywhere' ? (placeOfLine(moves, line) ?? inNewBlock(moves, line)) : undefined)
  if (!place) return undefined
  const part = words.slice(from, to)
  const run = write(moves, place.at, part, attributes)
  if (!run) return undefined
  const links = record(moves, place.since, {
    kind: 'followed',
    runs: [{ client: id.client, clock: id.clock + from, length: part.length, toClock: run.clock }],
  })
  return { links, made: place.made }
}

/** Brings words that had to get a block of their own back to their neighbours, once those are somewhere again. */
export function rejoin(
  moves: Moves,
  { line, index, id }: Stray,
  from: number,
  to: readonly Link[],
): Relocation | undefined {
  const [link] = to
  const place = besideNeighbour(moves, line, index, from)
  if (!link || !place) return undefined
  const item = itemOf(moves.doc, link.to)
  const isWhole =
    item?.deleted === false &&
    item.content instanceof Y.ContentString &&
    link.to.clock + link.length <= item.id.clock + item.length
  if (!isWhole || item.parent === place.at.text) return undefined
  const words = (item.content as Y.ContentString).str.substr(
    link.to.clock - item.id.clock,
    link.length,
  )
  return id.clock + from === link.from.clock
    ? relocateLive(moves, { id: link.to, words }, place.at)
    : undefined
}

/** Takes away a block that was made for words, when nothing is in it any more. */
export function removeEmpty(moves: Moves, [element]: readonly Y.ID[]): void {
  const type = element && typeOf(itemOf(moves.doc, element))
  if (!(type instanceof Y.XmlElement) || isGone(type) || !type._item) return
  const isEmpty = type.toArray().every((child) => child instanceof Y.XmlText && child.length === 0)
  if (isEmpty && type._item.parent instanceof Y.XmlFragment) {
    type._item.parent.delete(indexOf(type._item), 1)
  }
}

/** Words that are live in a text. */
export interface LiveWords {
  readonly id: Y.ID
  readonly words: string
  /** Marks; those of the new neighbour unless given. */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
}

/** Takes live words out of their text and writes them at a place. */
export function relocateLive(
  moves: Moves,
  { id, words, attributes }: LiveWords,
  at: TextPlace,
): Relocation | undefined {
  const from = placeBeside(moves.doc, id, 0)
  // Words that have been about so often are in the middle of something that this cannot settle.
  if (!from || moves.index.ancestorsOf(id).length > generationsMax) return undefined
  const since = clockOf(moves.doc)
  from.text.delete(from.index, words.length)
  const isInFront = at.text === from.text && from.index < at.index
  const to = isInFront ? { ...at, index: at.index - words.length } : at
  const run = write(moves, to, words, attributes)
  if (!run) return undefined
  const links = record(moves, since, {
    kind: 'followed',
    runs: [{ client: id.client, clock: id.clock, length: words.length, toClock: run.clock }],
  })
  return { links, made: [] }
}

/** Brings the live words in an element that stand beside signs that were taken away to where those are now. */
export function relocateBeside(
  moves: Moves,
  element: Y.XmlElement,
  isTaken: (id: Y.ID) => boolean,
): Relocation[] {
  const done: Relocation[] = []
  const go = (id: Y.ID, words: string, beside: Y.ID | undefined, side: 0 | 1): boolean => {
    const live = beside && moves.index.liveOf(beside)
    const at = live && placeBeside(moves.doc, live, side)
    const relocation =
      at && at.text !== placeBeside(moves.doc, id, 0)?.text
        ? relocateLive(moves, { id, words }, at)
        : undefined
    if (relocation) done.push(relocation)
    return relocation !== undefined
  }
  for (const text of textsUnder(element)) {
    /** The nearest sign on the left that counts, when it was taken; null at the start or behind one that stays. */
    let left: Y.ID | null = null
    let isStart = true
    for (const item of [...itemsIn(text)]) {
      const { id, content, deleted, length } = item
      const last = Y.createID(id.client, id.clock + length - 1)
      if (deleted) {
        if (isTaken(last)) left = last
        continue
      }
      if (!(content instanceof Y.ContentString)) continue
      const right = isStart && !left ? firstTakenBehind(item, isTaken) : undefined
      const isGone = left ? go(id, content.str, left, 1) : go(id, content.str, right, 0)
      left = isGone ? last : null
      isStart = false
    }
  }
  return done
}

function firstTakenBehind(item: Y.Item, isTaken: (id: Y.ID) => boolean): Y.ID | undefined {
  for (let next = item.right; next?.deleted; next = next.right) if (isTaken(next.id)) return next.id
  return undefined
}

/** Writes down what was done since `since`. */
export function record(
  moves: Moves,
  since: number,
  what: Partial<Omit<MoveRecord, 'since'>> & { readonly runs: readonly MovedRun[] },
): Link[] {
  return moves.note(
    appendRecord(moves.doc, {
      kind: 'moved',
      since,
      known: new Map(),
      given: [],
      gone: [],
      places: [],
      ...what,
    }),
  )
}

export const clockOf = (doc: Y.Doc): number => Y.getState(doc.store, doc.clientID)

function write(
  { doc, schema }: Moves,
  { text, index }: TextPlace,
  words: string,
  attributes: Readonly<Record<string, unknown>> | undefined,
): Y.ID | undefined {
  const marks = attributes && fitting(attributes, text, schema)
  doc.transact((transaction) => insertWords(transaction, text, index, words, marks))
  return itemsBetween(text, index, index + words.length)[0]?.id
}

/** The marks that may stand in a text: code has none, and a mark in it would be an error. */
function fitting(
  attributes: Readonly<Record<string, unknown>>,
  { parent }: Y.XmlText,
  schema: Schema,
): Record<string, unknown> {
  const block = parent instanceof Y.XmlElement ? schema.nodes[parent.nodeName] : undefined
  const isAllowed = ([name]: [string, unknown]): boolean => {
    const mark = schema.marks[markNameOf(name)]
    return !!block && !!mark && block.allowsMarkType(mark)
  }
  return Object.fromEntries(Object.entries(attributes).filter(isAllowed))
}

interface Found {
  readonly at: TextPlace
  readonly since: number
  readonly made: readonly Y.ID[]
}

/** Behind the nearest neighbour on the left that is live anywhere, else before the nearest on the right. */
function besideNeighbour(
  moves: Moves,
  { runs }: Line,
  index: number,
  offset: number,
): Found | undefined {
  const own = runs[index]
  const since = clockOf(moves.doc)
  let left = neighboursMax
  const look = (id: Y.ID, side: 0 | 1): Found | undefined => {
    left -= 1
    const live = moves.index.liveOf(id)
    const beside = live && placeBeside(moves.doc, live, side)
    const at =
      (beside && own && whereItStood(moves, shifted(own.id, offset), beside.text)) ?? beside
    return at && { at, since, made: [] }
  }
  const isKnown = (run: { readonly id: Y.ID; readonly length: number }): boolean =>
    moves.index.knows(run.id.client, run.id.clock, run.length)
  if (own && offset > 0) {
    for (let i = offset - 1; i >= 0 && left > 0; i--) {
      const found = look(shifted(own.id, i), 1)
      if (found) return found
    }
  }
  for (let k = index - 1; k >= 0 && left > 0; k--) {
    const run = runs[k]
    if (!run || !isKnown(run)) continue
    for (let i = run.length - 1; i >= 0 && left > 0; i--) {
      const found = look(shifted(run.id, i), 1)
      if (found) return found
    }
  }
  for (let k = index + 1; k < runs.length && left > 0; k++) {
    const run = runs[k]
    if (!run || !isKnown(run)) continue
    for (let i = 0; i < run.length && left > 0; i++) {
      const found = look(shifted(run.id, i), 0)
      if (found) return found
    }
  }
  return undefined
}

/** Where a copy of a sign stood in a text, before it was deleted there. */
function whereItStood({ doc, index }: Moves, id: Y.ID, text: Y.XmlText): TextPlace | undefined {
  for (const member of index.familyOf(id)) {
    if (itemOf(doc, member)?.parent === text) return placeBeside(doc, member, 0)
  }
  return undefined
}

/** Where whoever took the text away said that its words belong. */
function placeOfLine(moves: Moves, line: Line): Found | undefined {
  return placeOfText(moves, line.text, line, 0)
}

function placeOfText(moves: Moves, text: Y.ID, line: Line, hops: number): Found | undefined {
  if (hops > hopsMax) return undefined
  const live = moves.index.liveOf(text)
  const type = live && typeOf(itemOf(moves.doc, live))
  if (type instanceof Y.XmlText && !isGone(type)) return found(moves, { text: type, index: 0 })
  for (const {
    record: { places },
  } of moves.about(text)) {
    for (const { text: of, place } of places) {
      if (of.client !== text.client || of.clock !== text.clock) continue
      const at = placeSaid(moves, place, line, hops + 1)
      if (at) return at
    }
  }
  return undefined
}

function placeSaid(moves: Moves, place: Place, line: Line, hops: number): Found | undefined {
  if (place.kind === 'new-block') return newBlock(moves, line, place.parent, place.behind)
  const live = place.behind && moves.index.liveOf(place.behind)
  const behind = place.behind && placeBeside(moves.doc, live ?? place.behind, 1)
  if (behind) return found(moves, behind)
  return placeOfText(moves, place.text, line, hops)
}

const found = (moves: Moves, at: TextPlace): Found => ({ at, since: clockOf(moves.doc), made: [] })

/** Where the outermost element around the line stood. */
function inNewBlock(moves: Moves, line: Line): Found | undefined {
  const outermost = line.elements.findLast((id) => itemOf(moves.doc, id)?.deleted !== false)
  return outermost && newBlock(moves, line, null, outermost)
}

function newBlock(
  moves: Moves,
  { block }: Line,
  parentId: Y.ID | null,
  behind: Y.ID | null,
): Found | undefined {
  const { doc, root, index, schema } = moves
  const since = clockOf(doc)
  let beside = behind ? itemOf(doc, index.liveOf(behind) ?? behind) : undefined
  const said = parentId ? typeOf(itemOf(doc, index.liveOf(parentId) ?? parentId)) : undefined
  let home: unknown = beside ? beside.parent : (said ?? root)
  const fits = (parent: unknown): parent is Y.XmlFragment =>
    parent instanceof Y.XmlFragment && !isGone(parent) && mayHold(parent, block.nodeName, schema)
  while (!fits(home)) {
    if (!(home instanceof Y.XmlElement) || !home._item) return undefined
    beside = home._item
    home = beside.parent
  }
  const place = beside ? indexOf(beside) + (beside.deleted ? 0 : 1) : behind ? home.length : 0
  const element = new Y.XmlElement(block.nodeName)
  const text = new Y.XmlText()
  home.insert(place, [element])
  for (const [name, value] of Object.entries(block.attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(name, value as string)
  }
  element.insert(0, [text])
  const made = [element, text].flatMap(({ _item: item }) => (item ? [item.id] : []))
  return { at: { text, index: 0 }, since, made }
}

function mayHold(parent: Y.XmlFragment, nodeName: string, schema: Schema): boolean {
  const outer = parent instanceof Y.XmlElement ? schema.nodes[parent.nodeName] : schema.topNodeType
  const inner = schema.nodes[nodeName]
  return !!outer && !!inner?.isTextblock && !!outer.contentMatch.matchType(inner)
}

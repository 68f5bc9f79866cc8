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
import { lastPlaceOf } from './homes.ts'
import { insertWords } from './insert-words.ts'
import type { Leaders } from './leaders.ts'
import { appendRecord, type PlacedRecord } from './move-log.ts'
import type { MovedRun, MoveRecord, Place } from './move-record.ts'
import {
  indexOf,
  isGone,
  isSame,
  itemOf,
  itemsBetween,
  itemsIn,
  placeBeside,
  type TextPlace,
  textsUnder,
  typeOf,
} from './signs.ts'
import { markNameOf } from './shared-marks.ts'
import type { Line, Run, Stray } from './strays.ts'

/** Signs of a line that are looked at to find a neighbour that is still there. */
const neighboursMax = 5_000
/** Texts that were put into each other; more is a circle of forged records. */
const hopsMax = 10

/** Signs on the left of words that were written elsewhere. */
const leadersMax = 50
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
  recordOf(id: Y.ID): PlacedRecord | undefined
  readonly leaders: Leaders
  /** Elements that gave way but for what others had written in them. */
  readonly leaving: Set<Y.XmlElement>
  /** Remembers a record that has just been written. */
  note(placed: PlacedRecord): Link[]
}

/** Writes a part of a stray beside its neighbours; undefined when there is no place for it. Words that have no neighbours left go where the one who took their text away said, or get a block. */
export function relocateStray(
  moves: Moves,
  { id, words, attributes, line, index }: Stray,
  [from, to]: readonly [number, number],
  where: 'anywhere' | 'beside neighbours' = 'anywhere',
  source: Y.ID = shifted(id, from),
): Relocation | undefined {
  const beside = besideNeighbour(moves, line, index, from)
  const place: Found | undefined =
    beside ??
    (where === 'anywhere'
      ? (placeOfLine(moves, line) ?? inItsBlock(moves, line) ?? inNewBlock(moves, line))
      : undefined)
  if (!place) return undefined
  const part = words.slice(from, to)
  const at = place.isHome ? place.at : behindItsLine(moves, line, index, place.at)
  const run = write(moves, at, part, attributes)
  if (!run) return undefined
  if (!beside?.isHome) moves.leaders.setApart(run, leadersIn(line, index, from))
  const [made] = place.made
  const element = made && typeOf(itemOf(moves.doc, made))
  if (element instanceof Y.XmlElement) moves.leaving.add(element)
  const leader = from > 0 ? shifted(id, from - 1) : (line.runs[index]?.leader ?? null)
  const { client, clock } = source
  const links = record(moves, place.since, {
    kind: 'followed',
    runs: [{ client, clock, length: part.length, toClock: run.clock, leader }],
  })
  return { links, made: place.made }
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

/** Writes live words again where they stand, as copies of other signs of their families. */
export function writeAgain(
  moves: Moves,
  signs: readonly { readonly from: Y.ID; readonly live: Y.ID }[],
): Relocation[] {
  const done: Relocation[] = []
  for (let first = 0; first < signs.length; ) {
    const { from, live } = signs[first] as (typeof signs)[number]
    const item = itemOf(moves.doc, live)
    let length = 1
    for (let next = signs[first + length]; next; next = signs[first + length]) {
      const isNext =
        isSame(next.from, shifted(from, length)) && isSame(next.live, shifted(live, length))
      if (!isNext || !item || live.clock + length >= item.id.clock + item.length) break
      length += 1
    }
    first += length
    const at = placeBeside(moves.doc, live, 0)
    if (!at || !(item?.content instanceof Y.ContentString)) continue
    const words = item.content.str.substr(live.clock - item.id.clock, length)
    const since = clockOf(moves.doc)
    const run = write(moves, at, words, attributesAt(item))
    at.text.delete(at.index + length, length)
    if (!run) continue
    // Moved by a person: they have seen both copies, and want this one where it is.
    const links = record(moves, since, {
      kind: 'moved',
      runs: [{ client: from.client, clock: from.clock, length, toClock: run.clock }],
      given: [{ client: live.client, clock: live.clock, length }],
    })
    done.push({ links, made: [] })
  }
  return done
}

/** The marks of an item. */
function attributesAt(item: Y.Item): Record<string, unknown> {
  const attributes: Record<string, unknown> = {}
  const { parent } = item
  if (!(parent instanceof Y.XmlText)) return attributes
  for (const at of itemsIn(parent)) {
    if (at === item) break
    if (!at.deleted && at.content instanceof Y.ContentFormat) {
      attributes[at.content.key] = at.content.value
    }
  }
  return attributes
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
      runs: moves.leaders.told(what.runs),
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
  /** Whether the place is behind the sign on the left, and that is live. */
  readonly isHome?: boolean
  readonly at: TextPlace
  readonly since: number
  readonly made: readonly Y.ID[]
}

/** Behind the leader, or its leader, wherever that is; at the start of a text that was moved; else before the nearest sign on the right. */
function besideNeighbour(
  moves: Moves,
  line: Line,
  index: number,
  offset: number,
): Found | undefined {
  const { runs } = line
  const own = runs[index]
  if (!own) return undefined
  const since = clockOf(moves.doc)
  const lookAt = (at: TextPlace | undefined, isHome: boolean): Found | undefined =>
    at && { at: whereItStood(moves, shifted(own.id, offset), at), since, made: [], isHome }
  const beside = (id: Y.ID, side: 0 | 1): TextPlace | undefined => {
    const sign = moves.index.liveOf(id) ?? (side === 1 ? lastPlaceOf(moves, id) : undefined)
    return sign && placeBeside(moves.doc, sign, side)
  }
  let isFirst = true
  for (const leader of leadersOf(line, index, offset)) {
    if (leader.kind === 'sign') {
      const found = lookAt(beside(leader.id, 1), isFirst && !!moves.index.liveOf(leader.id))
      if (found) return found
      isFirst = false
      continue
    }
    const start = moves.index.liveOf(leader.id)
    const text = start && typeOf(itemOf(moves.doc, start))
    if (text instanceof Y.XmlText && !isGone(text)) return lookAt({ text, index: 0 }, isFirst)
  }
  let left = neighboursMax
  for (let k = index + 1; k < runs.length && left > 0; k++) {
    const run = runs[k]
    if (!run || !moves.index.knows(run.id.client, run.id.clock, run.length)) continue
    for (let i = 0; i < run.length && left > 0; i++) {
      left -= 1
      const at = beside(shifted(run.id, i), 0)
      if (at) return { at, since, made: [] }
    }
  }
  return undefined
}

/** The signs on the left of one in a line, each the one that stood there when the next was written; and the beginnings of the texts of the line. */
function* leadersOf(
  { runs }: Line,
  index: number,
  offset: number,
): Generator<{ readonly kind: 'sign' | 'text'; readonly id: Y.ID }> {
  const own = runs[index]
  if (!own) return
  const runOf = ({ client, clock }: Y.ID): Run | undefined =>
    runs.find(
      ({ id, length }) => id.client === client && id.clock <= clock && clock < id.clock + length,
    )
  let leader = offset > 0 ? shifted(own.id, offset - 1) : own.leader
  let { text } = own
  for (let left = neighboursMax; left > 0; left--) {
    if (!leader) {
      yield { kind: 'text', id: text }
      const before: Run | undefined = runs[runs.findIndex((run) => isSame(run.text, text)) - 1]
      if (!before) return
      leader = shifted(before.id, before.length - 1)
      text = before.text
    }
    yield { kind: 'sign', id: leader }
    const run = runOf(leader)
    if (!run) return
    leader = leader.clock > run.id.clock ? shifted(leader, -1) : run.leader
    text = run.text
  }
}

function leadersIn(line: Line, index: number, offset: number): Y.ID[] {
  const found: Y.ID[] = []
  for (const { kind, id } of leadersOf(line, index, offset)) {
    if (kind === 'sign') found.push(id)
    if (found.length >= leadersMax) break
  }
  return found
}

/** Where a copy of a sign stood behind a place, before it was deleted there: behind what others typed at the same place, but not behind what was moved there. */
function whereItStood({ doc, index }: Moves, id: Y.ID, at: TextPlace): TextPlace {
  for (const member of index.familyOf(id)) {
    if (itemOf(doc, member)?.parent !== at.text) continue
    const stood = placeBeside(doc, member, 0)?.index ?? 0
    let end = at.index
    for (const { id: typed, length } of itemsBetween(at.text, at.index, stood)) {
      if (index.isCopy(typed.client, typed.clock, length)) break
      end += length
    }
    return { text: at.text, index: end }
  }
  return at
}

/** Behind what stands at a place and stood on the left in the same line. */
function behindItsLine({ index: copies }: Moves, line: Line, index: number, at: TextPlace) {
  const left = line.runs.slice(0, index)
  const isLeft = ({ client, clock }: Y.ID): boolean =>
    left.some(({ id, length }) => {
      return id.client === client && id.clock <= clock && clock < id.clock + length
    })
  let end = at.index
  for (const { id, length } of itemsBetween(at.text, at.index, at.text.length)) {
    for (let i = 0; i < length; i++) {
      const sign = shifted(id, i)
      if (![sign, ...copies.ancestorsOf(sign)].some(isLeft)) return { text: at.text, index: end }
      end += 1
    }
  }
  return { text: at.text, index: end }
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

/** In the block of the line, when only the text is gone: each of two people may have put the words of the other's text into their own. */
function inItsBlock(moves: Moves, { elements, block }: Line): Found | undefined {
  const [id] = elements
  const element = id && typeOf(itemOf(moves.doc, id))
  if (!(element instanceof Y.XmlElement) || isGone(element)) return undefined
  if (!moves.schema.nodes[block.nodeName]?.isTextblock) return undefined
  const since = clockOf(moves.doc)
  let text = element.toArray().find((child) => child instanceof Y.XmlText)
  if (!text) {
    text = new Y.XmlText()
    element.insert(0, [text])
  }
  return { at: { text, index: 0 }, since, made: [] }
}

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

/**
 * Live words that belong behind a sign that is elsewhere go there. Call all of it inside a shared
 * transaction.
 */
import * as Y from 'yjs'
import { type Link, shifted } from './copy-index.ts'
import { homeOf, isCircle } from './homes.ts'
import type { PlacedRecord } from './move-log.ts'
import { type Moves, relocateLive, type Relocation } from './relocation.ts'
import { elementsAround, isGone, isLive, isSame, itemOf, itemsIn, placeBeside } from './signs.ts'

/** A record that has just arrived. */
export interface News extends PlacedRecord {
  readonly links: readonly Link[]
}

/** Whether one is to bring along what a client wrote. */
export type IsMine = (client: number) => boolean

export function followAll(moves: Moves, text: Y.XmlText, isMine: IsMine): Relocation[] {
  const done: Relocation[] = []
  for (const { id: start, content, deleted } of [...itemsIn(text)]) {
    if (deleted || !(content instanceof Y.ContentString) || !isMine(start.client)) continue
    for (const words of partsOf(moves, start, content.str)) {
      const relocation = follow(moves, words)
      if (relocation) done.push(relocation)
    }
  }
  return done
}

interface Part {
  readonly id: Y.ID
  readonly words: string
}

/** Words that lie together, in parts that each have a leader of their own. */
function partsOf({ leaders }: Moves, start: Y.ID, words: string): Part[] {
  const cuts = leaders.cutsIn(start, words.length)
  return cuts.map((from, k) => ({
    id: shifted(start, from),
    words: words.slice(from, cuts[k + 1]),
  }))
}

function follow(moves: Moves, { id, words }: Part): Relocation | undefined {
  const { doc, index, leaders } = moves
  const home = homeOf(moves, id)
  if (!home || isCircle(moves, home, id, words.length)) return undefined
  const at = placeBeside(doc, home, 1)
  const left = leaders.of(id)
  const relocation = at && relocateLive(moves, { id, words }, at)
  const [link] = relocation?.links ?? []
  if (!link) return undefined
  const [first] = left
  const isBehindFirst = first && isLive(doc, home) && isSame(index.liveOf(first) ?? first, home)
  if (!isBehindFirst) leaders.setApart(link.to, left)
  return relocation
}

/** Words that were typed exactly where others were then written: they belong to what stood there. */
export function stepInFront(
  moves: Moves,
  { id, record, links }: News,
  isMine: IsMine,
): Relocation[] {
  if (record.kind === 'followed') return []
  const done: Relocation[] = []
  for (const { to } of links) {
    const first = itemOf(moves.doc, to)
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
      if (moves.index.knows(item.id.client, item.id.clock, item.length)) continue
      if (!isSame(origin, first.origin) || !isSame(rightOrigin, first.rightOrigin)) continue
      const at = placeBeside(moves.doc, to, 0)
      const relocation = at && relocateLive(moves, { id: item.id, words: content.str }, at)
      if (relocation) done.push(relocation)
      break
    }
  }
  return done
}

/** Of the elements that gave way but for what others had written in them, those that words have just left. */
export function leftBehind({ doc, leaving }: Moves, links: readonly Link[]): Y.XmlElement[] {
  for (const element of leaving) if (isGone(element)) leaving.delete(element)
  if (leaving.size === 0) return []
  const left = new Set<Y.XmlElement>()
  for (const { from, kind } of links) {
    const text = kind === 'followed' && itemOf(doc, from)?.parent
    if (!(text instanceof Y.XmlText)) continue
    for (const element of elementsAround(text)) if (leaving.has(element)) left.add(element)
  }
  return [...left]
}

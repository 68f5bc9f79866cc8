/**
 * Which words of a text that is gone are lost: those that are nowhere, and that nobody who knew them took
 * away. Looks only.
 */
import * as Y from 'yjs'
import { type Link, shifted } from './copy-index.ts'
import type { PlacedRecord } from './move-log.ts'
import type { Moves } from './relocation.ts'
import { isSame, itemOf } from './signs.ts'
import type { Stray } from './strays.ts'

/**
 * The records of those who took the text away. They name it, unless they did not know it: then they took
 * away what stands around it. Who knew it and does not name it had seen it go before.
 */
export function explaining(moves: Moves, { line: { text, elements } }: Stray): PlacedRecord[] {
  const named = moves
    .about(text)
    .filter(({ record }) => record.places.some((place) => isSame(place.text, text)))
  const around = elements
    .flatMap((id) => moves.about(id))
    .filter(({ record }) => (record.known.get(text.client) ?? 0) <= text.clock)
  return [...new Set([...named, ...around])]
}

/** The parts of a stray that are lost; none as long as no record says what became of its text. */
export function lostPartsOf(moves: Moves, stray: Stray): [from: number, to: number][] {
  const { index } = moves
  const { id, words } = stray
  const reasons = explaining(moves, stray)
  if (reasons.length === 0) return []
  const known = Math.max(0, ...reasons.map(({ record }) => record.known.get(id.client) ?? 0))
  const isLost = (i: number): boolean => {
    if (id.clock + i < known) return false
    const sign = shifted(id, i)
    if (index.successorOf(sign) !== undefined || index.hasGivenWay(sign)) return false
    // Whoever wrote the copy looks after it.
    if (index.takenFrom(sign.client, sign.clock, 1).length > 0) return false
    if (!index.isCopy(sign.client, sign.clock, 1)) return true
    return !isDeletedBy(moves, reasons, index.originOf(sign))
  }
  return partsWhere(words.length, isLost)
}

/** The stretches of so many signs in which each is one of those asked for. */
export function partsWhere(
  length: number,
  isWanted: (i: number) => boolean,
): [from: number, to: number][] {
  const parts: [number, number][] = []
  for (let from = 0; from < length; ) {
    let to = from
    while (to < length && isWanted(to)) to += 1
    if (to > from) parts.push([from, to])
    from = to + 1
  }
  return parts
}

/** Whether somebody saw a sign and took its text away without moving it. */
function isDeletedBy(moves: Moves, reasons: readonly PlacedRecord[], origin: Y.ID): boolean {
  const text = itemOf(moves.doc, origin)?.parent
  const item = text instanceof Y.XmlText ? text._item : null
  if (!item) return false
  const links = moves.index.takenFrom(origin.client, origin.clock, 1)
  if (links.some(({ kind }: Link) => kind === 'restored')) return false
  return reasons.some(
    ({ id, record }) =>
      (record.known.get(origin.client) ?? 0) > origin.clock &&
      moves.about(item.id).some((placed) => placed.id === id) &&
      // Whom the remover knew to have moved it had taken it away before.
      links.every(({ record: by }) => by !== id && by.clock >= (record.known.get(by.client) ?? 0)),
  )
}

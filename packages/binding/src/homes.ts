/**
 * Where words belong: behind the sign that stood on their left when they were written, wherever that
 * is now. Looks only; the answer depends on the shared document and its records, and not on the order
 * in which they arrived.
 *
 * A sign's *leader* is that sign on its left. Leaders were always written before, so following them
 * comes to an end.
 */
import * as Y from 'yjs'
import { standsBehind } from './leaders.ts'
import type { Moves } from './relocation.ts'
import { isGone, isLive, isSame, itemOf, keyOf, placeBeside, textsIn } from './signs.ts'

/** Leaders that are asked one after the other; a text of more deleted letters in front of a word is one that keeps no order. */
const leadersMax = 5_000

/** Signs that are looked at to find a circle. */
const circleMax = 500

/** The sign behind which a live sign belongs; undefined when it is there, or has no place but its own. */
export function homeOf(moves: Moves, id: Y.ID): Y.ID | undefined {
  const { doc, index } = moves
  const left = moves.leaders.of(id)
  let [leader] = left
  for (let i = 1; leader && i < leadersMax; i++) {
    const home: Y.ID | undefined = isLive(doc, leader)
      ? leader
      : (index.liveOf(leader) ?? lastPlaceOf(moves, leader))
    if (home && !areParted(moves, leader, id)) return standsBehind(doc, id, home) ? undefined : home
    leader = left[i] ?? moves.leaders.behindLast(id, leader)
  }
  return undefined
}

/** Where a sign that was moved and then deleted stood last. */
export function lastPlaceOf({ doc, index }: Moves, id: Y.ID): Y.ID | undefined {
  if (!index.knows(id.client, id.clock, 1)) return undefined
  for (const member of index.familyOf(id)) {
    const isEnd = index.takenFrom(member.client, member.clock, 1).length === 0
    if (isEnd && !index.hasGivenWay(member) && placeBeside(doc, member, 1)) return member
  }
  return undefined
}

/** Whether somebody who knew both took the leader elsewhere and left the other. */
function areParted(moves: Moves, leader: Y.ID, id: Y.ID): boolean {
  return moves.index
    .takenFrom(leader.client, leader.clock, 1)
    .some(
      ({ record, kind }) =>
        kind !== 'followed' &&
        (moves.recordOf(record)?.record.known.get(id.client) ?? 0) > id.clock,
    )
}

/**
 * Whether what stands at a home was itself written behind one of these words. Two people who moved the
 * same words know them in different orders; then each would go behind the other for ever, and neither
 * does. Words that were typed behind each other go all the same: those make no circle, and whoever put
 * others between them did so without knowing it.
 */
export function isCircle(moves: Moves, home: Y.ID, id: Y.ID, length: number): boolean {
  const { index, leaders } = moves
  if (isTypedBehind(moves, id, home)) return false
  const families = new Set<string>()
  for (let i = 0; i < length; i++) {
    families.add(keyOf(index.originOf(Y.createID(id.client, id.clock + i))))
  }
  let at: Y.ID | undefined = home
  for (let i = 0; at && i < circleMax; i++) {
    if (families.has(keyOf(index.originOf(at)))) return true
    ;[at] = leaders.of(at)
  }
  return false
}

/** Whether a sign was typed behind another, each wherever it was then; not only put there by a move. */
function isTypedBehind({ index, leaders }: Moves, id: Y.ID, leader: Y.ID): boolean {
  const [typed] = leaders.of(index.originOf(id))
  return typed !== undefined && isSame(index.originOf(typed), index.originOf(leader))
}

/** The texts in which somebody may stand who belongs behind a sign: those it stands or stood in, and the others of their lines. */
export function* textsAround(
  { doc, index }: Moves,
  { client, clock }: Y.ID,
  length: number,
): Generator<Y.XmlText> {
  const seen = new Set<Y.XmlText>()
  for (let i = 0; i < length; i++) {
    for (const member of index.familyOf(Y.createID(client, clock + i))) {
      const text = itemOf(doc, member)?.parent
      if (!(text instanceof Y.XmlText) || seen.has(text)) continue
      seen.add(text)
      if (isGone(text)) continue
      for (const other of text.parent instanceof Y.XmlElement ? textsIn(text.parent) : [text]) {
        seen.add(other)
        if (!isGone(other)) yield other
      }
    }
  }
}

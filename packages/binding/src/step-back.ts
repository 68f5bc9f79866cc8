/**
 * Puts words that were just written right behind what is to be seen on their left. The sync plugin writes
 * behind what has been deleted at the same place, and Yjs would tell everybody that the words belong behind
 * that: they would go along when somebody else moves it.
 *
 * 1. Only what the transaction itself wrote is put elsewhere, before anybody has heard of it; but not what
 *    it moved, of which a record says where it belongs.
 * 2. Only what is deleted is passed over, so everybody sees what they would see without.
 * 3. What is said of an item names only what was there before it, as Yjs demands.
 */
import * as Y from 'yjs'
import type { MovedRun } from './move-record.ts'
import { itemsInRange } from './signs.ts'

/**
 * Says of what was written from a clock on beside what it really stands. Where items were put elsewhere, or
 * undo followed what became of each neighbour, one could be named as both the left and the right neighbour:
 * everybody else would then put the item elsewhere, for good.
 */
export function putInOrder(doc: Y.Doc, since: number): void {
  const made = Y.getState(doc.store, doc.clientID) - since
  for (const { item } of itemsInRange(doc, doc.clientID, since, made)) {
    if (item.parentSub !== null) continue
    const isEarlier = ({ id }: Y.Item): boolean =>
      id.client !== item.id.client || id.clock < item.id.clock
    let left = item.left
    while (left && !isEarlier(left)) left = left.left
    let right = item.right
    while (right && !isEarlier(right)) right = right.right
    item.origin = left && left.lastId
    item.rightOrigin = right && right.id
  }
}

/** Call it inside the transaction, when all is written. `moved` are the runs that it moved. */
export function stepBack(
  { doc, beforeState }: Y.Transaction,
  moved: readonly Pick<MovedRun, 'length' | 'toClock'>[],
): void {
  const isMoved = ({ clock }: Y.ID): boolean =>
    moved.some(({ toClock, length }) => toClock <= clock && clock < toClock + length)
  const since = beforeState.get(doc.clientID) ?? 0
  const length = Y.getState(doc.store, doc.clientID) - since
  let hasChanged = false
  for (const { item } of itemsInRange(doc, doc.clientID, since, length)) {
    const { parent, parentSub, deleted, id } = item
    if (deleted || parentSub !== null || id.clock < since || !(parent instanceof Y.XmlText))
      continue
    if (isMoved(id)) continue
    const isNew = (at: Y.Item): boolean => at.id.client === doc.clientID && at.id.clock >= since
    let left = item.left
    while (left?.deleted && !isNew(left)) left = left.left
    const isLater = left !== null && isNew(left) && left.id.clock > id.clock
    if (left === item.left || isLater) continue
    putBehind(parent, item, left)
    hasChanged = true
  }
  if (hasChanged) putInOrder(doc, since)
}

function putBehind(text: Y.XmlText, item: Y.Item, left: Y.Item | null): void {
  const right = left ? left.right : text._start
  const { left: before, right: after } = item
  if (!right || !before) return
  before.right = after
  if (after) after.left = before
  item.left = left
  item.right = right
  if (left) left.right = item
  else text._start = item
  right.left = item
  // Its remembered indexes may name items that now stand elsewhere.
  if (text._searchMarker) text._searchMarker.length = 0
}

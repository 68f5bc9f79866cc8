/**
 * What Yjs remembers of a deleted item that undo brought back: which item it is now (`redone`). When the
 * step back is given up, because something else was edited, and that item is deleted in turn, Yjs may
 * forget it, and undo of an earlier step, which asks for it, throws. Such a trace is cut here: the item
 * counts as not brought back.
 */
import * as Y from 'yjs'
import { itemOf, itemsIn, itemsInRange } from './signs.ts'
import type { SharedType } from './y-prosemirror.ts'

/**
 * Cuts what undo of these steps may follow: the traces of what they deleted, of what stands beside that and
 * of what is around it. Of all steps, because Yjs goes on to the next one when the first changes nothing.
 */
export function cutLostTraces(doc: Y.Doc, steps: Y.UndoManager['undoStack']): void {
  const seen = new Set<unknown>()
  const cutIn = (type: unknown): void => {
    if (!(type instanceof Y.AbstractType) || seen.has(type)) return
    seen.add(type)
    for (const item of itemsIn(type as SharedType)) cut(doc, item)
    cutIn(type._item?.parent)
  }
  for (const { deletions } of steps) {
    for (const [client, ranges] of deletions.clients) {
      for (const { clock, len } of ranges) {
        for (const { item } of itemsInRange(doc, client, clock, len)) cutIn(item.parent)
      }
    }
  }
}

function cut(doc: Y.Doc, item: Y.Item): void {
  for (let at = item; at.redone !== null; ) {
    const next = itemOf(doc, at.redone)
    if (!next) at.redone = null
    else at = next
  }
}

/**
 * The document's list of moves: where records of moved words are written and found. A list of bytes in
 * a root of its own, so an editor that knows nothing of it shows and edits the same document.
 *
 * Holds at most `recordsMax` records; whoever writes one removes the oldest. Whoever comes back after
 * more moves than that finds words where Yjs puts them.
 */
import { movesOf } from '@quire/document'
import * as Y from 'yjs'
import { decodeRecord, encodeRecord, type MoveRecord } from './move-record.ts'

/** Some hours of lively editing, some tens of kilobytes. */
const recordsMax = 300

export interface PlacedRecord {
  /** The id of the record; its client is the one who moved. */
  readonly id: Y.ID
  readonly record: MoveRecord
}

/** Writes a record at the end of the transaction that it is about; call it inside that transaction. */
export function appendRecord(doc: Y.Doc, record: MoveRecord): PlacedRecord {
  const moves = movesOf(doc)
  if (moves.length >= recordsMax) moves.delete(0, moves.length - recordsMax + 1)
  const id = Y.createID(doc.clientID, Y.getState(doc.store, doc.clientID))
  moves.push([encodeRecord(record)])
  return { id, record }
}

/** All records that the document holds. */
export function recordsOf(doc: Y.Doc): PlacedRecord[] {
  return readFrom(doc, () => true)
}

/** The records that a transaction brought. */
export function recordsIn(transaction: Y.Transaction): PlacedRecord[] {
  const { doc, changed, beforeState } = transaction
  const moves: unknown = movesOf(doc)
  if (!changed.has(moves as never)) return []
  return readFrom(doc, ({ client, clock }) => clock >= (beforeState.get(client) ?? 0))
}

function readFrom(doc: Y.Doc, isWanted: (id: Y.ID) => boolean): PlacedRecord[] {
  const found: PlacedRecord[] = []
  for (let item = movesOf(doc)._start; item; item = item.right) {
    if (item.deleted || !(item.content instanceof Y.ContentBinary) || !isWanted(item.id)) continue
    const record = decodeRecord(item.content.content)
    if (record) found.push({ id: Y.createID(item.id.client, item.id.clock), record })
  }
  return found
}

/**
 * Rows of `log` and `snapshots`, each with a checksum. It covers the bytes and the place where they
 * belong, so that bytes that stand under another number or document are found out as well.
 */
import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import { type LogRow, type Snapshot, StoreError } from '../store.ts'
import { checksum } from './checksum.ts'
import type { DocumentRow } from './document-row.ts'

/** A bit that changed here changes the checksum of whatever follows, so it serves as the start value. */
const placeOf = (lineage: number, number: number): number => (lineage ^ number) >>> 0

function checksumOfSnapshot(lineage: number, snapshot: Snapshot): number {
  const { number, update, stateVector, deleteSet } = snapshot
  const lengths = `${update.length} ${stateVector.length} ${deleteSet.length}`
  const start = checksum(lengths, placeOf(lineage, number))
  return [update, stateVector, deleteSet].reduce((sum, part) => checksum(part, sum), start)
}

/** Of a row without an author the same as in files that had none. */
const checksumOfRow = (update: Uint8Array, author: string, place: number): number =>
  checksum(author, checksum(update, place))

const corrupt = (document: DocumentRow, what: string): StoreError =>
  new StoreError('corrupt', `document ${document.name}: ${what}`)

/** number, bytes, checksum, author */
type StoredRow = [number, Uint8Array, number, string]

function checked(
  document: DocumentRow,
  lineage: number,
  [number, update, sum, author]: StoredRow,
): LogRow {
  if (checksumOfRow(update, author, placeOf(lineage, number)) !== sum) {
    throw corrupt(document, `row ${number} is not what was written`)
  }
  return { number, update, author }
}

/** The statements on `log` and `snapshots`, prepared once. */
export class LogRows {
  readonly #tail
  readonly #row
  readonly #insert
  readonly #forget
  readonly #snapshot
  readonly #putSnapshot

  constructor(db: DatabaseSyncInstance) {
    this.#tail = db.prepare(
      'SELECT number, bytes, checksum, author FROM log WHERE document_id = ? ORDER BY number',
    )
    // Arrays: a long tail is read a third faster than as objects.
    this.#tail.setReturnArrays(true)
    this.#row = db.prepare(
      'SELECT number, bytes, checksum, author FROM log WHERE document_id = ? AND number = ?',
    )
    this.#row.setReturnArrays(true)
    this.#insert = db.prepare('INSERT INTO log VALUES (?, ?, ?, ?, ?)')
    this.#forget = db.prepare('DELETE FROM log WHERE document_id = ? AND number <= ?')
    this.#snapshot = db.prepare(
      `SELECT number, bytes AS "update", state_vector AS stateVector, delete_set AS deleteSet, checksum
       FROM snapshots WHERE document_id = ?`,
    )
    this.#putSnapshot = db.prepare('INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?, ?, ?)')
  }

  /** Adds rows that follow those that are there. The caller writes the new head, in the same transaction. */
  append(document: DocumentRow, rows: readonly LogRow[]): void {
    const lineage = checksum(document.lineage)
    for (const { number, update, author } of rows) {
      const sum = checksumOfRow(update, author, placeOf(lineage, number))
      this.#insert.run(document.id, number, update, sum, author)
    }
  }

  /**
   * Snapshot and tail. Throws `corrupt`, with the document and the number, unless they are what was
   * written and lead to the document's head without a gap.
   */
  read(document: DocumentRow): { snapshot: Snapshot | undefined; tail: LogRow[] } {
    const lineage = checksum(document.lineage)
    const snapshot = this.#readSnapshot(document, lineage)
    const rows: StoredRow[] = this.#tail.all(document.id)
    let before = document.snapshotNumber
    const tail = rows.map((row): LogRow => {
      if (row[0] !== before + 1) throw corrupt(document, `row ${before + 1} is missing`)
      before = row[0]
      return checked(document, lineage, row)
    })
    if (before !== document.head) throw corrupt(document, `row ${before + 1} is missing`)
    return { snapshot, tail }
  }

  /** One row, whatever is wrong with others. Throws `corrupt` unless it is what was written. */
  row(document: DocumentRow, number: number): LogRow {
    const row: StoredRow | undefined = this.#row.get(document.id, number)
    if (row === undefined) throw corrupt(document, `row ${number} is missing`)
    return checked(document, checksum(document.lineage), row)
  }

  /** The snapshot alone; undefined when there is none. Throws `corrupt` unless it is what was written. */
  snapshot(document: DocumentRow): Snapshot | undefined {
    return this.#readSnapshot(document, checksum(document.lineage))
  }

  /** Puts the snapshot in the place of the rows up to its number. The caller writes the number, in the same transaction. */
  replace(document: DocumentRow, snapshot: Snapshot): void {
    const { number, update, stateVector, deleteSet } = snapshot
    const sum = checksumOfSnapshot(checksum(document.lineage), snapshot)
    this.#putSnapshot.run(document.id, number, update, stateVector, deleteSet, sum)
    this.#forget.run(document.id, number)
  }

  #readSnapshot(document: DocumentRow, lineage: number): Snapshot | undefined {
    const row: (Snapshot & { checksum: number }) | undefined = this.#snapshot.get(document.id)
    if ((row?.number ?? 0) !== document.snapshotNumber) {
      throw corrupt(document, `snapshot ${document.snapshotNumber} is missing`)
    }
    if (row === undefined) return undefined
    if (checksumOfSnapshot(lineage, row) !== row.checksum) {
      throw corrupt(document, `snapshot ${row.number} is not what was written`)
    }
    const { number, update, stateVector, deleteSet } = row
    return { number, update, stateVector, deleteSet }
  }
}

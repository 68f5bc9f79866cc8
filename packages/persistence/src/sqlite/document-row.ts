/**
 * One row of `documents`, with a checksum over all of it: a changed bit in a name would otherwise make
 * a document look as if it had never been there.
 */
import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import type { DocumentName } from '@quire/protocol'
import { StoreError } from '../store.ts'
import { checksum } from './checksum.ts'

/** As it stands in the table. Times in ms since 1970. */
export interface DocumentRow {
  /** From 1 without gaps: rows are never removed, so a hole means damage. */
  readonly id: number
  readonly name: DocumentName
  readonly title: string
  readonly createdMs: number
  readonly changedMs: number
  readonly deletedMs: number | null
  readonly lineage: string
  /** Number of the last row of its log. */
  readonly head: number
  /** Number of its snapshot, 0 for none. */
  readonly snapshotNumber: number
  /** Place among all edits and renames of the store; the list is ordered by it. */
  readonly changedOrder: number
  /** Place among all writes of the store, compactions and deletions too; see `commit-mark.ts`. */
  readonly writtenOrder: number
}

/** The row after an append that ends with `head`. Written out: each commit makes some, and V8 gives objects that are spread and changed shapes of their own. */
export function rowAfterAppend(
  row: DocumentRow,
  head: number,
  changedMs: number = row.changedMs,
  changedOrder: number = row.changedOrder,
): DocumentRow {
  const { id, name, title, createdMs, deletedMs, lineage, snapshotNumber, writtenOrder } = row
  return {
    id,
    name,
    title,
    createdMs,
    changedMs,
    deletedMs,
    lineage,
    head,
    snapshotNumber,
    changedOrder,
    writtenOrder,
  }
}

const columns = `id, name, title, created_ms AS createdMs, changed_ms AS changedMs,
  deleted_ms AS deletedMs, lineage, head, snapshot_number AS snapshotNumber,
  changed_order AS changedOrder, written_order AS writtenOrder, checksum`

type StoredRow = DocumentRow & { readonly checksum: number }

/** Values in the order of the columns. */
const valuesOf = (row: DocumentRow): (string | number | null)[] => [
  row.id,
  row.name,
  row.title,
  row.createdMs,
  row.changedMs,
  row.deletedMs,
  row.lineage,
  row.head,
  row.snapshotNumber,
  row.changedOrder,
  row.writtenOrder,
]

const checksumOf = (row: DocumentRow): number => checksum(JSON.stringify(valuesOf(row)))

function check(row: StoredRow): DocumentRow {
  if (checksumOf(row) !== row.checksum) {
    const { id, name } = row
    throw new StoreError('corrupt', `document ${name}: its entry (${id}) is not what was written`)
  }
  return row
}

/** The statements on `documents`, prepared once. Every row that is read is checked: a damaged one throws `corrupt`. */
export class DocumentRows {
  readonly #byName
  readonly #byId
  readonly #page
  readonly #all
  readonly #put

  constructor(db: DatabaseSyncInstance) {
    this.#byName = db.prepare(`SELECT ${columns} FROM documents WHERE name = ?`)
    this.#byId = db.prepare(`SELECT ${columns} FROM documents WHERE id = ?`)
    this.#all = db.prepare(`SELECT ${columns} FROM documents WHERE id > ? ORDER BY id LIMIT 1000`)
    this.#page = db.prepare(
      `SELECT ${columns} FROM documents WHERE deleted_ms IS NULL AND changed_order < ?
       ORDER BY changed_order DESC LIMIT ?`,
    )
    this.#put = db.prepare(
      `INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET title = excluded.title, changed_ms = excluded.changed_ms,
         deleted_ms = excluded.deleted_ms, head = excluded.head,
         snapshot_number = excluded.snapshot_number, changed_order = excluded.changed_order,
         written_order = excluded.written_order, checksum = excluded.checksum`,
    )
  }

  find(name: DocumentName): DocumentRow | undefined {
    const row: StoredRow | undefined = this.#byName.get(name)
    return row && check(row)
  }

  withId(id: number): DocumentRow | undefined {
    const row: StoredRow | undefined = this.#byId.get(id)
    return row && check(row)
  }

  /** Documents that are not deleted, newest change first, whose place is before `order`. */
  page(order: number, count: number): DocumentRow[] {
    const before = Math.min(order, Number.MAX_SAFE_INTEGER)
    return this.#page.all(before, count).map((row: StoredRow) => check(row))
  }

  /** Every document after the one with id `after`, deleted ones too, in the order of the ids. */
  *all(after = 0): Generator<DocumentRow> {
    let last = after
    for (;;) {
      const rows: StoredRow[] = this.#all.all(last)
      if (rows.length === 0) return
      for (const row of rows) yield check(row)
      last = rows.at(-1)?.id ?? last
    }
  }

  /** Adds or replaces a row; the name, lineage and time of creation of a row stay. */
  put(row: DocumentRow): void {
    this.#put.run(...valuesOf(row), checksumOf(row))
  }
}

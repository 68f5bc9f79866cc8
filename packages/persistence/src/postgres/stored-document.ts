/** From the rows of one statement to a stored document, checked. Pure. */
import type { DocumentName } from '@quire/protocol'
import { type LogRow, type Snapshot, type StoredDocument, StoreError } from '../store.ts'
import { rowChecksum, snapshotChecksum } from './row-checksum.ts'

/** The entry of the document with its snapshot, of which the head is not null; or one row of its log. */
export interface StoredRow {
  readonly number: string | null
  readonly bytes: Buffer | null
  readonly state_vector: Buffer | null
  readonly delete_set: Buffer | null
  readonly author: string | null
  readonly checksum: string | null
  readonly head: string | null
  readonly snapshot_number: string | null
  readonly lineage: string | null
  readonly is_deleted: boolean | null
}

/** What the statement selects of the entry `d` and its snapshot `s`. */
export const storedColumns = `s.number, s.bytes, s.state_vector, s.delete_set, NULL AS author, s.checksum,
  d.head, d.snapshot_number, d.lineage, d.deleted_ms IS NOT NULL AS is_deleted`

/** The statement that reads the document named `$1`. */
export const storedText = (schema: string): string =>
  `WITH d AS MATERIALIZED (SELECT * FROM ${schema}.documents WHERE name = $1)
   SELECT ${storedColumns} FROM d LEFT JOIN ${schema}.snapshots s ON s.document_id = d.id
   UNION ALL
   SELECT l.number, l.bytes, NULL, NULL, l.author, l.checksum, NULL, NULL, NULL, NULL
   FROM d JOIN ${schema}.log l ON l.document_id = d.id AND l.number > d.snapshot_number
   WHERE d.deleted_ms IS NULL`

const nothing = { snapshot: undefined, tail: [], head: 0, lineage: undefined }

/** Throws `corrupt` for bytes that are not what was written, and for rows that do not lead to the head. */
export function readStored(document: DocumentName, rows: readonly StoredRow[]): StoredDocument {
  const entry = rows.find(({ head }) => head !== null)
  if (!entry) return { ...nothing, isDeleted: false }
  if (entry.is_deleted === true) return { ...nothing, isDeleted: true }
  const snapshotNumber = Number(entry.snapshot_number)
  const head = Number(entry.head)
  const snapshot = snapshotNumber > 0 ? snapshotOf(document, entry, snapshotNumber) : undefined
  const tail = rows
    .filter((row) => row !== entry)
    .map((row) => rowOf(document, row))
    .sort((a, b) => a.number - b.number)
  const isWhole = tail.every(({ number }, at) => number === snapshotNumber + 1 + at)
  if (!isWhole || snapshotNumber + tail.length !== head) {
    throw new StoreError(
      'corrupt',
      `document ${document}: its rows do not lead from its snapshot to its head`,
    )
  }
  return { snapshot, tail, head, lineage: entry.lineage ?? undefined, isDeleted: false }
}

function snapshotOf(document: DocumentName, row: StoredRow, number: number): Snapshot {
  const { bytes, state_vector: stateVector, delete_set: deleteSet } = row
  if (bytes && stateVector && deleteSet && Number(row.number) === number) {
    const snapshot = {
      number,
      update: own(bytes),
      stateVector: own(stateVector),
      deleteSet: own(deleteSet),
    }
    if (snapshotChecksum(document, snapshot) === Number(row.checksum)) return snapshot
  }
  throw new StoreError(
    'corrupt',
    `document ${document}: its snapshot ${number} is not what was written`,
  )
}

function rowOf(document: DocumentName, row: StoredRow): LogRow {
  const { bytes, author } = row
  const number = Number(row.number)
  if (!bytes || author === null || rowChecksum(document, author, bytes) !== Number(row.checksum)) {
    throw new StoreError(
      'corrupt',
      `document ${document}: its row ${number} is not what was written`,
    )
  }
  return { number, update: own(bytes), author }
}

/** A plain array: what `pg` gives is a Buffer, in which `slice` does not copy. */
function own(bytes: Buffer): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

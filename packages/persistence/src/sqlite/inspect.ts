/**
 * Looks at a database before it is used, through a connection that cannot write: a damaged file, and a
 * write-ahead log that SQLite would otherwise fold into it, stay as they are for whoever repairs them.
 *
 * Finds everything that would make a document look as if it were not there. Damage inside a row is
 * found when the row is read.
 */
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { StoreError } from '../store.ts'
import { type Commit, inJournal } from './commit-mark.ts'
import { DocumentRows } from './document-row.ts'
import { readJournal } from './journal.ts'
import { checkSchema, journalVersion, pragma } from './schema.ts'
import { asStoreError } from './sqlite-error.ts'

/** Up to this size the structure of the whole file is checked when it is opened, under a second; of a larger one that of the list of documents, and the rest by `verify`. */
const structureBytesMax = 256 * 1024 * 1024

/** What the entries of all documents say together. */
export interface DocumentFacts {
  readonly count: number
  /** The place of the last write among all writes of the store. */
  readonly order: number
}

/** Checks `file` as it is on the disk. Throws `corrupt`, `newer` or `io` and has changed nothing. `confirmed` is what the file must have. */
export function inspectDatabase(file: string, confirmed: Commit | undefined): DocumentFacts {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000, open: false })
  try {
    db.open()
    db.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON')
    checkSchema(db)
    const version = Number(pragma(db, 'user_version'))
    if (version === 0) return checkDocuments([], 0, confirmed)
    checkStructure(db)
    const journalOrder = version < journalVersion ? 0 : journalOrderOf(db)
    return checkDocuments(new DocumentRows(db).all(), journalOrder, confirmed)
  } catch (error) {
    throw asStoreError(error, `${file} cannot be opened`)
  } finally {
    if (db.isOpen) db.close()
  }
}

/**
 * Undoes what a crash interrupted in the first moment of a file, before it had a write-ahead log: its
 * pages are half changed and the journal has the whole ones. Nothing that was confirmed is ever in a
 * journal, and without this the file cannot be read at all. Throws `corrupt` or `io`.
 */
export function rollBackJournal(file: string): void {
  const db = new DatabaseSync(file, { timeout: 5_000, open: false })
  try {
    db.open()
    db.exec('BEGIN IMMEDIATE; ROLLBACK')
  } catch (error) {
    throw asStoreError(error, `${file} cannot be taken back to where it was before a crash`)
  } finally {
    if (db.isOpen) db.close()
  }
}

function checkStructure(db: DatabaseSyncInstance): void {
  const byteCount = Number(pragma(db, 'page_count')) * Number(pragma(db, 'page_size'))
  const checks = byteCount <= structureBytesMax ? ['quick_check(1)'] : []
  for (const check of [...checks, 'integrity_check(documents)']) {
    const found = String(pragma(db, check))
    if (found !== 'ok') throw new StoreError('corrupt', `quire.db is damaged: ${found}`)
  }
}

/** The place of the last commit in the journal, all of which is read; 0 for none. Throws `corrupt`. */
export function journalOrderOf(db: DatabaseSyncInstance): number {
  return readJournal(db).at(-1)?.order ?? 0
}

/** Reads every entry. Throws `corrupt` when one is missing or damaged, or when what was confirmed is not there. */
export function checkDocuments(
  documents: Iterable<{ readonly id: number; readonly writtenOrder: number }>,
  journalOrder: number,
  confirmed: Commit | undefined,
): DocumentFacts {
  let count = 0
  let order = journalOrder
  let isConfirmed = confirmed === undefined
  for (const { id, writtenOrder } of documents) {
    count += 1
    if (id !== count) throw new StoreError('corrupt', `quire.db lacks document number ${count}`)
    order = Math.max(order, writtenOrder)
    if (id === confirmed?.documentId && writtenOrder >= confirmed.order) isConfirmed = true
  }
  // What was folded since has a later place, in a document.
  if (confirmed?.documentId === inJournal && order >= confirmed.order) isConfirmed = true
  if (isConfirmed) return { count, order }
  throw new StoreError(
    'corrupt',
    'quire.db lacks edits that were confirmed: it or quire.db-wal was damaged, removed or replaced by an older copy. ' +
      'To go on with what is there, for example after restoring a backup, remove quire.mark',
  )
}

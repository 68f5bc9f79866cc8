/**
 * Documents as they are stored, wherever their rows stand: in the log, or in the journal that is not
 * folded yet. For the connection of the server and for readers beside it. Reads only.
 */
import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import type { DocumentName } from '@quire/protocol'
import type { StoredDocument } from '../store.ts'
import { type DocumentRow, DocumentRows } from './document-row.ts'
import { Journal } from './journal.ts'
import { LogRows } from './log-rows.ts'

export class StoredDocuments {
  /** What the tables say; of a document in the journal that is not all. */
  readonly rows: DocumentRows
  readonly log: LogRows
  readonly journal: Journal

  /** Reads the journal. Throws `corrupt`. */
  constructor(db: DatabaseSyncInstance) {
    this.rows = new DocumentRows(db)
    this.log = new LogRows(db)
    this.journal = new Journal(db, (documentId) => this.rows.withId(documentId))
  }

  find(name: DocumentName): DocumentRow | undefined {
    return this.journal.pending.get(name)?.document ?? this.rows.find(name)
  }

  /** Documents that are not deleted, newest change first, whose place is before `order`. */
  page(order: number, count: number): DocumentRow[] {
    const { pending } = this.journal
    const recent = Array.from(pending.values(), ({ document }) => document)
    // So many of the table may stand further up because of the journal.
    const settled = this.rows.page(order, count + recent.length)
    return [
      ...recent.filter(({ changedOrder }) => changedOrder < order),
      ...settled.filter(({ name }) => !pending.has(name)),
    ]
      .sort((a, b) => b.changedOrder - a.changedOrder)
      .slice(0, count)
  }

  /** Throws `corrupt` unless all of the document is what was written. The caller sees to it that nobody writes meanwhile. */
  read(name: DocumentName): StoredDocument {
    const row = this.rows.find(name)
    if (row === undefined || row.deletedMs !== null) {
      const isDeleted = row !== undefined
      return { snapshot: undefined, tail: [], head: 0, lineage: undefined, isDeleted }
    }
    const { head, lineage } = row
    const stored = this.log.read(row)
    const pending = this.journal.pending.get(name)
    return {
      snapshot: stored.snapshot,
      tail: pending ? [...stored.tail, ...pending.rows] : stored.tail,
      head: pending?.document.head ?? head,
      lineage,
      isDeleted: false,
    }
  }
}

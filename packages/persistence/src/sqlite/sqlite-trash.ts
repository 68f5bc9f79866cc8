/** The deleted documents of a SQLite store, on the thread of the database. */
import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import type { DocumentName } from '@quire/protocol'
import type { DeletedDocument } from '../trash.ts'
import type { DocumentRow } from './document-row.ts'

export interface TrashScope {
  /** Rows that the tables do not have yet are put into them. */
  readonly fold: () => void
  /** `change` of a document, whatever it is, in a write transaction: what it answers is written; nothing for undefined. Answers whether something was. */
  readonly change: (
    name: DocumentName,
    change: (document: DocumentRow) => DocumentRow | undefined,
  ) => boolean
}

/** Tables whose rows hang on a document, and their column for it. */
const tables: readonly (readonly [table: string, column: string])[] = [
  ['log', 'document_id'],
  ['snapshots', 'document_id'],
  ['authors', 'document_id'],
  ['versions', 'document_id'],
  ['indexed', 'document_id'],
  ['search', 'rowid'],
]

const isLeft = "deleted_ms IS NOT NULL AND (head > 0 OR title <> '')"

export class SqliteTrash {
  readonly #db: DatabaseSyncInstance
  readonly #scope: TrashScope
  readonly #list
  readonly #erase

  constructor(db: DatabaseSyncInstance, scope: TrashScope) {
    this.#db = db
    this.#scope = scope
    this.#list = db.prepare(
      `SELECT name AS document, deleted_ms AS deletedMs FROM documents
       WHERE ${isLeft} AND deleted_ms < ? ORDER BY deleted_ms, id LIMIT ?`,
    )
    this.#erase = tables.map(([table, column]) =>
      db.prepare(`DELETE FROM ${table} WHERE ${column} = ?`),
    )
  }

  list(limit: number, beforeMs: number): DeletedDocument[] {
    this.#scope.fold()
    return this.#list.all(Math.min(beforeMs, Number.MAX_SAFE_INTEGER), limit)
  }

  purge(name: DocumentName): 'done' | 'missing' {
    // Pages that become free are overwritten; as a rule that is not worth a second write of everything.
    this.#db.exec('PRAGMA secure_delete = ON')
    try {
      const isDone = this.#scope.change(name, (document) => {
        const { id, deletedMs, head, title } = document
        if (deletedMs === null || (head === 0 && title === '')) return undefined
        for (const statement of this.#erase) statement.run(id)
        return { ...document, title: '', head: 0, snapshotNumber: 0 }
      })
      return isDone ? 'done' : 'missing'
    } finally {
      this.#db.exec('PRAGMA secure_delete = OFF')
    }
  }
}

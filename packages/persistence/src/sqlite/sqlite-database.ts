/**
 * One opened `quire.db`: the operations of the contract, synchronously, on the thread that calls them.
 * `sqlite-worker.ts` is that thread; nothing else uses this.
 *
 * 1. Each write is one transaction and is confirmed by returning: with WAL and synchronous=FULL its
 *    bytes are then on stable storage.
 * 2. A write that throws has changed nothing that this connection sees.
 *
 * Does not judge what it opens; `inspect.ts` did.
 */
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { randomId, reasonOf, systemRandom } from '@quire/base'
import type { DocumentName } from '@quire/protocol'
import { decodeCursor, encodeCursor } from '../check-request.ts'
import {
  type Append,
  type AppendResult,
  type DocumentInfo,
  type DocumentPage,
  type Snapshot,
  type StoredDocument,
  StoreError,
} from '../store.ts'
import { AuthorRows } from './author-rows.ts'
import type { CommitMark } from './commit-mark.ts'
import { busyMs, configure } from './connection.ts'
import { type DocumentRow, DocumentRows } from './document-row.ts'
import { LogRows } from './log-rows.ts'
import type { DocumentFacts } from './inspect.ts'
import { migrate } from './schema.ts'
import { asStoreError } from './sqlite-error.ts'
import { SqliteVersions } from './sqlite-versions.ts'
import { type VerifiedDocuments, verifyDocuments, verifyFile } from './verify.ts'

export class SqliteDatabase {
  readonly #db: DatabaseSyncInstance
  readonly #mark: CommitMark
  readonly #documents: DocumentRows
  readonly #log: LogRows
  readonly #authors: AuthorRows
  readonly versions: SqliteVersions
  /** The place of the last write among all writes of the store. */
  #order: number
  #documentCount: number

  /** Opens or makes `file`, which is locked for this process and was found in order; `facts` is what was found. `mark` stays the caller's. */
  constructor(file: string, mark: CommitMark, facts: DocumentFacts) {
    this.#db = new DatabaseSync(file, { timeout: busyMs, defensive: true, open: false })
    this.#mark = mark
    this.#order = facts.order
    this.#documentCount = facts.count
    try {
      this.#db.open()
      configure(this.#db)
      migrate(this.#db)
      this.#documents = new DocumentRows(this.#db)
      this.#log = new LogRows(this.#db)
      this.#authors = new AuthorRows(this.#db)
      this.versions = new SqliteVersions(this.#db, {
        read: (name, work) => this.#readLive(name, work),
        write: (name, work) => this.#writeLive(name, work),
      })
    } catch (error) {
      if (this.#db.isOpen) this.#db.close()
      throw asStoreError(error, `${file} cannot be opened`)
    }
  }

  open(name: DocumentName): StoredDocument {
    // One transaction, so that a writer of another process cannot come between the statements.
    return this.#transaction('BEGIN', () => {
      const document = this.#documents.find(name)
      if (document === undefined || document.deletedMs !== null) {
        const isDeleted = document !== undefined
        return { snapshot: undefined, tail: [], head: 0, lineage: undefined, isDeleted }
      }
      const { head, lineage } = document
      return { ...this.#log.read(document), head, lineage, isDeleted: false }
    })
  }

  append(batch: readonly Append[], nowMs: number): AppendResult[] {
    return this.#write((touched) =>
      batch.map(({ document: name, updates, author = '', newClients, lineage }): AppendResult => {
        const document = this.#documents.find(name) ?? this.#make(name, '', nowMs, lineage)
        if (document.deletedMs !== null) return { kind: 'deleted' }
        this.#log.append(document, document.head, updates, author)
        if (author !== '' && newClients) this.#authors.note(document, newClients, author)
        const head = document.head + updates.length
        touched({ ...document, ...this.#changed(document, nowMs), head })
        return { kind: 'stored', head, lineage: document.lineage }
      }),
    )
  }

  authors(name: DocumentName): [number, string][] {
    return this.#readLive(name, (document) => this.#authors.read(document)) ?? []
  }

  compact(name: DocumentName, snapshot: Snapshot, replaces: number): 'done' | 'stale' {
    return this.#write((touched) => {
      const document = this.#live(name)
      if (document?.snapshotNumber !== replaces) return 'stale'
      if (snapshot.number > document.head) {
        throw new StoreError('bad-request', `document ${name} has no row ${snapshot.number}`)
      }
      this.#log.replace(document, snapshot)
      touched({ ...document, snapshotNumber: snapshot.number })
      return 'done'
    })
  }

  create(name: DocumentName, title: string, nowMs: number): 'created' | 'exists' {
    return this.#write((touched) => {
      if (this.#documents.find(name) !== undefined) return 'exists'
      touched(this.#make(name, title, nowMs))
      return 'created'
    })
  }

  describe(name: DocumentName): DocumentInfo | undefined {
    const document = this.#live(name)
    return document && infoOf(document)
  }

  rename(name: DocumentName, title: string, nowMs: number): 'done' | 'missing' {
    return this.#write((touched) => {
      const document = this.#live(name)
      if (document === undefined) return 'missing'
      touched({ ...document, ...this.#changed(document, nowMs), title })
      return 'done'
    })
  }

  list(limit: number, after: string | undefined): DocumentPage {
    const found = this.#documents.page(decodeCursor(after), limit + 1)
    const page = found.slice(0, limit)
    const last = page.at(-1)
    return {
      documents: page.map(infoOf),
      next: last && found.length > limit ? encodeCursor(last.changedOrder) : undefined,
    }
  }

  delete(name: DocumentName, nowMs: number): 'done' | 'missing' {
    return this.#write((touched) => {
      const document = this.#live(name)
      if (document === undefined) return 'missing'
      touched({ ...document, deletedMs: nowMs })
      return 'done'
    })
  }

  /** Problems of the file as a whole: its structure and its list of documents. */
  verifyFile(): string[] {
    return verifyFile(this.#db, this.#documents, this.#mark.read())
  }

  /** What is wrong with the next `count` documents after the one with id `after`. */
  verifyDocuments(after: number, count: number): VerifiedDocuments {
    const { versions } = this
    const from = { documents: this.#documents, log: this.#log, authors: this.#authors, versions }
    return verifyDocuments(from, after, count)
  }

  /**
   * Moves the write-ahead log into the file and closes it. Prepared statements keep handles of SQLite
   * on the files until they are collected or the thread ends, so the log is moved here, not by the close.
   * Answers why the log could not be moved; it then stays, and nothing is lost.
   */
  close(): string | undefined {
    try {
      this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      return undefined
    } catch (error) {
      return reasonOf(error)
    } finally {
      this.#db.close()
    }
  }

  /** Runs `work` as one write transaction. The rows that it hands to `touched` are written before the commit, the last of them is then marked. */
  #write<T>(work: (touched: (document: DocumentRow) => void) => T): T {
    let last: DocumentRow | undefined
    const before = this.#documentCount
    try {
      const result = this.#transaction('BEGIN IMMEDIATE', () =>
        work((document) => {
          last = { ...document, writtenOrder: ++this.#order }
          this.#documents.put(last)
        }),
      )
      if (last !== undefined) this.#mark.write({ documentId: last.id, order: last.writtenOrder })
      return result
    } catch (error) {
      this.#documentCount = before
      throw error
    }
  }

  /** `work` on a document that is there, in one moment. */
  #readLive<T>(name: DocumentName, work: (document: DocumentRow) => T): T | undefined {
    return this.#transaction('BEGIN', () => {
      const document = this.#live(name)
      return document && work(document)
    })
  }

  /** `work` on what belongs to a document that is there; the document itself stays as it is. */
  #writeLive<T>(
    name: DocumentName,
    work: (document: DocumentRow, order: number) => T,
  ): T | undefined {
    return this.#write((touched) => {
      const document = this.#live(name)
      if (document === undefined) return undefined
      const result = work(document, ++this.#order)
      touched(document)
      return result
    })
  }

  #transaction<T>(begin: string, work: () => T): T {
    this.#db.exec(begin)
    try {
      const result = work()
      this.#db.exec('COMMIT')
      return result
    } catch (error) {
      this.#rollBack()
      throw error
    }
  }

  #rollBack(): void {
    // SQLite ends some transactions by itself when they fail.
    if (!this.#db.isTransaction) return
    try {
      this.#db.exec('ROLLBACK')
    } catch (cause) {
      // `io` makes the thread open the connection again, and so ends the transaction.
      throw new StoreError('io', 'a failed write could not be undone', { cause })
    }
  }

  /** A row for a document that does not exist yet, written before anything refers to it. */
  #make(
    name: DocumentName,
    title: string,
    nowMs: number,
    lineage = randomId(systemRandom),
  ): DocumentRow {
    this.#documentCount += 1
    const order = ++this.#order
    const row: DocumentRow = {
      id: this.#documentCount,
      name,
      title,
      createdMs: nowMs,
      changedMs: nowMs,
      deletedMs: null,
      lineage,
      head: 0,
      snapshotNumber: 0,
      changedOrder: order,
      writtenOrder: order,
    }
    this.#documents.put(row)
    return row
  }

  #changed({ changedMs }: DocumentRow, nowMs: number): { changedMs: number; changedOrder: number } {
    return { changedMs: Math.max(changedMs, nowMs), changedOrder: ++this.#order }
  }

  #live(name: DocumentName): DocumentRow | undefined {
    const document = this.#documents.find(name)
    return document?.deletedMs === null ? document : undefined
  }
}

const infoOf = ({ name, title, createdMs, changedMs }: DocumentRow): DocumentInfo => ({
  document: name,
  title,
  createdMs,
  changedMs,
})

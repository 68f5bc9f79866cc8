/**
 * One opened `quire.db`: the operations of the contract, synchronously, on the thread that calls them.
 * `sqlite-worker.ts` is that thread; nothing else uses this.
 *
 * 1. Each write is one transaction and is confirmed by returning: with WAL and synchronous=FULL its
 *    bytes are then on stable storage.
 * 2. A write that throws has changed nothing that this connection sees.
 * 3. Small appends go into the journal. Every other write folds it first, in the same transaction.
 *
 * Does not judge what it opens; `inspect.ts` did.
 *
 * Length: every write passes one transaction, which a reader should see with all that it does.
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
import { type Commit, type CommitMark, inJournal } from './commit-mark.ts'
import { busyMs, configure } from './connection.ts'
import { type DocumentRow, rowAfterAppend } from './document-row.ts'
import type { DocumentFacts } from './inspect.ts'
import { documentAfter, journalCommitBytesMax, type JournalEntry } from './journal.ts'
import { migrate } from './schema.ts'
import { asStoreError } from './sqlite-error.ts'
import { SqliteSearch } from './sqlite-search.ts'
import { SqliteTrash } from './sqlite-trash.ts'
import { type DocumentScope, SqliteVersions } from './sqlite-versions.ts'
import { StoredDocuments } from './stored-documents.ts'
import { type VerifiedDocuments, verifyDocuments, verifyFile } from './verify.ts'

/** Rows of documents that are remembered, so that typing reads none; 200 bytes each. */
const knownMax = 4_096

export class SqliteDatabase {
  readonly #db: DatabaseSyncInstance
  readonly #mark: CommitMark
  readonly #stored: StoredDocuments
  readonly #authors: AuthorRows
  readonly versions: SqliteVersions
  readonly search: SqliteSearch
  readonly trash: SqliteTrash
  /** Rows as they stand in the table. */
  readonly #known = new Map<DocumentName, DocumentRow>()
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
      this.#stored = new StoredDocuments(this.#db)
      this.#authors = new AuthorRows(this.#db)
      const scope: DocumentScope = {
        read: (name, work) => this.#readLive(name, work),
        write: (name, work) => this.#writeLive(name, work),
      }
      this.versions = new SqliteVersions(this.#db, scope)
      this.search = new SqliteSearch(this.#db, scope, {
        pending: () => this.#stored.journal.pending,
        fold: () => this.fold(),
      })
      this.trash = new SqliteTrash(this.#db, {
        fold: () => this.fold(),
        change: (name, change) => this.#change(name, change),
      })
    } catch (error) {
      if (this.#db.isOpen) this.#db.close()
      throw asStoreError(error, `${file} cannot be opened`)
    }
  }

  open(name: DocumentName): StoredDocument {
    // One transaction, so that a writer of another process cannot come between the statements.
    return this.#transaction('BEGIN', () => this.#stored.read(name))
  }

  append(batch: readonly Append[], nowMs: number): AppendResult[] {
    let byteCount = 0
    for (const { updates } of batch) for (const { length } of updates) byteCount += length
    return byteCount > journalCommitBytesMax
      ? this.#appendToLog(batch, nowMs)
      : this.#appendToJournal(batch, nowMs)
  }

  #appendToLog(batch: readonly Append[], nowMs: number): AppendResult[] {
    return this.#write((touched) =>
      batch.map((append): AppendResult => {
        const document = this.#find(append.document) ?? this.#make(append, nowMs)
        if (document.deletedMs !== null) return { kind: 'deleted' }
        this.#note(document, append)
        const { updates, author = '' } = append
        const rows = updates.map((update, at) => ({
          number: document.head + 1 + at,
          update,
          author,
        }))
        this.#stored.log.append(document, rows)
        const head = document.head + updates.length
        touched({ ...document, ...this.#changed(document, nowMs), head })
        return { kind: 'stored', head, lineage: document.lineage }
      }),
    )
  }

  #appendToJournal(batch: readonly Append[], nowMs: number): AppendResult[] {
    const { journal } = this.#stored
    const entries: JournalEntry[] = []
    const documents: DocumentRow[] = []
    let order = 0
    const results = this.#write((_, marked) => {
      // The entries have the places before their commit.
      order = this.#order + batch.length + 1
      this.#order = order
      const inBatch = new Map<DocumentName, DocumentRow>()
      const answers = batch.map((append): AppendResult => {
        const { document: name, updates, author = '' } = append
        const document = inBatch.get(name) ?? this.#find(name) ?? this.#make(append, nowMs)
        if (document.deletedMs !== null) return { kind: 'deleted' }
        this.#note(document, append)
        entries.push({ documentId: document.id, head: document.head, author, updates })
        documents.push(document)
        const head = document.head + updates.length
        inBatch.set(name, rowAfterAppend(document, head))
        return { kind: 'stored', head, lineage: document.lineage }
      })
      if (entries.length > 0) {
        journal.write({ order, nowMs, entries })
        marked({ documentId: inJournal, order })
      }
      return answers
    }, journal.isDue)
    const commit = { order, nowMs, entries }
    journal.add(
      commit,
      documents.map((document, at) => documentAfter(document, commit, at)),
    )
    return results
  }

  /** Puts what is in the journal into the logs. Happens with most writes anyway. */
  fold(): void {
    if (this.#stored.journal.pending.size > 0) this.#write(() => undefined)
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
      this.#stored.log.replace(document, snapshot)
      touched({ ...document, snapshotNumber: snapshot.number })
      return 'done'
    })
  }

  create(name: DocumentName, title: string, nowMs: number): 'created' | 'exists' {
    return this.#write((touched) => {
      if (this.#find(name) !== undefined) return 'exists'
      const document = this.#make({ document: name, title }, nowMs)
      touched(document)
      this.search.setTitle(document, title)
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
      this.search.setTitle(document, title)
      return 'done'
    })
  }

  list(limit: number, after: string | undefined): DocumentPage {
    const found = this.#stored.page(decodeCursor(after), limit + 1)
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
    return verifyFile(this.#db, this.#stored.rows, this.#mark.read())
  }

  /** What is wrong with the next `count` documents after the one with id `after`. */
  verifyDocuments(after: number, count: number): VerifiedDocuments {
    const { versions } = this
    const { rows, log } = this.#stored
    return verifyDocuments({ documents: rows, log, authors: this.#authors, versions }, after, count)
  }

  /**
   * Folds the journal, moves the write-ahead log into the file and closes it. Prepared statements keep handles of SQLite
   * on the files until they are collected or the thread ends, so the log is moved here, not by the close.
   * Answers why that could not be done; what is left is found at the next start, and nothing is lost.
   */
  close(): string | undefined {
    try {
      this.fold()
      this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      return undefined
    } catch (error) {
      return reasonOf(error)
    } finally {
      this.#db.close()
    }
  }

  /**
   * Runs `work` as one write transaction, after folding the journal in it when `isFolding`. The rows that
   * it hands to `touched` are written before the commit. The last of them, or what it says to be `marked`,
   * is then marked.
   */
  #write<T>(
    work: (touched: (document: DocumentRow) => void, marked: (commit: Commit) => void) => T,
    isFolding = true,
  ): T {
    let last: Commit | undefined
    const before = this.#documentCount
    const { journal, rows } = this.#stored
    const isJournalEmpty = journal.pending.size === 0
    const touched = (document: DocumentRow): void => {
      const row = { ...document, writtenOrder: ++this.#order }
      rows.put(row)
      this.#remember(row)
      last = { documentId: row.id, order: row.writtenOrder }
    }
    try {
      const result = this.#transaction('BEGIN IMMEDIATE', () => {
        if (isFolding && !isJournalEmpty) this.#fold(touched)
        return work(touched, (commit) => {
          last = commit
        })
      })
      if (isFolding) journal.folded()
      if (last !== undefined) this.#mark.write(last)
      return result
    } catch (error) {
      this.#documentCount = before
      this.#known.clear()
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

  /** Changes the row of a document, deleted or not, and what hangs on it. Answers whether anything was changed. */
  #change(name: DocumentName, change: (document: DocumentRow) => DocumentRow | undefined): boolean {
    return this.#write((touched) => {
      const document = this.#find(name)
      const changed = document && change(document)
      if (changed) touched(changed)
      return changed !== undefined
    })
  }

  #fold(touched: (document: DocumentRow) => void): void {
    const { journal, log } = this.#stored
    for (const { document, rows } of journal.pending.values()) {
      log.append(document, rows)
      touched(document)
    }
    journal.clear()
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
    {
      document: name,
      title = '',
      lineage = randomId(systemRandom),
    }: Pick<Append, 'document' | 'lineage'> & { readonly title?: string },
    nowMs: number,
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
    this.#stored.rows.put(row)
    return row
  }

  #note(document: DocumentRow, { author, newClients }: Append): void {
    if (author && newClients) this.#authors.note(document, newClients, author)
  }

  /** As it is after all that was appended; `known` and the table are of what was folded. */
  #find(name: DocumentName): DocumentRow | undefined {
    const known = this.#known.get(name)
    // Most that is typed is typed in documents that were typed in a moment ago.
    return this.#stored.journal.pending.get(name)?.document ?? known ?? this.#stored.rows.find(name)
  }

  #remember(row: DocumentRow): void {
    if (this.#known.size >= knownMax) this.#known.clear()
    this.#known.set(row.name, row)
  }

  #changed({ changedMs }: DocumentRow, nowMs: number): { changedMs: number; changedOrder: number } {
    return { changedMs: Math.max(changedMs, nowMs), changedOrder: ++this.#order }
  }

  #live(name: DocumentName): DocumentRow | undefined {
    const document = this.#find(name)
    return document?.deletedMs === null ? document : undefined
  }
}

const infoOf = ({ name, title, createdMs, changedMs }: DocumentRow): DocumentInfo => ({
  document: name,
  title,
  createdMs,
  changedMs,
})

/**
 * One moment of a SQLite store, read beside the server that uses it: for backups and inspection from
 * another process. Takes no lock that anybody waits for and changes nothing.
 *
 * While it is open the server's write-ahead log cannot be folded into the file and grows; close it soon.
 * Before the log takes the disk away from the server, reading ends: it can be tried again, edits cannot.
 */
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import type { DocumentName } from '@quire/protocol'
import type { BackupSource } from '../backup/write-backup.ts'
import { checkPageLimit, decodeCursor, encodeCursor } from '../check-request.ts'
import { type DocumentInfo, type DocumentPage, type StoredDocument, StoreError } from '../store.ts'
import { AuthorRows } from './author-rows.ts'
import type { DocumentRow } from './document-row.ts'
import { type StoreFiles, bytesOf, filesOf } from './folder.ts'
import { checkSchema, pragma, schemaVersion } from './schema.ts'
import { asStoreError } from './sqlite-error.ts'
import { SqliteVersions } from './sqlite-versions.ts'
import { StoredDocuments } from './stored-documents.ts'

/** How long to wait for a lock that the server holds for moments, in ms. */
const busyMs = 5_000
/** The log may grow to this while we read: half an hour of a busy server, and less than what a server's disk has left when somebody should look at it. */
const logBytesMax = 1024 * 1024 * 1024

export interface SqliteSnapshotOptions {
  /** Reading fails with `io` once the server's write-ahead log is larger; 1 GB by default. */
  readonly logBytesMax?: number
}

class SqliteSnapshot implements BackupSource {
  readonly #db: DatabaseSyncInstance
  readonly #logFile: string
  readonly #logBytesMax: number
  readonly #documents: StoredDocuments
  readonly #authors: AuthorRows
  readonly versions: NonNullable<BackupSource['versions']>

  constructor({ database: file, log }: StoreFiles, options: SqliteSnapshotOptions) {
    this.#logFile = log
    this.#logBytesMax = options.logBytesMax ?? logBytesMax
    this.#db = new DatabaseSync(file, { readOnly: true, timeout: busyMs, open: false })
    try {
      this.#db.open()
      this.#db.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON')
      checkSchema(this.#db)
      if (pragma(this.#db, 'user_version') !== schemaVersion) {
        throw new StoreError(
          'bad-request',
          `${file} is of an older Quire; start the server once, which takes it to the present version`,
        )
      }
      this.#authors = new AuthorRows(this.#db)
      this.#db.exec('BEGIN')
      // A transaction's moment is that of its first read, which is here.
      this.#documents = new StoredDocuments(this.#db)
      const versions = new SqliteVersions(this.#db, {
        read: (name, work) => {
          const row = this.#live(name)
          return row && work(row)
        },
        write: () => {
          throw new StoreError('bad-request', 'a snapshot of a store is read only')
        },
      })
      this.versions = {
        list: async (document, { limit, after }) => {
          checkPageLimit(limit)
          return versions.list(document, limit, after)
        },
        read: async (document, id) => versions.read(document, id),
      }
    } catch (error) {
      this.#end()
      throw asStoreError(error, `${file} cannot be read`)
    }
  }

  async list(options: { limit: number; after?: string | undefined }): Promise<DocumentPage> {
    checkPageLimit(options.limit)
    this.#checkLog()
    const found = this.#documents.page(decodeCursor(options.after), options.limit + 1)
    const page = found.slice(0, options.limit)
    const last = page.at(-1)
    return {
      documents: page.map(infoOf),
      next: last && found.length > page.length ? encodeCursor(last.changedOrder) : undefined,
    }
  }

  async describe(document: DocumentName): Promise<DocumentInfo | undefined> {
    const row = this.#live(document)
    return row && infoOf(row)
  }

  async open(document: DocumentName): Promise<StoredDocument> {
    this.#checkLog()
    return this.#documents.read(document)
  }

  async authors(document: DocumentName): Promise<ReadonlyMap<number, string>> {
    const row = this.#live(document)
    return new Map(row ? this.#authors.read(row) : [])
  }

  async close(): Promise<void> {
    this.#end()
  }

  #checkLog(): void {
    if (bytesOf(this.#logFile) > this.#logBytesMax) this.#end()
    if (this.#db.isOpen) return
    throw new StoreError(
      'io',
      'the server wrote so much meanwhile that reading was ended, to keep its write-ahead log small',
    )
  }

  #end(): void {
    if (!this.#db.isOpen) return
    // Prepared statements keep the connection until they are collected; its moment must not live on.
    if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
    this.#db.close()
  }

  #live(document: DocumentName): DocumentRow | undefined {
    this.#checkLog()
    const row = this.#documents.find(document)
    return row?.deletedMs === null ? row : undefined
  }
}

const infoOf = ({ name, title, createdMs, changedMs }: DocumentRow): DocumentInfo => ({
  document: name,
  title,
  createdMs,
  changedMs,
})

/** Opens the store in `folder` for reading, on the thread that calls. Throws `bad-request` when there is none, `corrupt`, `newer` or `io`. `close` it. */
export function openSqliteSnapshot(
  folder: string,
  options: SqliteSnapshotOptions = {},
): BackupSource & { close(): Promise<void> } {
  const files = filesOf(folder)
  if (bytesOf(files.database) === 0) {
    throw new StoreError('bad-request', `there is no ${files.database}`)
  }
  return new SqliteSnapshot(files, options)
}

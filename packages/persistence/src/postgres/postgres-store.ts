/**
 * The PostgreSQL adapter: the contract over a database that several servers may share.
 *
 * 1. Every write is one statement, so one commit; nothing depends on the state of a connection, and a
 *    pooler between may hand each statement to another one.
 * 2. Reading a document is one statement, so one consistent state.
 */
import {
  type Clock,
  type Log,
  must,
  type Random,
  randomId,
  silentLog,
  systemClock,
  systemRandom,
} from '@quire/base'
import type { DocumentName } from '@quire/protocol'
import pg from 'pg'
import {
  checkBatch,
  checkCompaction,
  checkPageLimit,
  checkTitle,
  decodeCursor,
  encodeCursor,
} from '../check-request.ts'
import {
  type Append,
  type AppendResult,
  type DocumentInfo,
  type DocumentPage,
  type Snapshot,
  type StoredDocument,
  StoreError,
} from '../store.ts'
import { Appender } from './appender.ts'
import { storeErrorOf } from './postgres-error.ts'
import { snapshotChecksum } from './row-checksum.ts'
import { migrate } from './schema.ts'
import { Statement } from './statement.ts'
import { readStored, type StoredRow, storedText } from './stored-document.ts'
import type { SearchIndex } from '../search/search-index.ts'
import { wordsOf } from '../search/words.ts'
import type { Trash } from '../trash.ts'
import type { Store, VersionStore } from '../version-store.ts'
import { createText, postgresSearch, renameText } from './postgres-search.ts'
import { postgresTrash } from './postgres-trash.ts'
import { postgresVersions, type Query } from './postgres-versions.ts'
import { verifyDocuments } from './verify.ts'

export interface PostgresStoreOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string
  /** The schema that holds Quire's tables; made when it is not there. `quire` by default. */
  readonly schema?: string
  /** Connections of this process; 8 by default. One of them appends. */
  readonly connectionsMax?: number
  /** How long an append is tried again while the database cannot be reached, in ms; 10,000 by default. */
  readonly retryMs?: number
  /** Updates that wait for the database, in bytes; 64 MB by default. An append beyond them fails with `io` at once. */
  readonly waitingBytesMax?: number
  readonly clock?: Clock
  readonly random?: Random
  readonly log?: Log
}

const connectMs = 5_000
/** What a server takes in at full load in half a minute, and a small part of its memory. */
const waitingBytesMax = 64 * 1024 * 1024
/** A statement that runs longer hangs: the server is gone without a word, or waits for a lock that nobody lets go. */
const statementMs = 30_000
/** Processes that have not appended for so long do not repeat a batch any more. */
const writerMs = 7 * 24 * 3_600_000

interface InfoRow {
  readonly name: DocumentName
  readonly title: string
  readonly created_ms: string
  readonly changed_ms: string
  readonly changed_order: string
}

const infoColumns = 'name, title, created_ms, changed_ms, changed_order'

class PostgresStore implements Store {
  readonly versions: VersionStore
  readonly search: SearchIndex
  readonly trash: Trash
  readonly #pool: pg.Pool
  readonly #schema: string
  readonly #clock: Clock
  readonly #random: Random
  readonly #log: Log
  readonly #appender: Appender
  readonly #open: Statement
  #closing: Promise<void> | undefined = undefined

  constructor(options: PostgresStoreOptions, schema: string) {
    this.#schema = schema
    this.#clock = options.clock ?? systemClock
    this.#random = options.random ?? systemRandom
    this.#log = (options.log ?? silentLog).channel('postgres')
    this.#pool = new pg.Pool({
      connectionString: options.url,
      max: options.connectionsMax ?? 8,
      connectionTimeoutMillis: connectMs,
      query_timeout: statementMs,
      keepAlive: true,
      application_name: 'quire',
    })
    this.#appender = new Appender({
      pool: this.#pool,
      schema,
      retryMs: options.retryMs ?? 10_000,
      waitingBytesMax: options.waitingBytesMax ?? waitingBytesMax,
      clock: this.#clock,
      random: this.#random,
      log: this.#log,
    })
    this.#open = new Statement(storedText(schema), this.#log)
    const query: Query = (...call) => this.#query(...call)
    this.versions = postgresVersions(schema, query, this.#clock)
    this.search = postgresSearch(schema, query, this.#clock)
    this.trash = postgresTrash(schema, query)
    // A connection that breaks while nobody uses it: the pool opens another.
    this.#pool.on('error', (error) =>
      this.#log.warn('an idle connection broke', { reason: error.message }),
    )
  }

  async start(): Promise<void> {
    try {
      const client = await this.#pool.connect()
      try {
        await migrate(client, this.#schema)
        const { rows } = await client.query<{ fsync: string }>('SHOW fsync')
        if (rows[0]?.fsync !== 'on') {
          this.#log.warn(
            'the database does not sync to its disk (fsync = off): a power cut can lose what was saved',
          )
        }
        const old = this.#clock.wallMs() - writerMs
        await client.query(`DELETE FROM ${this.#schema}.writers WHERE seen_ms < $1`, [old])
      } finally {
        client.release()
      }
    } catch (error) {
      await this.#pool.end()
      throw storeErrorOf(error)
    }
  }

  async open(document: DocumentName): Promise<StoredDocument> {
    const { rows } = await this.#ask(() => this.#open.run<StoredRow>(this.#pool, [document]))
    return readStored(document, rows)
  }

  async append(batch: readonly Append[]): Promise<readonly AppendResult[]> {
    this.#checkOpen()
    checkBatch(batch)
    return batch.length === 0 ? [] : this.#appender.append(batch)
  }

  async compact(
    document: DocumentName,
    snapshot: Snapshot,
    replaces: number,
  ): Promise<'done' | 'stale'> {
    checkCompaction(snapshot, replaces)
    const { number, update, stateVector, deleteSet } = snapshot
    const { rows } = await this.#query<{ answer: 'done' | 'stale' | 'beyond' }>(
      `SELECT ${this.#schema}.compact($1, $2, $3, $4, $5, $6, $7) AS answer`,
      [
        document,
        number,
        replaces,
        Buffer.from(update),
        Buffer.from(stateVector),
        Buffer.from(deleteSet),
        snapshotChecksum(document, snapshot),
      ],
    )
    const { answer } = must(rows[0], 'a function answers one row')
    if (answer === 'beyond') {
      throw new StoreError('bad-request', `document ${document} has no row ${number}`)
    }
    return answer
  }

  async authors(document: DocumentName): Promise<ReadonlyMap<number, string>> {
    const { rows } = await this.#query<{ client: string; author: string }>(
      `SELECT a.client, a.author FROM ${this.#schema}.documents d
       JOIN ${this.#schema}.authors a ON a.document_id = d.id
       WHERE d.name = $1 AND d.deleted_ms IS NULL`,
      [document],
    )
    return new Map(rows.map(({ client, author }) => [Number(client), author]))
  }

  async create(document: DocumentName, title: string): Promise<'created' | 'exists'> {
    checkTitle(title)
    const values = [document, title, this.#clock.wallMs(), randomId(this.#random), wordsOf(title)]
    const { rowCount } = await this.#query(createText(this.#schema), values)
    return rowCount === 1 ? 'created' : 'exists'
  }

  async describe(document: DocumentName): Promise<DocumentInfo | undefined> {
    const { rows } = await this.#query<InfoRow>(
      `SELECT ${infoColumns} FROM ${this.#schema}.documents WHERE name = $1 AND deleted_ms IS NULL`,
      [document],
    )
    return rows[0] && infoOf(rows[0])
  }

  async rename(document: DocumentName, title: string): Promise<'done' | 'missing'> {
    checkTitle(title)
    const values = [document, title, this.#clock.wallMs(), wordsOf(title)]
    const { rowCount } = await this.#query(renameText(this.#schema), values)
    return rowCount === 1 ? 'done' : 'missing'
  }

  async list(options: {
    readonly limit: number
    readonly after?: string | undefined
  }): Promise<DocumentPage> {
    const { limit, after } = options
    checkPageLimit(limit)
    const before = Math.min(decodeCursor(after), Number.MAX_SAFE_INTEGER)
    const { rows } = await this.#query<InfoRow>(
      `SELECT ${infoColumns} FROM ${this.#schema}.documents
       WHERE deleted_ms IS NULL AND changed_order < $1 ORDER BY changed_order DESC LIMIT $2`,
      [before, limit + 1],
    )
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    return {
      documents: page.map(infoOf),
      next: last && rows.length > limit ? encodeCursor(Number(last.changed_order)) : undefined,
    }
  }

  async delete(document: DocumentName): Promise<'done' | 'missing'> {
    const { rowCount } = await this.#query(
      `UPDATE ${this.#schema}.documents SET deleted_ms = $2 WHERE name = $1 AND deleted_ms IS NULL`,
      [document, this.#clock.wallMs()],
    )
    return rowCount === 1 ? 'done' : 'missing'
  }

  async verify(): Promise<{ readonly documents: number; readonly problems: readonly string[] }> {
    return verifyDocuments(this.#schema, (text, values) => this.#query(text, values))
  }

  close(): Promise<void> {
    this.#closing ??= this.#appender.idle().then(() => this.#pool.end())
    return this.#closing
  }

  #checkOpen(): void {
    if (this.#closing) throw new StoreError('closed', 'the store is closed')
  }

  #query<Row extends pg.QueryResultRow>(
    text: string,
    values: unknown[],
  ): Promise<pg.QueryResult<Row>> {
    return this.#ask(() => this.#pool.query<Row>(text, values))
  }

  async #ask<T>(question: () => Promise<T>): Promise<T> {
    this.#checkOpen()
    try {
      return await question()
    } catch (error) {
      throw storeErrorOf(error)
    }
  }
}

const infoOf = (row: InfoRow): DocumentInfo => ({
  document: row.name,
  title: row.title,
  createdMs: Number(row.created_ms),
  changedMs: Number(row.changed_ms),
})

/**
 * Opens the store in a database, and makes its tables when they are not there. Fails with `newer`,
 * `io`, `full`, or `bad-request` for a schema that is not a plain lower-case name.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const { schema = 'quire' } = options
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    throw new StoreError('bad-request', `${schema} is not a name for a schema`)
  }
  const store = new PostgresStore(options, schema)
  await store.start()
  return store
}

/**
 * The SQLite adapter as the event loop sees it: each call is one message to a thread that owns
 * `quire.db`, and one message back. Does no file access itself.
 *
 * 1. Calls reach the thread in the order in which they are made, so they take effect in that order.
 * 2. When the thread ends, every call under way fails with `io`, and the next call starts a new one,
 *    which opens and checks the file again.
 * 3. The thread keeps the process alive only while a call is under way.
 */
import type { Worker } from 'node:worker_threads'
import { type Clock, type Log, must, reasonOf, silentLog, systemClock } from '@quire/base'
import type { DocumentName } from '@quire/protocol'
import { checkBatch, checkCompaction, checkPageLimit, checkTitle } from '../check-request.ts'
import { buffersOf, pack, unpack } from '../packed-bytes.ts'
import {
  type Append,
  type AppendResult,
  type DocumentInfo,
  type DocumentPage,
  type Snapshot,
  type StoredDocument,
  StoreError,
} from '../store.ts'
import type { SearchIndex } from '../search/search-index.ts'
import type { Trash } from '../trash.ts'
import type { Store, VersionStore } from '../version-store.ts'
import { startWorker } from '../worker-start.ts'
import {
  type Answer,
  type Call,
  type CallKind,
  type Calls,
  endsThread,
  type OpenedDocument,
  type Request,
  type ThreadSettings,
} from './calls.ts'
import { packAppend, unpackResults } from './packed-append.ts'
import { searchOver, type SendSearchCall } from './search-calls.ts'
import { type SendTrashCall, trashOver } from './trash-calls.ts'
import { type SendVersionCall, versionsOver } from './version-calls.ts'

export interface SqliteStoreOptions {
  /** Where `quire.db` and its companions are; made if it is not there. On a local disk: network file systems do not lock. */
  readonly folder: string
  /** How long to wait for another process to let go of the folder, in ms. 5,000 by default: a server that is being replaced needs a moment to close. */
  readonly lockWaitMs?: number
  /** Gives the times of documents. */
  readonly clock?: Clock
  readonly log?: Log
}

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: StoreError) => void
}

/** What the thread allocates lives for one call. Unbounded, its young generation grows to 48 MB before anything is collected. */
const resourceLimits = { maxYoungGenerationSizeMb: 6 }
/** Documents that are checked in one call of `verify`; others get their turn in between. */
const verifyDocumentCount = 20

type StartThread = (settings: ThreadSettings) => Worker

class SqliteStore implements Store {
  readonly versions: VersionStore
  readonly search: SearchIndex
  readonly trash: Trash
  readonly #settings: ThreadSettings
  readonly #startThread: StartThread
  readonly #clock: Clock
  readonly #log: Log
  readonly #waiting = new Map<number, Waiting>()
  #lastId = 0
  #worker: Worker | undefined = undefined
  #closing: Promise<void> | undefined = undefined

  constructor(options: SqliteStoreOptions, startThread: StartThread) {
    this.#startThread = startThread
    this.#settings = { folder: options.folder, lockWaitMs: options.lockWaitMs ?? 5_000 }
    this.#clock = options.clock ?? systemClock
    this.#log = (options.log ?? silentLog).channel('sqlite')
    // The compiler does not follow a kind of call through two tables; what the kinds carry is one type.
    const send = (call: Call, transfer?: ArrayBuffer[]): Promise<unknown> =>
      this.#call(call, transfer)
    this.versions = versionsOver(send as SendVersionCall, this.#clock)
    this.search = searchOver(send as SendSearchCall, this.#clock)
    this.trash = trashOver(send as SendTrashCall)
  }

  async start(): Promise<void> {
    try {
      await this.#call({ kind: 'start' })
    } catch (error) {
      await this.close()
      throw error
    }
  }

  async open(document: DocumentName): Promise<StoredDocument> {
    return unpackDocument(await this.#call<'open'>({ kind: 'open', document }))
  }

  async append(batch: readonly Append[]): Promise<readonly AppendResult[]> {
    checkBatch(batch)
    const { entries, updates } = packAppend(batch)
    const call = { kind: 'append', entries, updates, nowMs: this.#clock.wallMs() } as const
    return unpackResults(await this.#call<'append'>(call, buffersOf(updates)))
  }

  async compact(
    document: DocumentName,
    snapshot: Snapshot,
    replaces: number,
  ): Promise<'done' | 'stale'> {
    checkCompaction(snapshot, replaces)
    const parts = pack([snapshot.update, snapshot.stateVector, snapshot.deleteSet])
    const { number } = snapshot
    return this.#call<'compact'>(
      { kind: 'compact', document, number, parts, replaces },
      buffersOf(parts),
    )
  }

  async authors(document: DocumentName): Promise<ReadonlyMap<number, string>> {
    return new Map(await this.#call<'authors'>({ kind: 'authors', document }))
  }

  async create(document: DocumentName, title: string): Promise<'created' | 'exists'> {
    checkTitle(title)
    const nowMs = this.#clock.wallMs()
    return this.#call<'create'>({ kind: 'create', document, title, nowMs })
  }

  async describe(document: DocumentName): Promise<DocumentInfo | undefined> {
    return this.#call<'describe'>({ kind: 'describe', document })
  }

  async rename(document: DocumentName, title: string): Promise<'done' | 'missing'> {
    checkTitle(title)
    const nowMs = this.#clock.wallMs()
    return this.#call<'rename'>({ kind: 'rename', document, title, nowMs })
  }

  async list(options: {
    readonly limit: number
    readonly after?: string | undefined
  }): Promise<DocumentPage> {
    checkPageLimit(options.limit)
    return this.#call<'list'>({ kind: 'list', limit: options.limit, after: options.after })
  }

  async delete(document: DocumentName): Promise<'done' | 'missing'> {
    return this.#call<'delete'>({ kind: 'delete', document, nowMs: this.#clock.wallMs() })
  }

  async verify(): Promise<{ readonly documents: number; readonly problems: readonly string[] }> {
    const problems = [...(await this.#call<'verifyFile'>({ kind: 'verifyFile' }))]
    let documents = 0
    for (let after = 0; ; ) {
      const step = await this.#call<'verifyDocuments'>({
        kind: 'verifyDocuments',
        after,
        count: verifyDocumentCount,
      })
      problems.push(...step.problems)
      documents += step.count
      if (step.count < verifyDocumentCount) return { documents, problems }
      after = step.last
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const worker = this.#worker
    if (worker === undefined) return
    // The thread ends by itself. Ending it from here, in the middle of a call into SQLite, would end the process.
    const ended = new Promise((resolve) => worker.once('exit', resolve))
    try {
      const reason = await this.#send({ kind: 'close' }, [])
      if (typeof reason === 'string') this.#log.warn('the write-ahead log stays', { reason })
    } finally {
      this.#worker = undefined
      await ended
    }
  }

  async #call<K extends CallKind>(
    call: Extract<Call, { kind: K }>,
    transfer: ArrayBuffer[] = [],
  ): Promise<Calls[K]['answer']> {
    if (this.#closing !== undefined) throw new StoreError('closed', 'the store is closed')
    return (await this.#send(call, transfer)) as Calls[K]['answer']
  }

  #send(call: Call, transfer: ArrayBuffer[]): Promise<unknown> {
    const worker = (this.#worker ??= this.#start())
    const request: Request = { id: ++this.#lastId, call }
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject })
      worker.ref()
      worker.postMessage(request, transfer)
    })
  }

  #start(): Worker {
    const worker = this.#startThread(this.#settings)
    worker.on('message', (answer: Answer) => this.#settle(worker, answer))
    worker.on('error', (error) => this.#lose(worker, reasonOf(error)))
    worker.on('exit', (code) => this.#lose(worker, `exit code ${code}`))
    return worker
  }

  #settle(worker: Worker, answer: Answer): void {
    if (this.#worker !== worker) return
    const waiting = must(this.#waiting.get(answer.id), 'an answer belongs to a call')
    this.#waiting.delete(answer.id)
    if (this.#waiting.size === 0 && this.#closing === undefined) worker.unref()
    if (answer.kind === 'done') waiting.resolve(answer.value)
    else waiting.reject(new StoreError(answer.code, answer.message))
    if (endsThread(answer)) this.#lose(worker, 'a call failed with `io`')
  }

  #lose(worker: Worker, reason: string): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    this.#log.error('the storage thread ended', { reason, calls: this.#waiting.size })
    const lost = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { reject } of lost) {
      reject(new StoreError('io', `the storage thread ended: ${reason}`))
    }
  }
}

function unpackDocument(opened: OpenedDocument): StoredDocument {
  const { snapshot, head, lineage, isDeleted, authors, authorOf } = opened
  const before = snapshot?.number ?? 0
  const tail = unpack(opened.bytes).map((update, at) => {
    const author = authors[authorOf[at] ?? 0] ?? ''
    return { number: before + 1 + at, update, author }
  })
  return { snapshot, tail, head, lineage, isDeleted }
}

/**
 * Opens the store in `folder`, or makes a new one in a folder that is empty or not there. Fails with
 * `corrupt`, `locked`, `newer`, `full` or `io`, and then has changed nothing.
 */
export function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  return openSqliteStoreOn(options, (workerData) =>
    startWorker('sqlite-worker', import.meta.url, { workerData, resourceLimits }),
  )
}

/** The same with a thread of the caller's; for tests of what happens when it fails. */
export async function openSqliteStoreOn(
  options: SqliteStoreOptions,
  startThread: StartThread,
): Promise<Store> {
  const store = new SqliteStore(options, startThread)
  await store.start()
  return store
}

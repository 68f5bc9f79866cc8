/**
 * The memory adapter: the contract without a disk, for tests, demos and the simulator. It keeps
 * nothing when the process ends, so it is never the store of a server that people use.
 *
 * 1. What is given and what is returned are copies: nobody else holds the bytes that it keeps. `slice`
 *    of a Buffer would be none.
 * 2. A `MemoryDisk` outlives its store. A new store on the same disk shuts the older one out, as a
 *    process that was killed is shut out of its files.
 */
import { type Clock, must, type Random, randomId, systemClock, systemRandom } from '@quire/base'
import type { DocumentName } from '@quire/protocol'
import {
  checkBatch,
  checkCompaction,
  checkPageLimit,
  checkTitle,
  decodeCursor,
  encodeCursor,
} from './check-request.ts'
import {
  type Append,
  type AppendResult,
  type DocumentInfo,
  type DocumentPage,
  type LogRow,
  type Snapshot,
  type StoredDocument,
  StoreError,
} from './store.ts'
import { type IndexedText, memorySearch } from './memory-search.ts'
import { memoryTrash } from './memory-trash.ts'
import { memoryVersions } from './memory-versions.ts'
import type { SearchIndex } from './search/search-index.ts'
import type { Trash } from './trash.ts'
import type { Store, Version, VersionStore } from './version-store.ts'

interface Row {
  title: string
  createdMs: number
  changedMs: number
  /** Place in the order of changes, so that equal or backward times cannot confuse the list. */
  changedOrder: number
  isDeleted: boolean
  /** 0 while it is not. */
  deletedMs: number
  lineage: string
  /** Client id → first author. */
  readonly authors: Map<number, string>
  head: number
  snapshot: Snapshot | undefined
  tail: LogRow[]
  /** In the order of their ids. */
  versions: Version[]
  indexed: IndexedText | undefined
}

/** What a memory store keeps, apart from the store, so that a test can "restart" on it. Opaque. */
export class MemoryDisk {
  readonly rows: Map<DocumentName, Row> = new Map()
  changes = 0
  /** The store that may use the disk. */
  holder: object | undefined = undefined
}

export interface MemoryStoreOptions {
  readonly clock?: Clock
  /** For lineages. */
  readonly random?: Random
  /** Default: an empty one of its own. */
  readonly disk?: MemoryDisk
}

const copyOf = (snapshot: Snapshot): Snapshot => ({
  number: snapshot.number,
  update: new Uint8Array(snapshot.update),
  stateVector: new Uint8Array(snapshot.stateVector),
  deleteSet: new Uint8Array(snapshot.deleteSet),
})

class MemoryStore implements Store {
  readonly versions: VersionStore
  readonly search: SearchIndex
  readonly trash: Trash
  readonly #disk: MemoryDisk
  readonly #clock: Clock
  readonly #random: Random

  constructor(options: MemoryStoreOptions) {
    this.#disk = options.disk ?? new MemoryDisk()
    this.#clock = options.clock ?? systemClock
    this.#random = options.random ?? systemRandom
    this.#disk.holder = this
    this.versions = memoryVersions({
      of: (document) => {
        const row = this.#rows().get(document)
        return row?.isDeleted === false ? row : undefined
      },
      nextId: () => ++this.#disk.changes,
      clock: this.#clock,
    })
    this.trash = memoryTrash(() => this.#rows())
    this.search = memorySearch({
      all: () => [...this.#rows()].filter(([, { isDeleted }]) => !isDeleted),
      clock: this.#clock,
    })
  }

  async open(document: DocumentName): Promise<StoredDocument> {
    const row = this.#rows().get(document)
    if (row === undefined || row.isDeleted) {
      const isDeleted = row !== undefined
      return { snapshot: undefined, tail: [], head: 0, lineage: undefined, isDeleted }
    }
    return {
      snapshot: row.snapshot && copyOf(row.snapshot),
      tail: row.tail.map((each) => ({ ...each, update: new Uint8Array(each.update) })),
      head: row.head,
      lineage: row.lineage,
      isDeleted: false,
    }
  }

  async append(batch: readonly Append[]): Promise<readonly AppendResult[]> {
    const rows = this.#rows()
    checkBatch(batch)
    return batch.map(
      ({ document, updates, author = '', newClients = [], lineage }): AppendResult => {
        const row = rows.get(document) ?? this.#make(document, '', lineage)
        if (row.isDeleted) return { kind: 'deleted' }
        for (const update of updates) {
          row.head += 1
          row.tail.push({ number: row.head, update: new Uint8Array(update), author })
        }
        for (const client of newClients) {
          if (author !== '' && !row.authors.has(client)) row.authors.set(client, author)
        }
        this.#touch(row)
        return { kind: 'stored', head: row.head, lineage: row.lineage }
      },
    )
  }

  async authors(document: DocumentName): Promise<ReadonlyMap<number, string>> {
    const row = this.#rows().get(document)
    return new Map(row?.isDeleted === false ? row.authors : [])
  }

  async compact(
    document: DocumentName,
    snapshot: Snapshot,
    replaces: number,
  ): Promise<'done' | 'stale'> {
    const rows = this.#rows()
    checkCompaction(snapshot, replaces)
    const row = rows.get(document)
    if (row === undefined || row.isDeleted) return 'stale'
    if ((row.snapshot?.number ?? 0) !== replaces) return 'stale'
    if (snapshot.number > row.head) {
      throw new StoreError('bad-request', `document ${document} has no row ${snapshot.number}`)
    }
    row.snapshot = copyOf(snapshot)
    row.tail = row.tail.filter(({ number }) => number > snapshot.number)
    return 'done'
  }

  async create(document: DocumentName, title: string): Promise<'created' | 'exists'> {
    const rows = this.#rows()
    checkTitle(title)
    if (rows.has(document)) return 'exists'
    this.#make(document, title)
    return 'created'
  }

  async describe(document: DocumentName): Promise<DocumentInfo | undefined> {
    const row = this.#rows().get(document)
    return row === undefined || row.isDeleted ? undefined : infoOf(document, row)
  }

  async rename(document: DocumentName, title: string): Promise<'done' | 'missing'> {
    const row = this.#rows().get(document)
    checkTitle(title)
    if (row === undefined || row.isDeleted) return 'missing'
    row.title = title
    this.#touch(row)
    return 'done'
  }

  async list(options: {
    readonly limit: number
    readonly after?: string | undefined
  }): Promise<DocumentPage> {
    const rows = this.#rows()
    checkPageLimit(options.limit)
    const after = decodeCursor(options.after)
    const found = [...rows]
      .filter(([, row]) => !row.isDeleted && row.changedOrder < after)
      .sort(([, a], [, b]) => b.changedOrder - a.changedOrder)
    const page = found.slice(0, options.limit)
    const last = page.at(-1)
    return {
      documents: page.map(([document, row]) => infoOf(document, row)),
      next: last && found.length > page.length ? encodeCursor(last[1].changedOrder) : undefined,
    }
  }

  async delete(document: DocumentName): Promise<'done' | 'missing'> {
    const row = this.#rows().get(document)
    if (row === undefined || row.isDeleted) return 'missing'
    row.isDeleted = true
    row.deletedMs = this.#clock.wallMs()
    return 'done'
  }

  async verify(): Promise<{ readonly documents: number; readonly problems: readonly string[] }> {
    const problems: string[] = []
    for (const [document, row] of this.#rows()) {
      const first = (row.snapshot?.number ?? 0) + 1
      const isWhole = row.tail.every(({ number }, at) => number === first + at)
      if (!isWhole || first + row.tail.length - 1 !== row.head) {
        problems.push(`document ${document}: its rows do not lead from its snapshot to its head`)
      }
    }
    return { documents: this.#disk.rows.size, problems }
  }

  async close(): Promise<void> {
    if (this.#disk.holder === this) this.#disk.holder = undefined
  }

  #rows(): Map<DocumentName, Row> {
    if (this.#disk.holder !== this) throw new StoreError('closed', 'the store is closed')
    return this.#disk.rows
  }

  #make(document: DocumentName, title: string, lineage = randomId(this.#random)): Row {
    const nowMs = this.#clock.wallMs()
    this.#disk.rows.set(document, {
      title,
      createdMs: nowMs,
      changedMs: nowMs,
      changedOrder: ++this.#disk.changes,
      isDeleted: false,
      deletedMs: 0,
      lineage,
      authors: new Map(),
      head: 0,
      snapshot: undefined,
      tail: [],
      versions: [],
      indexed: undefined,
    })
    return must(this.#disk.rows.get(document), 'the row was just made')
  }

  #touch(row: Row): void {
    row.changedMs = Math.max(row.changedMs, this.#clock.wallMs())
    row.changedOrder = ++this.#disk.changes
  }
}

const infoOf = (document: DocumentName, row: Row): DocumentInfo => ({
  document,
  title: row.title,
  createdMs: row.createdMs,
  changedMs: row.changedMs,
})

/** A store in memory. Ready at once. */
export function createMemoryStore(options: MemoryStoreOptions = {}): Store {
  return new MemoryStore(options)
}

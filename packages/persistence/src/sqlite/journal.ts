/**
 * The journal: what was appended lately, in one row for each commit, however many documents it is of.
 * Now and then all of it is folded: put into the logs of its documents, each of which is so written once
 * for many commits. A commit of sixty documents writes a page or two instead of a hundred.
 *
 * 1. What is confirmed stands in the journal or in the log: folding is one transaction.
 * 2. The checksum of a row covers its bytes and its place.
 * 3. What is not folded is kept in memory too, in the order of the commits, so that reading a document
 *    writes nothing. How much that is is bounded by whoever folds when `isDue` says so.
 */
import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import { must } from '@quire/base'
import type { DocumentName } from '@quire/protocol'
import { type LogRow, StoreError } from '../store.ts'
import { checksum } from './checksum.ts'
import { type DocumentRow, rowAfterAppend } from './document-row.ts'

/** Updates of one document by one author, in one commit. */
export interface JournalEntry {
  readonly documentId: number
  /** The number of the row before the first of `updates`. */
  readonly head: number
  readonly author: string
  readonly updates: readonly Uint8Array[]
}

/** One row of the table. */
export interface JournalCommit {
  /** Its place among all writes of the store. The places right before it are those of its entries. */
  readonly order: number
  readonly nowMs: number
  readonly entries: readonly JournalEntry[]
}

/** A document with rows that are not folded. */
export interface Pending {
  /** As it stands in the table when they are. */
  readonly document: DocumentRow
  readonly rows: readonly LogRow[]
}

/** More, and those who wait for the commit that folds them notice: 4,096 rows take about 25 ms. */
const updatesMax = 4_096
/** Some seconds of a busy server. Fewer, and documents are written again for a row or two. */
const commitsMax = 128
/** What is held in memory, and read at a start after a crash. */
const bytesMax = 1024 * 1024
/** A commit of more bytes goes into the logs at once: to be written twice would cost more than the pages it saves. */
export const journalCommitBytesMax: number = 64 * 1024

export class Journal {
  readonly #insert
  readonly #clear
  readonly #pending = new Map<DocumentName, { document: DocumentRow; readonly rows: LogRow[] }>()
  #commitCount = 0
  #updateCount = 0
  #bytes = 0

  /** Reads what there is; `find` gives the row of a document as it stands in the table. Throws `corrupt`. */
  constructor(db: DatabaseSyncInstance, find: (documentId: number) => DocumentRow | undefined) {
    this.#insert = db.prepare('INSERT INTO journal VALUES (?, ?, ?)')
    this.#clear = db.prepare('DELETE FROM journal')
    const documents = new Map<number, DocumentRow>()
    for (const commit of readJournal(db)) {
      const changed = commit.entries.map(({ documentId, head }, at) => {
        const document = documents.get(documentId) ?? find(documentId)
        if (document?.head !== head) throw corrupt(commit.order)
        const after = documentAfter(document, commit, at)
        documents.set(documentId, after)
        return after
      })
      this.add(commit, changed)
    }
  }

  get pending(): ReadonlyMap<DocumentName, Pending> {
    return this.#pending
  }

  get isDue(): boolean {
    return (
      this.#commitCount >= commitsMax || this.#updateCount >= updatesMax || this.#bytes >= bytesMax
    )
  }

  /** Writes a row, in the caller's transaction; {@link add} says that it is committed. */
  write(commit: JournalCommit): void {
    const bytes = encode(commit)
    this.#insert.run(commit.order, bytes, checksum(bytes, commit.order >>> 0))
  }

  /** The row is there. `documents` are those of its entries, as the commit leaves them. The bytes become the journal's own. */
  add({ entries }: JournalCommit, documents: readonly DocumentRow[]): void {
    this.#commitCount += 1
    for (const [at, { head, author, updates }] of entries.entries()) {
      const document = must(documents[at], 'each entry has its document')
      let pending = this.#pending.get(document.name)
      if (pending) pending.document = document
      else this.#pending.set(document.name, (pending = { document, rows: [] }))
      let number = head
      for (const update of updates) {
        number += 1
        pending.rows.push({ number, update, author })
        this.#bytes += update.length
      }
      this.#updateCount += updates.length
    }
  }

  /** Removes every row, in the transaction that folds; {@link folded} says that it is committed. */
  clear(): void {
    this.#clear.run()
  }

  folded(): void {
    this.#pending.clear()
    this.#commitCount = 0
    this.#updateCount = 0
    this.#bytes = 0
  }
}

/** The row of the document of entry `at` after the commit. */
export function documentAfter(
  document: DocumentRow,
  { order, nowMs, entries }: JournalCommit,
  at: number,
): DocumentRow {
  const { updates } = must(entries[at], 'an entry of the commit')
  const changedMs = Math.max(document.changedMs, nowMs)
  const changedOrder = order - entries.length + at
  return rowAfterAppend(document, document.head + updates.length, changedMs, changedOrder)
}

/** Every row, oldest first. Throws `corrupt`. */
export function readJournal(db: DatabaseSyncInstance): JournalCommit[] {
  return eachCommit(db).map((read) => read())
}

/** The same, each row to be read by itself: a damaged one throws and costs no other. */
export function eachCommit(db: DatabaseSyncInstance): (() => JournalCommit)[] {
  const select = db.prepare('SELECT number, bytes, checksum FROM journal ORDER BY number')
  const rows: { number: number; bytes: Uint8Array; checksum: number }[] = select.all()
  return rows.map(({ number, bytes, checksum: sum }) => () => {
    if (checksum(bytes, number >>> 0) !== sum) throw corrupt(number)
    return decode(number, bytes)
  })
}

const corrupt = (order: number): StoreError =>
  new StoreError(
    'corrupt',
    `quire.db is damaged: commit ${order} of its journal is not what was written`,
  )

/** As JSON in front of the bytes of all updates: when, and of each entry whose, from where, by whom, and how long. */
type Head = [
  nowMs: number,
  entries: [id: number, head: number, author: string, lengths: number[]][],
]

const headLengthBytes = 4

function encode({ nowMs, entries }: JournalCommit): Uint8Array {
  const head: Head = [
    nowMs,
    entries.map(({ documentId, head: before, author, updates }) => [
      documentId,
      before,
      author,
      updates.map(({ length }) => length),
    ]),
  ]
  const text = Buffer.from(JSON.stringify(head))
  const length = Buffer.alloc(headLengthBytes)
  length.writeUInt32LE(text.length)
  return Buffer.concat([length, text, ...entries.flatMap(({ updates }) => updates)])
}

function decode(order: number, bytes: Uint8Array): JournalCommit {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  let offset = headLengthBytes + all.readUInt32LE()
  const [nowMs, heads] = JSON.parse(all.toString('utf8', headLengthBytes, offset)) as Head
  const entries = heads.map(([documentId, head, author, lengths]) => {
    const updates = lengths.map((length) => {
      offset += length
      return bytes.subarray(offset - length, offset)
    })
    return { documentId, head, author, updates }
  })
  return { order, nowMs, entries }
}

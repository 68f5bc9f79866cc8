/**
 * The DocumentStore contract. A document is a numbered log of updates; a snapshot is a compacted
 * prefix of it. `contract.ts` is the suite that every adapter passes.
 *
 * 1. Numbers of one document start at 1 and have no gaps; they are given in commit order.
 * 2. `append` resolves only when every row of the batch is on stable storage. All rows of a batch are
 *    stored, or none.
 * 3. `open` returns the snapshot and exactly the rows after it: never a state that skips a row.
 * 4. Bytes come back as they were given, or the call fails with `corrupt`. Never a different document.
 * 5. Compaction replaces a prefix by its equal and loses nothing: it is a compare-and-set on the
 *    number of the snapshot that it replaces.
 * 6. A store never starts empty over data it cannot read: opening fails with `corrupt` or `locked`.
 *
 * Byte arrays given to a store are copied or transferred before the call returns its promise to the
 * event loop's next turn; the caller must not change them until the promise settles.
 */
import type { DocumentName } from '@quire/protocol'

/** The compacted prefix of a document's log. */
export interface Snapshot {
  /** The number of the last log row that is inside. 0: there is no snapshot. */
  readonly number: number
  /** A Yjs update in V1 encoding: what a joining client is sent as it is. */
  readonly update: Uint8Array
  /** Yjs state vector of `update`, so that a cold open parses nothing. */
  readonly stateVector: Uint8Array
  /**
   * Yjs delete set of `update`: the bytes that `Y.encodeSnapshot` writes before the state vector, which
   * are also the last bytes of `update`. `decodeDeleteSet` reads them. Lets the server see that a
   * reconnecting client brings nothing new.
   */
  readonly deleteSet: Uint8Array
}

export interface NumberedUpdate {
  readonly number: number
  readonly update: Uint8Array
}

export interface LogRow extends NumberedUpdate {
  /** The id of the user whose session brought the row; empty when nobody is known. */
  readonly author: string
}

/** What is stored of one document. `snapshot` is undefined until the first compaction. */
export interface StoredDocument {
  readonly snapshot: Snapshot | undefined
  /** Rows after the snapshot, in order of their numbers. Their arrays may be views on one buffer: copy what is kept alone, transfer none. */
  readonly tail: readonly LogRow[]
  /** The number of the last row, inside the snapshot or after it; 0 for a document without rows. */
  readonly head: number
  /** Given when the document was made and never changed; undefined for a document that does not exist. */
  readonly lineage: string | undefined
  /** The name belongs to a deleted document: no snapshot, no rows, head 0, no lineage, and `append` answers `deleted`. */
  readonly isDeleted: boolean
}

/** Updates of one document that are to be appended in this order, one row each. At least one; a document may stand in a batch more than once. */
export interface Append {
  readonly document: DocumentName
  readonly updates: readonly Uint8Array[]
  /** Who brought all of `updates`: a user id, well-formed text of at most `authorCharsMax` characters. Empty by default. */
  readonly author?: string | undefined
  /** Yjs client ids that `updates` bring into the document for the first time; `author` is kept as their first author, unless they have one. */
  readonly newClients?: readonly number[] | undefined
  /** The lineage to give to a document that this append creates; by default a random one. No effect on a document that exists. */
  readonly lineage?: string | undefined
}

/** Head of the document after the append, or why nothing of this entry was stored. Other entries of the batch are not affected. */
export type AppendResult =
  | { readonly kind: 'stored'; readonly head: number; readonly lineage: string }
  | { readonly kind: 'deleted' }

export interface DocumentInfo {
  readonly document: DocumentName
  /** Empty until somebody gives one. Well-formed text of at most `titleCharsMax` Unicode code points. */
  readonly title: string
  readonly createdMs: number
  /** Time of the last stored edit or rename, by the clock of the store; never moves back. */
  readonly changedMs: number
}

/**
 * One page of the list, newest change first. `next` is undefined on the last page. In a walk over all
 * pages a document that does not change meanwhile stands exactly once, and any other at most once.
 */
export interface DocumentPage {
  readonly documents: readonly DocumentInfo[]
  readonly next: string | undefined
}

export interface DocumentStore {
  /** Snapshot and tail of a document in one consistent read. A document that does not exist is not an error: head 0, no lineage. */
  open(document: DocumentName): Promise<StoredDocument>

  /** Appends a batch, one durable commit for all documents in it; creates documents that do not exist. Results are in the order of `batch`. */
  append(batch: readonly Append[]): Promise<readonly AppendResult[]>

  /**
   * Puts `snapshot` in the place of the rows up to `snapshot.number`, if the stored snapshot is still
   * the one with number `replaces` (0: none). Otherwise, also when the document is missing or deleted,
   * nothing changes and the answer is `stale`. A snapshot that is not after `replaces`, or is beyond
   * the head, fails with `bad-request`.
   */
  compact(document: DocumentName, snapshot: Snapshot, replaces: number): Promise<'done' | 'stale'>

  /**
   * Yjs client id → the first author that was noted for it. Compaction does not touch it, so it says who
   * wrote what in a document whose rows are gone: every character carries its client id. Empty for a
   * document that does not exist or is deleted.
   */
  authors(document: DocumentName): Promise<ReadonlyMap<number, string>>

  /** Makes a document with a title, which may be empty; a title over the limit fails with `bad-request`, here and in `rename`. `exists`: the name is taken, also by a deleted document; nothing changes. */
  create(document: DocumentName, title: string): Promise<'created' | 'exists'>
  describe(document: DocumentName): Promise<DocumentInfo | undefined>
  rename(document: DocumentName, title: string): Promise<'done' | 'missing'>
  /** Documents that are not deleted. `limit` is 1 to `pageDocumentsMax`. `after` is the `next` of the page before; a cursor the store did not give fails with `bad-request`. */
  list(options: {
    readonly limit: number
    readonly after?: string | undefined
  }): Promise<DocumentPage>
  /** Hides the document: it is not listed, not opened, not appended to, and its name stays taken. Its rows are kept. */
  delete(document: DocumentName): Promise<'done' | 'missing'>

  /** Reads everything there is and checks it. Problems are sentences that name the document. */
  verify(): Promise<{ readonly documents: number; readonly problems: readonly string[] }>

  /** Waits for what is under way, then releases files and threads. Idempotent. Later calls fail with `closed`. */
  close(): Promise<void>
}

export type StoreErrorCode =
  /** Bytes on disk are not what was written. Never retried; a person must look. */
  | 'corrupt'
  /** Another process holds the store. */
  | 'locked'
  /** No space left; nothing of the batch was stored. */
  | 'full'
  /**
   * Any other failure of the disk, the database or its thread. Nothing was confirmed, and whether it
   * was stored is not known. Appending the same updates again is safe: a Yjs update that stands in the
   * log twice counts once.
   */
  | 'io'
  /** The files are of a newer Quire than this one. */
  | 'newer'
  /** The call breaks its own rules (title, limit, cursor, numbers, author, lineage). Nothing was changed. */
  | 'bad-request'
  /** The store was closed before the call. */
  | 'closed'

/** What a store throws. `retry` says whether the same call can succeed later without a person doing something. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode
  readonly retry: 'later' | 'never'

  constructor(code: StoreErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
    this.retry = code === 'full' || code === 'io' || code === 'locked' ? 'later' : 'never'
  }
}

/**
 * Offline copy. The document in this browser's IndexedDB, so that it opens without a server and
 * edits survive a closed page. Over y-indexeddb: its format, its loading, its trimming. The writing
 * is ours, because y-indexeddb does not say when, or whether, a write was committed, and throws into
 * the edit when the database is gone.
 *
 * 1. `keeps(n)` is true only when the transactions with every edit up to n have completed.
 * 2. Updates are written in the order in which they happened, one transaction at a time; what comes
 *    meanwhile is merged into the next. An edit is written at the page's pace, which is after the frame
 *    that shows it; what the server sent may wait for `lazyMs`, because the server has it.
 * 3. A failure never reaches the document: the state says `failed`, edits stay queued in memory, and
 *    the write is tried again with a later edit.
 * 4. Nobody waits for the copy longer than `loadMsMax`.
 * 5. Beside the content stand the lineage of the document and the client ids of edits that no server has
 *    acknowledged. A copy of another document of the same name is not loaded, not written to and not
 *    deleted.
 */
import { type Clock, type Log, reasonOf, type Timer } from '@quire/base'
import { clearDocument, IndexeddbPersistence, PREFERRED_TRIM_SIZE, storeState } from 'y-indexeddb'
import * as Y from 'yjs'
import { type CopyFacts, probeCopy, putFact } from './copy-database.ts'
import type { KeepFact } from './document-facts.ts'
import type { Pace } from './pace.ts'

export type CopyState =
  /** There is none: not asked for, or forgotten. */
  | { readonly kind: 'none' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'ready' }
  /** The browser refuses: private mode, no space, blocked. The document works on without a copy. */
  | { readonly kind: 'failed'; readonly reason: string }

export interface OfflineCopy {
  readonly state: CopyState
  /** Resolves when the stored content is in the document, or when it is clear that it will not come. Never rejects. */
  readonly settled: Promise<void>
  /** Whether updates of this origin come out of the copy. */
  isOrigin(origin: unknown): boolean
  /** Something happened to the document; `edits` is the number of the last edit by now. The array is kept until it is written. */
  note(update: Uint8Array, edits: number): void
  /** The copy itself brought content, which was numbered as edit `edits`; it needs no writing. */
  loaded(edits: number): void
  keeps(edits: number): boolean
  /** Keeps one of the facts beside the content. */
  keepFact: KeepFact
  /** Writes what is queued, unless the copy failed, and lets go of the database. Idempotent. */
  close(): Promise<void>
}

/** A database that answers later than this is left behind: some browsers never answer at all. */
export const loadMsMax = 5_000
/** After a failed write, the next is not tried earlier. */
export const retryMs = 10_000
/** Changes of others are written this much later at most: each write makes the disk work, and many may be typing. */
const lazyMs = 1_000
/** From this size on an update is a row of its own: merging it costs more than writing it, tens of milliseconds for a whole document. */
const rowBytesLarge = 64 * 1024
/** Queued updates above this are merged into one, so that a failing copy costs no more than the edits. */
const queueMax = 256

/** The name of the database that holds the copy of one document of one server. */
export function offlineCopyName(url: string, document: string): string {
  return `quire:${url.replace(/\/+$/, '')}/${document}`
}

/** Deletes a copy from this device, whether or not one is there. Rejects when the browser refuses. */
export async function forgetOfflineCopy(name: string): Promise<void> {
  if (typeof indexedDB === 'undefined') return
  await clearDocument(name)
}

export interface OfflineCopyOptions {
  readonly name: string
  readonly doc: Y.Doc
  readonly clock: Clock
  /** When to write an edit; at once without one. */
  readonly pace: Pace | undefined
  readonly log: Log
  /** Asked before the content is loaded, with what stands beside it; false leaves the copy alone. */
  readonly mayLoad: (stored: CopyFacts) => boolean
  /** Called after `state` or an answer of `keeps` may have changed. */
  readonly changed: () => void
}

export function openOfflineCopy(options: OfflineCopyOptions): OfflineCopy {
  const { name, doc, clock, log, changed, mayLoad } = options
  const pace: Pace = options.pace ?? ((task) => task())
  let state: CopyState = { kind: 'opening' }
  let persistence: IndexeddbPersistence | undefined
  let queue: Uint8Array[] = []
  let editsQueued = 0
  let editsWritten = 0
  /** At the front of the queue, in a running transaction. */
  let rowsWriting = 0
  let isTrimming = false
  let isClosing = false
  let isClosed = false
  let lazy: Timer | undefined
  let retryAtMs = 0
  /** What is to stand beside the content, while it does not yet. */
  const facts: { -readonly [K in keyof CopyFacts]?: CopyFacts[K] } = {}
  let drained: (() => void) | undefined
  let closing: Promise<void> | undefined
  let releaseWait = (): void => undefined

  function enter(next: CopyState): void {
    if (state.kind === 'failed' && next.kind === 'failed' && state.reason === next.reason) return
    state = next
    if (next.kind === 'failed') log.warn('offline copy failed', { reason: next.reason })
    changed()
  }

  function fail(error: unknown): void {
    if (isClosed) return
    retryAtMs = clock.nowMs() + retryMs
    enter({ kind: 'failed', reason: reasonOf(error) })
    drained?.()
  }

  function write(): void {
    const db = persistence?.synced ? persistence.db : null
    if (!db || rowsWriting > 0) return
    lazy?.cancel()
    lazy = undefined
    if (queue.length === 0) return drained?.()
    if (state.kind === 'failed' && clock.nowMs() < retryAtMs) return
    const rows = rowsOf(queue)
    const edits = editsQueued
    queue = rows
    try {
      // Strict: "kept on this device" has to hold when the battery dies, not only when the tab does.
      const transaction = db.transaction(['updates'], 'readwrite', { durability: 'strict' })
      const store = transaction.objectStore('updates')
      for (const row of rows) store.add(row)
      rowsWriting = rows.length
      transaction.oncomplete = () => {
        queue = queue.slice(rowsWriting)
        rowsWriting = 0
        editsWritten = queue.length === 0 ? editsQueued : edits
        if (state.kind !== 'ready') enter({ kind: 'ready' })
        trim(rows.length)
        changed()
        if (isClosing || queue.length === 0 || editsWritten < editsQueued) write()
        else writeLater()
      }
      transaction.onabort = () => {
        rowsWriting = 0
        fail(transaction.error ?? new Error('the browser aborted the write'))
      }
    } catch (error) {
      fail(error)
    }
  }

  function writeLater(): void {
    lazy ??= clock.after(lazyMs, write)
  }

  function trim(rowCount: number): void {
    if (!persistence || isTrimming || isClosed) return
    persistence._dbsize += rowCount
    if (persistence._dbsize < PREFERRED_TRIM_SIZE) return
    isTrimming = true
    storeState(persistence, false)
      .catch(fail)
      .finally(() => {
        isTrimming = false
      })
  }

  async function load(): Promise<void> {
    const stored = await probeCopy(name)
    if (isClosed) return
    if (!mayLoad(stored)) throw new Error('the copy is of another document of this name')
    const opened = new IndexeddbPersistence(name, doc)
    persistence = opened
    doc.off('update', opened._storeUpdate)
    // Closing is ours too, so that what is queued is written first. y-indexeddb has bound the method.
    // oxlint-disable-next-line typescript/unbound-method, typescript/no-misused-promises
    doc.off('destroy', opened.destroy)
    await opened.whenSynced
    if (isClosed) return
    const gone = (): void => fail(new Error('the database was closed or deleted by the browser'))
    opened.db?.addEventListener('versionchange', gone)
    opened.db?.addEventListener('close', gone)
    enter({ kind: 'ready' })
    writeFacts()
    write()
  }

  function writeFacts(): void {
    const db = persistence?.synced ? persistence.db : null
    if (!db) return
    const { lineage, ids } = facts
    if (lineage !== undefined) putFact(db, 'lineage', lineage).catch(fail)
    if (ids !== undefined) putFact(db, 'ids', ids).catch(fail)
    delete facts.lineage
    delete facts.ids
  }

  const settled = new Promise<void>((resolve) => {
    const deadline = clock.after(loadMsMax, () => {
      fail(new Error('the database does not answer'))
      resolve()
    })
    load()
      .catch((error: unknown) => {
        if (!isClosed) fail(error)
      })
      .finally(() => {
        deadline.cancel()
        resolve()
      })
    releaseWait = () => {
      deadline.cancel()
      resolve()
    }
  })

  async function close(): Promise<void> {
    if (state.kind === 'opening' && queue.length > 0) await settled
    isClosing = true
    if (state.kind === 'ready' && queue.length > 0) {
      await new Promise<void>((resolve) => {
        drained = resolve
        write()
      })
    }
    isClosed = true
    lazy?.cancel()
    releaseWait()
    queue = []
    // Not awaited: it waits for the opening of a database, which may never come.
    persistence
      ?.destroy()
      .catch((error: unknown) =>
        log.warn('offline copy did not close', { reason: reasonOf(error) }),
      )
    state = { kind: 'none' }
  }

  return {
    get state() {
      return state
    },
    settled,
    isOrigin: (origin) => persistence !== undefined && origin === persistence,
    note(update, edits) {
      if (closing) return
      queue.push(update)
      const isEdit = edits > editsQueued
      editsQueued = edits
      if (queue.length > queueMax) {
        // What is in a running transaction leaves the queue with it.
        const running = queue.slice(0, rowsWriting)
        queue = [...running, ...rowsOf(queue.slice(rowsWriting))]
      }
      if (isEdit) pace(write)
      else writeLater()
    },
    loaded(edits) {
      editsQueued = edits
      if (queue.length === 0) editsWritten = edits
    },
    keepFact(name, value) {
      if (closing) return
      facts[name] = value
      writeFacts()
    },
    keeps: (edits) => state.kind === 'ready' && editsWritten >= edits,
    close() {
      closing ??= close()
      return closing
    },
  }
}

/** The updates as rows: small ones in a row merged. */
function rowsOf(updates: readonly Uint8Array[]): Uint8Array[] {
  const rows: Uint8Array[] = []
  let small: Uint8Array[] = []
  const close = (): void => {
    if (small.length > 0)
      rows.push(small.length === 1 ? (small[0] as Uint8Array) : Y.mergeUpdates(small))
    small = []
  }
  for (const update of updates) {
    if (update.byteLength < rowBytesLarge) small.push(update)
    else {
      close()
      rows.push(update)
    }
  }
  close()
  return rows
}

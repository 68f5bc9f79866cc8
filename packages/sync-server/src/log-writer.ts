/**
 * Log writer. Carries the updates of all rooms to the store: one commit for everything that came
 * while the last one was under way.
 *
 * 1. At most one `append` is outstanding. A document's updates are stored in the order they came.
 * 2. What is handed in is kept until it is stored, or its document is known to be deleted, or the
 *    store says that this document can never be written. A failing store is tried again for as long
 *    as it fails, at most `retryMsMax` apart.
 * 3. One document that cannot be written does not hold up the others: after a failure of that kind
 *    each document is tried alone.
 */
import { type Clock, type Log, reasonOf, type Timer } from '@quire/base'
import { type AppendResult, type DocumentStore, StoreError } from '@quire/persistence'
import type { DocumentName } from '@quire/protocol'

/** Whose updates are written: a room. Called outside of any call into the writer. */
export interface LogOwner {
  readonly document: DocumentName
  /** The oldest `count` updates that were handed in are durable; `head` is the number of the last. */
  stored(count: number, head: number): void
  /** Nothing more will be stored; what was not yet is dropped. */
  lost(why: 'deleted' | 'unwritable'): void
}

export interface StorageHealth {
  readonly state: 'ok' | 'failing'
  readonly lastError: string | undefined
}

export interface LogWriterOptions {
  readonly store: Pick<DocumentStore, 'append'>
  readonly clock: Clock
  readonly log: Log
  readonly onHealth: (state: 'ok' | 'failing') => void
}

/**
 * Commits start at least this far apart: a commit costs a wake-up of another thread and an fsync, however
 * little is in it. Far below what people notice in "Saving"; a first edit after a pause does not wait.
 */
const commitGapMs = 100
/**
 * What waits for its commit is usually joined by another edit after the gap, which then starts it in its
 * own turn of the event loop. A timer of its own, and so a wake-up of its own, comes only this much later.
 */
const commitGraceMs = 40
const retryMsMin = 100
/** Soon enough after a disk has space again, seldom enough for a database that is down. */
const retryMsMax = 5_000

export class LogWriter {
  readonly #options: LogWriterOptions
  #pending = new Map<LogOwner, Uint8Array[]>()
  #inFlight: ReadonlyMap<LogOwner, Uint8Array[]> = new Map()
  #timer: Timer | undefined = undefined
  #isWriting = false
  #retryMs = 0
  #lastStartMs = Number.NEGATIVE_INFINITY
  #isDraining = false
  #unsavedBytes = 0
  #unsavedCount = 0
  #lastError: string | undefined = undefined
  #waiters: { readonly isDone: () => boolean; readonly resolve: () => void }[] = []

  constructor(options: LogWriterOptions) {
    this.#options = options
  }

  get unsavedBytes(): number {
    return this.#unsavedBytes
  }

  get unsavedCount(): number {
    return this.#unsavedCount
  }

  get health(): StorageHealth {
    return { state: this.#retryMs === 0 ? 'ok' : 'failing', lastError: this.#lastError }
  }

  /** Takes an update; it must not be changed afterwards. */
  append(owner: LogOwner, update: Uint8Array): void {
    const updates = this.#pending.get(owner)
    if (updates) updates.push(update)
    else this.#pending.set(owner, [update])
    this.#unsavedBytes += update.length
    this.#unsavedCount += 1
    if (this.#isWriting || (this.#timer && this.#retryMs > 0)) return
    if (this.#retryMs > 0) this.#schedule(this.#retryMs)
    else if (this.#pauseMs() <= 0) this.#schedule(0)
    else if (!this.#timer) this.#schedule(this.#pauseMs() + commitGraceMs)
  }

  /** Resolves when nothing of `document` waits any more; at once when nothing does. */
  whenWritten(document: DocumentName): Promise<void> {
    const has = (batch: ReadonlyMap<LogOwner, unknown>) =>
      [...batch.keys()].some((owner) => owner.document === document)
    return this.#when(() => !has(this.#pending) && !has(this.#inFlight))
  }

  /** Writes what waits without waiting for more, from now on. Resolves when nothing waits. */
  drain(): Promise<void> {
    this.#isDraining = true
    if (!this.#isWriting && this.#pending.size > 0) this.#schedule(0)
    return this.#when(() => this.#unsavedCount === 0)
  }

  /** Stops trying. What is under way may still be stored. */
  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#isWriting = true
  }

  /** How long the next commit waits for more to come. */
  #pauseMs(): number {
    if (this.#isDraining) return -commitGraceMs
    return this.#lastStartMs + commitGapMs - this.#options.clock.nowMs()
  }

  #when(isDone: () => boolean): Promise<void> {
    if (isDone()) return Promise.resolve()
    return new Promise((resolve) => this.#waiters.push({ isDone, resolve }))
  }

  #schedule(delayMs: number): void {
    this.#timer?.cancel()
    this.#timer = undefined
    if (delayMs <= 0) {
      // After the caller is through with the update, and before the event loop turns.
      void Promise.resolve().then(() => this.#write())
      return
    }
    this.#timer = this.#options.clock.after(delayMs, () => {
      this.#timer = undefined
      void this.#write()
    })
  }

  async #write(): Promise<void> {
    if (this.#isWriting || this.#pending.size === 0) return
    this.#isWriting = true
    this.#lastStartMs = this.#options.clock.nowMs()
    const batch = this.#pending
    this.#pending = new Map()
    this.#inFlight = batch
    const left = await this.#store(batch)
    // What is to be tried again goes before what came meanwhile.
    for (const [owner, updates] of this.#pending)
      left.set(owner, [...(left.get(owner) ?? []), ...updates])
    this.#pending = left
    this.#inFlight = new Map()
    this.#isWriting = false
    if (this.#pending.size > 0 && !this.#timer)
      this.#schedule(this.#retryMs > 0 ? this.#retryMs : this.#pauseMs() + commitGraceMs)
    const done = this.#waiters.filter(({ isDone }) => isDone())
    this.#waiters = this.#waiters.filter((waiter) => !done.includes(waiter))
    for (const { resolve } of done) resolve()
  }

  /** Stores what can be stored and returns what is to be tried again. */
  async #store(batch: ReadonlyMap<LogOwner, Uint8Array[]>): Promise<Map<LogOwner, Uint8Array[]>> {
    const outcome = await this.#append(batch)
    switch (outcome.kind) {
      case 'stored':
        this.#setHealth(undefined)
        for (const [i, [owner, updates]] of [...batch].entries()) {
          this.#finish(owner, updates, outcome.results[i])
        }
        return new Map()
      case 'later':
        this.#setHealth(outcome.why)
        return new Map(batch)
      case 'never': {
        if (batch.size > 1) {
          const left = new Map<LogOwner, Uint8Array[]>()
          for (const entry of batch) {
            for (const [owner, updates] of await this.#store(new Map([entry])))
              left.set(owner, updates)
          }
          return left
        }
        this.#lastError = outcome.why
        for (const [owner, updates] of batch) this.#drop(owner, updates, 'unwritable')
        return new Map()
      }
    }
  }

  async #append(
    batch: ReadonlyMap<LogOwner, readonly Uint8Array[]>,
  ): Promise<
    { kind: 'stored'; results: readonly AppendResult[] } | { kind: 'later' | 'never'; why: string }
  > {
    try {
      const results = await this.#options.store.append(
        [...batch].map(([{ document }, updates]) => ({ document, updates })),
      )
      return { kind: 'stored', results }
    } catch (error) {
      const isHopeless = error instanceof StoreError && error.retry === 'never'
      // A closed store is no verdict on a document.
      const kind = isHopeless && error.code !== 'closed' ? 'never' : 'later'
      return { kind, why: reasonOf(error) }
    }
  }

  #finish(owner: LogOwner, updates: readonly Uint8Array[], result: AppendResult | undefined): void {
    if (result?.kind !== 'stored') {
      this.#drop(owner, updates, result ? 'deleted' : 'unwritable')
      return
    }
    this.#forget(updates)
    this.#tell(owner, () => owner.stored(updates.length, result.head))
  }

  #drop(owner: LogOwner, updates: readonly Uint8Array[], why: 'deleted' | 'unwritable'): void {
    this.#options.log.error('updates were dropped', { document: owner.document, why })
    this.#forget(updates)
    this.#forget(this.#pending.get(owner) ?? [])
    this.#pending.delete(owner)
    this.#tell(owner, () => owner.lost(why))
  }

  #tell(owner: LogOwner, call: () => void): void {
    try {
      call()
    } catch (error) {
      this.#options.log.error('a room failed after a commit', {
        document: owner.document,
        reason: reasonOf(error),
      })
    }
  }

  #forget(updates: readonly Uint8Array[]): void {
    for (const update of updates) this.#unsavedBytes -= update.length
    this.#unsavedCount -= updates.length
  }

  #setHealth(why: string | undefined): void {
    const wasFailing = this.#retryMs > 0
    if (why === undefined) {
      this.#retryMs = 0
      if (wasFailing) {
        this.#options.log.info('the store works again')
        this.#options.onHealth('ok')
      }
      return
    }
    this.#lastError = why
    this.#retryMs = Math.min(Math.max(retryMsMin, this.#retryMs * 2), retryMsMax)
    this.#options.log.error('the store failed', { reason: why, retryMs: this.#retryMs })
    if (!wasFailing) this.#options.onHealth('failing')
  }
}

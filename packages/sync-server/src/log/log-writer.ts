/**
 * Log writer. Carries the updates of all rooms to the store: one commit for everything that came
 * while the last one was under way.
 *
 * 1. At most one `append` is outstanding. A document's updates are stored in the order they came.
 * 2. What is handed in is kept until it is stored, or its document is known to be deleted, or the
 *    store says that this document can never be written. A failing store is tried again for as long
 *    as it fails, at most `retryMsMax` apart.
 * 3. The first update after a pause is written at once; after it, the more people wait the sooner comes the
 *    next commit, until there are so many that telling them is the larger cost.
 * 4. One document that cannot be written does not hold up the others: after a failure of that kind
 *    each document is tried alone.
 */
import { type Clock, type Log, reasonOf, type Timer } from '@quire/base'
import { type AppendResult, type DocumentStore, StoreError } from '@quire/persistence'
import type { DocumentName } from '@quire/protocol'
import { commitDelayMs, crowdGapMs, isCrowd } from './commit-pace.ts'
import { LateAcks } from './late-acks.ts'
import { appendsOf, type Attribution, type Batch, type Run, WaitingUpdates } from './log-batch.ts'

/** Whose updates are written: a room. Called outside of any call into the writer. */
export interface LogOwner {
  readonly document: DocumentName
  /** The lineage that the document gets if the next append makes it; undefined when it is stored. */
  readonly lineage?: string | undefined
  /**
   * The oldest `count` updates that were handed in are durable; `head` is the number of the last. With
   * `isCrowded` so many are told at once that those who wait should be told with other frames.
   */
  stored(count: number, head: number, lineage: string, isCrowded: boolean): void
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

/** After a long outage a large backlog waits. What goes in one transaction is in memory once more meanwhile; smaller ones wait for the disk more often than they write. */
const commitBytesMax = 8 * 1024 * 1024
const retryMsMin = 100
/** A commit that takes longer than this counts as failing, though it is still waited for: people should know. A slow disk needs a tenth of it. */
const slowMs = 10_000
/** Soon enough after a disk has space again, seldom enough for a database that is down. */
const retryMsMax = 5_000

export class LogWriter {
  /** For rooms, to tell later what a commit made durable. */
  readonly lateAcks: LateAcks
  readonly #options: LogWriterOptions
  readonly #waiting = new WaitingUpdates<LogOwner>()
  #inFlight: ReadonlyMap<LogOwner, unknown> = new Map()
  #timer: Timer | undefined = undefined
  /** Of the append under way: says that it takes too long. */
  #slow: Timer | undefined = undefined
  /** When the timer runs. */
  #dueMs = Number.POSITIVE_INFINITY
  #isWriting = false
  #retryMs = 0
  #lastStartMs = Number.NEGATIVE_INFINITY
  /** Whether more people wait for the commit under way than are told each by itself. */
  #isCrowded = false
  #isDraining = false
  #isStopped = false
  #unsavedBytes = 0
  #unsavedCount = 0
  #lastError: string | undefined = undefined
  #waiters: { readonly isDone: () => boolean; readonly resolve: () => void }[] = []

  constructor(options: LogWriterOptions) {
    this.#options = options
    this.lateAcks = new LateAcks(options.clock)
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

  /** Takes an update; it must not be changed afterwards. `waiter` is whoever is told when it is stored, if anybody is. */
  append(owner: LogOwner, update: Uint8Array, by?: Attribution, waiter?: object): void {
    this.#waiting.add(owner, update, by, waiter)
    this.#unsavedBytes += update.length
    this.#unsavedCount += 1
    if (!this.#isWriting) this.#plan(true)
  }

  /** Resolves when nothing of `document` waits any more; at once when nothing does. */
  whenWritten(document: DocumentName): Promise<void> {
    const has = (owners: Iterable<LogOwner>) =>
      [...owners].some((owner) => owner.document === document)
    return this.#when(() => !has(this.#waiting.owners) && !has(this.#inFlight.keys()))
  }

  /** Writes what waits without waiting for more, from now on. Resolves when nothing waits. */
  drain(): Promise<void> {
    this.#isDraining = true
    if (!this.#isWriting && this.#waiting.count > 0) this.#schedule(0)
    return this.#when(() => this.#unsavedCount === 0)
  }

  /** Stops trying: begins no append any more, and no timer runs. What is under way may still be stored. */
  stop(): void {
    this.#isStopped = true
    this.#timer?.cancel()
    this.#timer = undefined
    this.#slow?.cancel()
    this.lateAcks.close()
  }

  /** Plans the next commit; `isAppending` in the turn in which an update came. */
  #plan(isAppending: boolean): void {
    if (this.#isStopped) return
    if (this.#retryMs > 0) {
      if (!this.#timer) this.#schedule(this.#retryMs)
      return
    }
    const sinceMs = this.#options.clock.nowMs() - this.#lastStartMs
    const delayMs = commitDelayMs(this.#waiting, sinceMs, isAppending)
    this.#schedule(this.#isDraining ? 0 : delayMs)
  }

  #when(isDone: () => boolean): Promise<void> {
    if (isDone()) return Promise.resolve()
    return new Promise((resolve) => this.#waiters.push({ isDone, resolve }))
  }

  /** Writes after `delayMs`, unless it is to be sooner anyway. */
  #schedule(delayMs: number): void {
    const dueMs = this.#options.clock.nowMs() + delayMs
    if (this.#timer && this.#dueMs <= dueMs) return
    this.#timer?.cancel()
    this.#timer = undefined
    if (delayMs <= 0) {
      // After the caller is through with the update, and before the event loop turns.
      void Promise.resolve().then(() => this.#write())
      return
    }
    this.#dueMs = dueMs
    this.#timer = this.#options.clock.after(delayMs, () => {
      this.#timer = undefined
      // More people came than the commit was planned for.
      const waitMs = crowdGapMs(this.#waiting) - (this.#options.clock.nowMs() - this.#lastStartMs)
      if (waitMs > 0 && this.#retryMs === 0 && !this.#isDraining) this.#schedule(waitMs)
      else void this.#write()
    })
  }

  async #write(): Promise<void> {
    if (this.#isWriting || this.#isStopped || this.#waiting.count === 0) return
    this.#isWriting = true
    const startMs = this.#options.clock.nowMs()
    this.#isCrowded = isCrowd(this.#waiting, startMs - this.#lastStartMs)
    this.#lastStartMs = startMs
    const batch = this.#waiting.take(commitBytesMax)
    this.#inFlight = batch
    const left = await this.#store(batch)
    if (left.size > 0) this.#waiting.putBack(left)
    this.#inFlight = new Map()
    this.#isWriting = false
    if (this.#waiting.count > 0 && !this.#timer) this.#plan(false)
    if (this.#waiters.length === 0) return
    const done = this.#waiters.filter(({ isDone }) => isDone())
    this.#waiters = this.#waiters.filter((waiter) => !done.includes(waiter))
    for (const { resolve } of done) resolve()
  }

  /** Stores what can be stored and returns what is to be tried again. */
  async #store(batch: Batch<LogOwner>): Promise<Batch<LogOwner>> {
    const outcome = await this.#append(batch)
    switch (outcome.kind) {
      case 'stored': {
        this.#setHealth(undefined)
        let at = 0
        for (const [owner, runs] of batch) {
          at += runs.length
          // Of the runs of one document all are stored or none is, and the last says its head.
          this.#finish(owner, runs, outcome.results[at - 1])
        }
        return new Map()
      }
      case 'later':
        this.#setHealth(outcome.why)
        return new Map(batch)
      case 'never': {
        if (batch.size > 1) {
          const left: Batch<LogOwner> = new Map()
          for (const entry of batch) {
            const alone: Batch<LogOwner> = new Map([entry])
            const again = this.#isStopped ? alone : await this.#store(alone)
            for (const [owner, runs] of again) left.set(owner, runs)
          }
          return left
        }
        this.#lastError = outcome.why
        for (const [owner, runs] of batch) this.#drop(owner, runs, 'unwritable')
        return new Map()
      }
    }
  }

  async #append(
    batch: Batch<LogOwner>,
  ): Promise<
    { kind: 'stored'; results: readonly AppendResult[] } | { kind: 'later' | 'never'; why: string }
  > {
    const appends = appendsOf(batch)
    const count = appends.length
    this.#slow = this.#options.clock.after(slowMs, () =>
      this.#setHealth('the store does not answer'),
    )
    try {
      const results = await this.#options.store.append(appends)
      // Whoever wrote the store: without an answer for each, nothing is known to be stored.
      if (results?.length !== count) throw new Error('the store gave no answer for each append')
      return { kind: 'stored', results }
    } catch (error) {
      const isHopeless = error instanceof StoreError && error.retry === 'never'
      // A closed store is no verdict on a document.
      const kind = isHopeless && error.code !== 'closed' ? 'never' : 'later'
      return { kind, why: reasonOf(error) }
    } finally {
      this.#slow.cancel()
    }
  }

  #finish(owner: LogOwner, runs: readonly Run[], result: AppendResult | undefined): void {
    if (result?.kind !== 'stored') {
      this.#drop(owner, runs, result ? 'deleted' : 'unwritable')
      return
    }
    const count = this.#forget(runs)
    this.#tell(owner, () => owner.stored(count, result.head, result.lineage, this.#isCrowded))
  }

  #drop(owner: LogOwner, runs: readonly Run[], why: 'deleted' | 'unwritable'): void {
    this.#options.log.error('updates were dropped', { document: owner.document, why })
    this.#forget(runs)
    this.#forget(this.#waiting.drop(owner))
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

  /** They do not wait any more. Returns how many updates it were. */
  #forget(runs: readonly Run[]): number {
    let count = 0
    for (const { updates } of runs) {
      for (const update of updates) this.#unsavedBytes -= update.length
      count += updates.length
    }
    this.#unsavedCount -= count
    return count
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

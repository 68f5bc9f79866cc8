/**
 * When and how a room has its log compacted. The work is done elsewhere; a failure costs a longer next
 * load and nothing else.
 *
 * 1. One compaction at a time. 2. Only durable rows. 3. The room's log changes only after the store
 * has the snapshot.
 * 4. One that takes longer than `compactMsMax` keeps the room no longer. Its answer still counts when it
 *    comes while the room is there, and no other is begun before it; after that it is dropped.
 */
import { reasonOf, type Timer } from '@quire/base'
import type { CompactionJob, Compactor } from '@quire/persistence'
import type { DocumentName } from '@quire/protocol'
import type { Ports } from '../ports.ts'
import type { RoomLog } from './room-log.ts'

export interface RoomCompactionOptions {
  readonly document: DocumentName
  readonly ports: Ports
  /** A compaction ended, one way or the other, or does not keep the room any more. */
  readonly onEnd: () => void
}

/** After this many failures in a row the document is compacted no more until it is loaded again. */
const failuresMax = 5
/** Grows with each failure: whatever is wrong is not cured by trying at once. */
const retryMs = 10_000

/** What a compaction needs of an open room. */
interface Compacted {
  readonly log: RoomLog
  /** The last row that was sent to everybody. */
  readonly sentHead: number
}

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly deadline: Timer }
  /** Its time is up, and it has not answered. */
  | { readonly kind: 'late' }
  /** The room is gone. */
  | { readonly kind: 'closed' }

export class RoomCompaction {
  readonly #options: RoomCompactionOptions
  #state: State = { kind: 'idle' }
  #failureCount = 0
  #notBeforeMs = 0

  constructor(options: RoomCompactionOptions) {
    this.#options = options
  }

  /** Whether the room is to stay for it. */
  get isRunning(): boolean {
    return this.#state.kind === 'running'
  }

  /** Starts a compaction when the policy says so. */
  look(open: Compacted): void {
    const { compactor, clock } = this.#options.ports
    if (!compactor || this.#state.kind !== 'idle' || this.#failureCount >= failuresMax) return
    if (clock.nowMs() < this.#notBeforeMs) return
    const job = open.log.compactionDue()
    if (job) void this.#compact(compactor, open, job)
  }

  /** The room is gone: what is still under way is not waited for, and changes nothing of its own. */
  close(): void {
    if (this.#state.kind === 'running') this.#state.deadline.cancel()
    this.#state = { kind: 'closed' }
  }

  async #compact(compactor: Compactor, open: Compacted, job: CompactionJob): Promise<void> {
    const { document, ports } = this.#options
    const { clock, counters, limits, store } = ports
    const deadline = clock.after(limits.compactMsMax, () => this.#late(open.log))
    this.#state = { kind: 'running', deadline }
    open.log.isCompacting = true
    try {
      const snapshot = await compactor.compact({ ...job, document })
      // Another room may have the document by now, and a log that does not know of this.
      if (this.#isClosed) return
      const answer = await store.compact(document, snapshot, job.snapshot?.number ?? 0)
      if (answer === 'stale') throw new Error('another snapshot is stored')
      counters.compactions += 1
      if (this.#isClosed) return
      open.log.compacted(snapshot, open.sentHead)
      this.#failureCount = 0
    } catch (error) {
      // One that was given up has failed already, and of a room that is gone nobody asks.
      if (this.isRunning) this.#failed(reasonOf(error))
    } finally {
      deadline.cancel()
      open.log.isCompacting = false
      this.#ended()
    }
  }

  get #isClosed(): boolean {
    return this.#state.kind === 'closed'
  }

  #late(log: RoomLog): void {
    this.#state = { kind: 'late' }
    log.isCompacting = false
    this.#failed('it takes too long')
    this.#options.onEnd()
  }

  #ended(): void {
    if (this.#isClosed) return
    this.#state = { kind: 'idle' }
    this.#options.onEnd()
  }

  #failed(reason: string): void {
    const { document, ports } = this.#options
    ports.counters.compactionFailures += 1
    this.#failureCount += 1
    this.#notBeforeMs = ports.clock.nowMs() + retryMs * this.#failureCount
    ports.log.warn('a document was not compacted', { document, reason })
  }
}

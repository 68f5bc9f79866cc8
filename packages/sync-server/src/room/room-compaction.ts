/**
 * When and how a room has its log compacted. The work is done elsewhere; a failure costs a longer next
 * load and nothing else.
 *
 * 1. One compaction at a time. 2. Only durable rows. 3. The room's log changes only after the store
 * has the snapshot.
 */
import { reasonOf } from '@quire/base'
import type { CompactionJob, Compactor } from '@quire/persistence'
import type { DocumentName } from '@quire/protocol'
import type { Ports } from '../ports.ts'
import type { RoomLog } from './room-log.ts'

export interface RoomCompactionOptions {
  readonly document: DocumentName
  readonly ports: Ports
  /** A compaction ended, one way or the other. */
  readonly onEnd: () => void
}

/** After this many failures in a row the document is compacted no more until it is loaded again. */
const failuresMax = 5
/** Grows with each failure: whatever is wrong is not cured by trying at once. */
const retryMs = 10_000

export class RoomCompaction {
  readonly #options: RoomCompactionOptions
  #isRunning = false
  #failureCount = 0
  #notBeforeMs = 0

  constructor(options: RoomCompactionOptions) {
    this.#options = options
  }

  get isRunning(): boolean {
    return this.#isRunning
  }

  /** Starts a compaction when the policy says so. */
  look(log: RoomLog): void {
    const { compactor, clock } = this.#options.ports
    if (!compactor || this.#isRunning || this.#failureCount >= failuresMax) return
    if (clock.nowMs() < this.#notBeforeMs) return
    const job = log.compactionDue()
    if (job) void this.#compact(compactor, log, job)
  }

  async #compact(compactor: Compactor, log: RoomLog, job: CompactionJob): Promise<void> {
    const { document, ports, onEnd } = this.#options
    this.#isRunning = true
    try {
      const snapshot = await compactor.compact(job)
      const answer = await ports.store.compact(document, snapshot, job.snapshot?.number ?? 0)
      if (answer === 'stale') throw new Error('another snapshot is stored')
      log.compacted(snapshot)
      ports.counters.compactions += 1
      this.#failureCount = 0
    } catch (error) {
      ports.counters.compactionFailures += 1
      this.#failureCount += 1
      this.#notBeforeMs = ports.clock.nowMs() + retryMs * this.#failureCount
      ports.log.warn('a document was not compacted', { document, reason: reasonOf(error) })
    } finally {
      this.#isRunning = false
      onEnd()
    }
  }
}

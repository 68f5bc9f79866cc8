/**
 * The compactor: one thread, started with the first job and again after it was lost. Is not a place to
 * decide when to compact; `compaction.ts` says when, the server asks.
 *
 * 1. A job ends within `jobMsMax` of its start, one way or the other: a document that never finishes
 *    costs its own job and a thread, and the jobs behind it go on in a new one.
 * 2. One job at a time; the others wait, in order.
 * 3. The thread keeps the process alive only while a job is under way.
 */
import type { Worker } from 'node:worker_threads'
import { type Clock, must, reasonOf, systemClock, type Timer } from '@quire/base'
import {
  CompactionError,
  type CompactionErrorCode,
  type CompactionJob,
  type Compactor,
} from './compaction.ts'
import { buffersOf, unpack } from './packed-bytes.ts'
import { type PackedJob, type PackedResult, packJob } from './packed-job.ts'
import type { Snapshot } from './store.ts'
import { startWorker } from './worker-start.ts'

export interface CompactorOptions {
  /**
   * Time for one job in ms, 30,000 by default: thirty times what 260,000 rows need, and short enough
   * that one poisoned document does not hold up the others for long.
   */
  readonly jobMsMax?: number
  /** Heap of the thread in MB, 1,024 by default. A job that needs more fails with `crashed`. */
  readonly heapMbMax?: number
  readonly clock?: Clock
}

interface Job {
  readonly packed: PackedJob
  readonly resolve: (snapshot: Snapshot) => void
  readonly reject: (error: CompactionError) => void
}

class WorkerCompactor implements Compactor {
  readonly #jobMsMax: number
  readonly #heapMbMax: number
  readonly #clock: Clock
  readonly #waiting: Job[] = []
  #running: { readonly job: Job; readonly timer: Timer } | undefined = undefined
  #worker: Worker | undefined = undefined
  #isClosed = false

  constructor(options: CompactorOptions) {
    this.#jobMsMax = options.jobMsMax ?? 30_000
    this.#heapMbMax = options.heapMbMax ?? 1_024
    this.#clock = options.clock ?? systemClock
  }

  async compact(job: CompactionJob): Promise<Snapshot> {
    if (this.#isClosed) throw new CompactionError('closed', 'the compactor is closed')
    const packed = packJob(job)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ packed, resolve, reject })
      this.#startNext()
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const error = new CompactionError('closed', 'the compactor was closed')
    for (const job of this.#waiting.splice(0)) job.reject(error)
    this.#take()?.reject(error)
    const worker = this.#worker
    this.#worker = undefined
    await worker?.terminate()
  }

  #startNext(): void {
    if (this.#running !== undefined) return
    const job = this.#waiting.shift()
    if (job === undefined) return
    const worker = (this.#worker ??= this.#start())
    const timer = this.#clock.after(this.#jobMsMax, () =>
      this.#lose(worker, 'too-slow', `the job took longer than ${this.#jobMsMax} ms`),
    )
    this.#running = { job, timer }
    worker.ref()
    worker.postMessage(job.packed, buffersOf(job.packed.updates))
  }

  #start(): Worker {
    const worker = startWorker('compaction-worker', import.meta.url, {
      resourceLimits: { maxOldGenerationSizeMb: this.#heapMbMax },
    })
    worker.on('message', (result: PackedResult) => this.#finish(worker, result))
    worker.on('error', (error) => this.#lose(worker, 'crashed', reasonOf(error)))
    worker.on('exit', () => this.#lose(worker, 'crashed', 'the thread ended'))
    return worker
  }

  #finish(worker: Worker, result: PackedResult): void {
    if (this.#worker !== worker) return // its time was up before the answer arrived
    worker.unref()
    const job = must(this.#take(), 'an answer belongs to a job')
    if (result.kind === 'done') {
      const [update, stateVector, deleteSet] = unpack(result.parts).map((part) => part.slice())
      job.resolve({
        number: result.number,
        update: must(update, 'a result has an update'),
        stateVector: must(stateVector, 'a result has a state vector'),
        deleteSet: must(deleteSet, 'a result has a delete set'),
      })
    } else {
      job.reject(new CompactionError(result.code, result.message))
    }
    this.#startNext()
  }

  #lose(worker: Worker, code: CompactionErrorCode, message: string): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    void worker.terminate()
    this.#take()?.reject(new CompactionError(code, message))
    this.#startNext()
  }

  #take(): Job | undefined {
    const running = this.#running
    this.#running = undefined
    running?.timer.cancel()
    return running?.job
  }
}

/** A compactor with a thread of its own, which starts with the first job. */
export function createCompactor(options: CompactorOptions = {}): Compactor {
  return new WorkerCompactor(options)
}

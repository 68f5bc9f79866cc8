/**
 * The document workers: some threads in which documents are decoded, so that the event loop never
 * does. Knows threads, time, memory and queues; what a job is, its entry module says (`serve-jobs.ts`).
 *
 * 1. A job ends within its time, one way or the other. One that is too slow or takes the thread's
 *    memory costs its thread and itself; the jobs behind it go on in a new one.
 * 2. A document that cost a thread is named (log, `quarantined()`) and that kind of job for it is
 *    refused for a while; see `quarantine.ts`.
 * 3. What waits is bounded in number and in bytes; beyond that a job is refused at once.
 * 4. Jobs begin in the order of the calls, those that somebody waits for before those in the
 *    background; where there is more than one thread, one is never taken by the background.
 * 5. A thread keeps the process alive only while it has a job.
 */
import { availableParallelism } from 'node:os'
import type { Worker, WorkerOptions } from 'node:worker_threads'
import { type Clock, type Log, reasonOf, silentLog, systemClock, type Timer } from '@quire/base'
import { byteCountOf, wholeBuffersOf } from './buffers.ts'
import { JobError } from './job-error.ts'
import { Quarantine, type Quarantined } from './quarantine.ts'
import type { JobAnswer, JobRequest, JobTable } from './serve-jobs.ts'

export interface WorkerPoolOptions {
  /** Starts a thread of the entry module, for example with `startWorker`. */
  readonly start: (options: WorkerOptions) => Worker
  /** Threads at most; each starts when it is first needed. By default one less than the processor has, 1 to 4. */
  readonly threadsMax?: number
  /**
   * Time for one job in ms, unless the call says otherwise. 30,000 by default: thirty times what
   * compacting 260,000 rows needs, and short enough that a poisoned document does not hold up the
   * others for long.
   */
  readonly jobMsMax?: number
  /** Heap of each thread in MB, 1,024 by default. Byte arrays lie outside of it. */
  readonly heapMbMax?: number
  /** Jobs that may wait, 1,000 by default. */
  readonly waitingMax?: number
  /** Bytes of all jobs that wait, 256 MB by default: a dozen of the largest documents. */
  readonly waitingBytesMax?: number
  readonly clock?: Clock
  readonly log?: Log
}

export interface JobOptions {
  /** Whose job it is; empty for none, which is then never quarantined. */
  readonly document: string
  /** Nobody waits for it. */
  readonly isBackground?: boolean
  readonly jobMsMax?: number
}

/** What asks a pool for work needs of it. */
export interface JobRunner<Jobs extends JobTable> {
  /**
   * Has one job done. Takes over every buffer in `ask` that an array fills alone, when it is called:
   * give it copies. Fails with {@link JobError}; nothing has changed then.
   */
  run<Kind extends keyof Jobs & string>(
    kind: Kind,
    ask: Parameters<Jobs[Kind]>[0],
    options: JobOptions,
  ): Promise<Awaited<ReturnType<Jobs[Kind]>>>
}

/** Unbounded, the young generation of a thread grows to 48 MB and stays. A large compaction takes as long with this. */
const youngMb = 6

interface Job {
  readonly request: JobRequest
  readonly document: string
  readonly isBackground: boolean
  readonly jobMsMax: number
  readonly byteCount: number
  readonly resolve: (value: unknown) => void
  readonly reject: (error: JobError) => void
}

interface Thread {
  readonly worker: Worker
  running: { readonly job: Job; readonly timer: Timer } | undefined
}

export class WorkerPool<Jobs extends JobTable> implements JobRunner<Jobs> {
  readonly #options: WorkerPoolOptions
  readonly #clock: Clock
  readonly #log: Log
  readonly #threadsMax: number
  readonly #threads = new Set<Thread>()
  readonly #quarantine: Quarantine
  readonly #waited: Job[] = []
  readonly #background: Job[] = []
  #waitingBytes = 0
  #isClosed = false

  constructor(options: WorkerPoolOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#log = (options.log ?? silentLog).channel('workers')
    this.#threadsMax = options.threadsMax ?? Math.max(1, Math.min(4, availableParallelism() - 1))
    this.#quarantine = new Quarantine(this.#clock)
  }

  async run<Kind extends keyof Jobs & string>(
    kind: Kind,
    ask: Parameters<Jobs[Kind]>[0],
    { document, isBackground = false, jobMsMax }: JobOptions,
  ): Promise<Awaited<ReturnType<Jobs[Kind]>>> {
    const byteCount = byteCountOf(ask)
    this.#admit(document, kind, byteCount)
    const answer = await new Promise((resolve, reject) => {
      const lane = isBackground ? this.#background : this.#waited
      lane.push({
        request: { kind, ask },
        document,
        isBackground,
        jobMsMax: jobMsMax ?? this.#options.jobMsMax ?? 30_000,
        byteCount,
        resolve,
        reject,
      })
      this.#waitingBytes += byteCount
      this.#startWhatCan()
    })
    return answer as Awaited<ReturnType<Jobs[Kind]>>
  }

  /** What is set aside now, for health and for people. */
  quarantined(): readonly Quarantined[] {
    return this.#quarantine.all()
  }

  /** Ends the threads. Jobs under way and waiting fail with `closed`. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true
    const error = new JobError('closed', 'the document workers were closed')
    for (const lane of [this.#waited, this.#background]) {
      for (const { reject } of lane.splice(0)) reject(error)
    }
    this.#waitingBytes = 0
    const threads = [...this.#threads]
    this.#threads.clear()
    for (const thread of threads) take(thread)?.reject(error)
    await Promise.all(threads.map(({ worker }) => worker.terminate()))
  }

  #admit(document: string, kind: string, byteCount: number): void {
    if (this.#isClosed) throw new JobError('closed', 'the document workers are closed')
    const set = document === '' ? undefined : this.#quarantine.of(document, kind)
    if (set) {
      const forMs = Math.round(set.untilMs - this.#clock.nowMs())
      throw new JobError(
        'quarantined',
        `document ${document}: ${kind} was ${set.code} ${set.losses} times and is not tried for ${forMs} ms`,
      )
    }
    const { waitingMax = 1_000, waitingBytesMax = 256 * 1024 * 1024 } = this.#options
    const count = this.#waited.length + this.#background.length
    // One job always may: a document larger than the bound is better slow than never.
    const isFull = count > 0 && this.#waitingBytes + byteCount > waitingBytesMax
    if (count >= waitingMax || isFull) {
      throw new JobError('full', `${count} jobs of ${this.#waitingBytes} bytes wait already`)
    }
  }

  #startWhatCan(): void {
    for (;;) {
      const lane = this.#waited.length > 0 ? this.#waited : this.#background
      if (lane.length === 0) return
      const busy = [...this.#threads].filter(({ running }) => running !== undefined)
      if (busy.length >= this.#threadsMax) return
      const background = busy.filter(({ running }) => running?.job.isBackground).length
      const backgroundMax = Math.max(1, this.#threadsMax - 1)
      if (lane === this.#background && background >= backgroundMax) return
      const job = lane.shift()
      if (job) this.#begin(job)
    }
  }

  #begin(job: Job): void {
    const idle = [...this.#threads].find(({ running }) => running === undefined)
    const thread = idle ?? this.#start()
    this.#waitingBytes -= job.byteCount
    const timer = this.#clock.after(job.jobMsMax, () =>
      this.#lose(thread, 'too-slow', `it took longer than ${job.jobMsMax} ms`),
    )
    thread.running = { job, timer }
    thread.worker.ref()
    thread.worker.postMessage(job.request, wholeBuffersOf(job.request))
  }

  #start(): Thread {
    const { heapMbMax = 1_024 } = this.#options
    const resourceLimits = { maxOldGenerationSizeMb: heapMbMax, maxYoungGenerationSizeMb: youngMb }
    const worker = this.#options.start({ resourceLimits })
    const thread: Thread = { worker, running: undefined }
    this.#threads.add(thread)
    worker.on('message', (answer: JobAnswer) => this.#finish(thread, answer))
    worker.on('error', (error) => this.#lose(thread, 'crashed', reasonOf(error)))
    worker.on('exit', () => this.#lose(thread, 'crashed', 'the thread ended'))
    return thread
  }

  #finish(thread: Thread, answer: JobAnswer): void {
    if (!this.#threads.has(thread)) return // its time was up before the answer arrived
    thread.worker.unref()
    const job = take(thread)
    if (job) {
      this.#quarantine.clear(job.document, job.request.kind)
      if (answer.kind === 'done') job.resolve(answer.value)
      else job.reject(new JobError('refused', answer.message, answer.reason))
    }
    this.#startWhatCan()
  }

  #lose(thread: Thread, code: Quarantined['code'], why: string): void {
    if (!this.#threads.delete(thread)) return
    void thread.worker.terminate()
    const job = take(thread)
    if (job) {
      const { document, request } = job
      if (document !== '') this.#quarantine.add(document, request.kind, code)
      this.#log.error('a document cost a thread', { document, job: request.kind, code, why })
      job.reject(new JobError(code, `document ${document}: ${request.kind}: ${why}`))
    }
    this.#startWhatCan()
  }
}

function take(thread: Thread): Job | undefined {
  const { running } = thread
  thread.running = undefined
  running?.timer.cancel()
  return running?.job
}

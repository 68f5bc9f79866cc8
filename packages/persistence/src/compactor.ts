/**
 * Compaction as jobs of a worker pool (`work/worker-pool.ts`). Is not a place to decide when to
 * compact; `compaction.ts` says when, the server asks.
 */
import type { Clock, Log } from '@quire/base'
import {
  CompactionError,
  type CompactionErrorCode,
  type CompactionJob,
  type Compactor,
} from './compaction.ts'
import type { Snapshot } from './store.ts'
import { JobError } from './work/job-error.ts'
import { packRows } from './work/packed-rows.ts'
import type { StorageJobs } from './work/storage-jobs.ts'
import { type JobRunner, WorkerPool } from './work/worker-pool.ts'
import { startWorker } from './worker-start.ts'

export interface CompactorOptions {
  /** Time for one job in ms, and heap of the thread in MB; see `WorkerPoolOptions`. */
  readonly jobMsMax?: number
  readonly heapMbMax?: number
  readonly clock?: Clock
  readonly log?: Log
}

/** Compacts on `pool`, behind what somebody waits for. The pool stays the caller's: closing the compactor only refuses later calls. */
export function compactorOn(pool: JobRunner<StorageJobs>): Compactor {
  let isClosed = false
  return {
    async compact(job: CompactionJob): Promise<Snapshot> {
      if (isClosed) throw new CompactionError('closed', 'the compactor is closed')
      const rows = packRows(job)
      try {
        return await pool.run('compact', rows, {
          document: job.document ?? '',
          isBackground: true,
        })
      } catch (error) {
        throw error instanceof JobError ? compactionErrorOf(error) : error
      }
    },
    close: async () => {
      isClosed = true
    },
  }
}

/** A compactor with a thread of its own, which starts with the first job. */
export function createCompactor(options: CompactorOptions = {}): Compactor {
  const pool = new WorkerPool<StorageJobs>({
    ...options,
    threadsMax: 1,
    start: (settings) => startWorker('work/storage-worker', import.meta.url, settings),
  })
  const compactor = compactorOn(pool)
  return {
    compact: (job) => compactor.compact(job),
    close: () => pool.close(),
  }
}

const ownReasons: readonly string[] = [
  'pending',
  'malformed',
  'unequal',
] satisfies readonly CompactionErrorCode[]

function compactionErrorOf({ code, reason, message }: JobError): CompactionError {
  if (code !== 'refused') return new CompactionError(code, message)
  const isOwn = reason !== undefined && ownReasons.includes(reason)
  return new CompactionError(isOwn ? (reason as CompactionErrorCode) : 'crashed', message)
}

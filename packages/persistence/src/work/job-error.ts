/** Why a job of the worker pool has no answer. The document is as it was: a job changes nothing by itself. */
export type JobErrorCode =
  /** The job was done and says no: its input is not what it needs. `reason` is the job's own code. */
  | 'refused'
  /** It took longer than it may, and its thread was ended. */
  | 'too-slow'
  /** Its thread ended by itself, mostly because it had no memory left. */
  | 'crashed'
  /** The same kind of job for the same document lost its thread shortly before; not tried. */
  | 'quarantined'
  /** As much waits as may wait; not tried. */
  | 'full'
  | 'closed'

/** What `WorkerPool.run` fails with. `retry` says whether the same call can succeed later without a person doing something. */
export class JobError extends Error {
  override readonly name = 'JobError'
  readonly code: JobErrorCode
  /** Of `refused`: the code of the error that the job threw, if it has one. */
  readonly reason: string | undefined
  readonly retry: 'later' | 'never'

  constructor(code: JobErrorCode, message: string, reason?: string) {
    super(message)
    this.code = code
    this.reason = reason
    this.retry = code === 'refused' || code === 'closed' ? 'never' : 'later'
  }
}

/**
 * `@quire/persistence/work`: the document workers. A door of its own, because the entry module of a
 * thread comes through it and is not to load the databases.
 */
export { type PackedBytes, pack, unpack } from '../packed-bytes.ts'
export { startWorker } from '../worker-start.ts'
export { JobError, type JobErrorCode } from './job-error.ts'
export { type PackedRows, packRows, unpackRows, updatesIn } from './packed-rows.ts'
export type { Quarantined } from './quarantine.ts'
export { type JobTable, serveJobs } from './serve-jobs.ts'
export { type PackedState, type StorageJobs, storageJobs, type ToVerify } from './storage-jobs.ts'
export {
  type JobOptions,
  type JobRunner,
  WorkerPool,
  type WorkerPoolOptions,
} from './worker-pool.ts'

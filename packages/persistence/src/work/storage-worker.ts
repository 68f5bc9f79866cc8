/** The thread of a pool that does storage's own jobs and no others; see `createCompactor`. */
import { serveJobs } from './serve-jobs.ts'
import { storageJobs } from './storage-jobs.ts'

serveJobs(storageJobs)

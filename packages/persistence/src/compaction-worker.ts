/**
 * The thread in which documents are compacted: one job in, one answer out. Keeps nothing between
 * jobs. `compactor.ts` starts it, and ends it when a job takes too long.
 */
import { parentPort } from 'node:worker_threads'
import { must, reasonOf } from '@quire/base'
import { compactDocument } from './compact-document.ts'
import { CompactionError } from './compaction.ts'
import { buffersOf, pack } from './packed-bytes.ts'
import { type PackedJob, type PackedResult, unpackJob } from './packed-job.ts'

function run(job: PackedJob): PackedResult {
  try {
    const { number, update, stateVector, deleteSet } = compactDocument(unpackJob(job))
    return { kind: 'done', number, parts: pack([update, stateVector, deleteSet]) }
  } catch (error) {
    const code = error instanceof CompactionError ? error.code : 'crashed'
    return { kind: 'failed', code, message: reasonOf(error) }
  }
}

const port = must(parentPort, 'this module is the entry of a thread')
port.on('message', (job: PackedJob) => {
  const result = run(job)
  port.postMessage(result, result.kind === 'done' ? buffersOf(result.parts) : [])
})

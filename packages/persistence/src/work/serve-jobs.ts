/**
 * The thread's side of the worker pool: one job in, one answer out. Keeps nothing between jobs and
 * knows none of them; the module that is started as a thread hands them in. What a job was asked with
 * is freed when it is answered.
 */
import { parentPort } from 'node:worker_threads'
import { must, reasonOf } from '@quire/base'
import { freeBytes } from '../free-bytes.ts'
import { wholeBuffersOf } from './buffers.ts'

/** Jobs by kind: each takes one message and answers one, or throws. Both are cloned on the way, so they hold plain data. */
export type JobTable = Readonly<Record<string, (ask: never) => unknown>>

export interface JobRequest {
  readonly kind: string
  readonly ask: unknown
}

export type JobAnswer =
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly message: string; readonly reason: string | undefined }

async function answerTo({ kind, ask }: JobRequest, jobs: JobTable): Promise<JobAnswer> {
  try {
    const job = must(jobs[kind], `this thread has no job ${kind}`)
    // The pool's types see to it that a kind is asked what it takes.
    return { kind: 'done', value: await job(ask as never) }
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
    const reason = typeof code === 'string' ? code : undefined
    return { kind: 'refused', message: reasonOf(error), reason }
  }
}

/** Makes this thread do `jobs`, until its pool ends it. The bytes of an answer change hands. Call it once, at the end of the thread's own module. */
export function serveJobs(jobs: JobTable): void {
  const port = must(parentPort, 'this module is the entry of a thread')
  port.on('message', (request: JobRequest) => {
    void answerTo(request, jobs).then((answer) => {
      port.postMessage(answer, wholeBuffersOf(answer))
      for (const buffer of wholeBuffersOf(request)) freeBytes(new Uint8Array(buffer))
    })
  })
}

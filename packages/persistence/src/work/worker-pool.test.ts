/** The pool with threads that a test plays; real ones are in `test/worker-pool.test.ts`. */
import { EventEmitter } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { createLog, type LogEntry, must } from '@quire/base'
import { createManualClock } from '@quire/testkit'
import { expect, test } from 'vitest'
import type { JobRequest } from './serve-jobs.ts'
import { WorkerPool, type WorkerPoolOptions } from './worker-pool.ts'

type Jobs = {
  readonly render: (ask: { readonly name: string; readonly bytes?: Uint8Array }) => string
  readonly index: (ask: { readonly name: string }) => string
}

/** A thread whose every step the test takes. */
class PlayedThread extends EventEmitter {
  isEnded = false
  asked: JobRequest | undefined = undefined
  ref(): void {}
  unref(): void {}
  postMessage(request: JobRequest): void {
    this.asked = request
  }
  async terminate(): Promise<number> {
    this.isEnded = true
    return 0
  }
  get job(): string {
    return (must(this.asked, 'a job').ask as { name: string }).name
  }
  /** Answers what it was asked. */
  answer(): void {
    const value = `done: ${this.job}`
    this.asked = undefined
    this.emit('message', { kind: 'done', value })
  }
}

function played(options: Partial<WorkerPoolOptions> = {}) {
  const clock = createManualClock()
  const threads: PlayedThread[] = []
  const entries: LogEntry[] = []
  const pool = new WorkerPool<Jobs>({
    clock,
    threadsMax: 1,
    log: createLog((entry) => entries.push(entry)),
    start: () => {
      const thread = new PlayedThread()
      threads.push(thread)
      return thread as unknown as Worker
    },
    ...options,
  })
  const thread = (at: number): PlayedThread => must(threads[at], `thread ${at}`)
  const run = (name: string, isBackground = false): Promise<string> =>
    pool.run('render', { name }, { document: name, isBackground })
  return { clock, pool, threads, thread, run, entries }
}

const code = (expected: string): object => expect.objectContaining({ code: expected })

test('[DW1] a job whose time is up costs its thread, and the one behind it gets another', async () => {
  const { clock, thread, threads, run } = played({ jobMsMax: 500 })
  const slow = expect(run('slow')).rejects.toEqual(code('too-slow'))
  const next = run('next')
  clock.advance(500)
  await slow
  expect(thread(0).isEnded).toBe(true)
  // What the lost thread says yet is not heard.
  thread(0).answer()
  expect(thread(1).job).toBe('next')
  thread(1).answer()
  expect(await next).toBe('done: next')
  expect(threads.length).toBe(2)
  expect(clock.timerCount).toBe(0)
})

test('[DW1] a thread that ends by itself fails its own job only', async () => {
  const { thread, run } = played()
  const lost = expect(run('lost')).rejects.toEqual(code('crashed'))
  const next = run('next')
  thread(0).emit('error', new Error('out of memory'))
  thread(0).emit('exit', 1)
  await lost
  thread(1).answer()
  expect(await next).toBe('done: next')
})

test('[DW2] a document that cost a thread is named, and refused until its time is over', async () => {
  const { clock, pool, thread, threads, run, entries } = played()
  const lost = expect(run('poison')).rejects.toThrow('document poison')
  thread(0).emit('exit', 1)
  await lost
  await expect(run('poison')).rejects.toEqual(code('quarantined'))
  expect(pool.quarantined()).toMatchObject([{ document: 'poison', kind: 'render', losses: 1 }])
  expect(entries).toMatchObject([
    { level: 'error', fields: { document: 'poison', job: 'render', code: 'crashed' } },
  ])
  // Other work for it goes on, and other documents do.
  const other = pool.run('index', { name: 'poison' }, { document: 'poison' })
  thread(1).answer()
  expect(await other).toBe('done: poison')
  const good = run('good')
  thread(1).answer()
  expect(await good).toBe('done: good')
  clock.advance(60_000)
  const again = run('poison')
  thread(1).answer()
  expect(await again).toBe('done: poison')
  expect(pool.quarantined()).toEqual([])
  expect(threads.length).toBe(2)
})

test('[DW2] a job that refuses costs nobody anything', async () => {
  const { pool, thread, threads, run } = played()
  const refused = expect(run('bad')).rejects.toMatchObject({
    code: 'refused',
    reason: 'malformed',
    message: 'not a document',
  })
  thread(0).emit('message', { kind: 'refused', message: 'not a document', reason: 'malformed' })
  await refused
  expect(pool.quarantined()).toEqual([])
  const next = run('next')
  thread(0).answer()
  expect(await next).toBe('done: next')
  expect(threads.length).toBe(1)
})

test('[DW3] what waits is bounded in number', async () => {
  const { thread, run } = played({ waitingMax: 2 })
  const jobs = [run('running'), run('first'), run('second')]
  await expect(run('third')).rejects.toEqual(code('full'))
  thread(0).answer()
  jobs.push(run('fourth'))
  for (let at = 0; at < 3; at++) thread(0).answer()
  expect(await Promise.all(jobs)).toEqual(
    ['running', 'first', 'second', 'fourth'].map((name) => `done: ${name}`),
  )
})

test('[DW3] what waits is bounded in bytes, and a job alone may always wait', async () => {
  const { pool, thread } = played({ waitingBytesMax: 100 })
  const ask = (name: string, byteCount: number): Promise<string> =>
    pool.run('render', { name, bytes: new Uint8Array(byteCount) }, { document: name })
  const jobs = [ask('running', 5), ask('large', 1_000)]
  await expect(ask('more', 1)).rejects.toEqual(code('full'))
  thread(0).answer()
  jobs.push(ask('small', 60), ask('smaller', 40))
  await expect(ask('one more', 1)).rejects.toEqual(code('full'))
  for (let at = 0; at < 3; at++) thread(0).answer()
  expect((await Promise.all(jobs)).length).toBe(4)
})

test('[DW4] what somebody waits for goes first, and the background leaves a thread free', async () => {
  const { thread, threads, run } = played({ threadsMax: 2 })
  const jobs = ['b1', 'b2', 'b3'].map((name) => run(name, true))
  expect(threads.map(({ job }) => job)).toEqual(['b1'])
  jobs.push(run('a1'), run('a2'))
  expect(threads.map(({ job }) => job)).toEqual(['b1', 'a1'])
  thread(0).answer()
  expect(thread(0).job).toBe('a2')
  thread(1).answer()
  expect(thread(1).job).toBe('b2')
  // The other thread is free again and stays so: b3 waits for the background's place.
  thread(0).answer()
  expect(thread(0).asked).toBeUndefined()
  thread(1).answer()
  for (const each of threads) if (each.asked) each.answer()
  expect((await Promise.all(jobs)).length).toBe(5)
})

test('[DW5] closing fails what runs, what waits and later calls, and ends the threads', async () => {
  const { clock, pool, thread, run } = played()
  const jobs = [run('running'), run('waiting')].map((job) =>
    expect(job).rejects.toEqual(code('closed')),
  )
  await Promise.all([pool.close(), pool.close()])
  await Promise.all(jobs)
  expect(thread(0).isEnded).toBe(true)
  await expect(run('late')).rejects.toEqual(code('closed'))
  expect(clock.timerCount).toBe(0)
})

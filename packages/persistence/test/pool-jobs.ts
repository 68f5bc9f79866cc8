/** The entry module of a pool for tests: storage's jobs, and some that do what no job should. */
import { serveJobs, type StorageJobs, storageJobs } from '../src/work/index.ts'

export type TestJobs = StorageJobs & {
  readonly echo: (ask: { readonly bytes: Uint8Array }) => { readonly bytes: Uint8Array }
  readonly hang: (ask: { readonly isSaid: boolean }) => never
  readonly eat: (ask: { readonly isSaid: boolean }) => number
  readonly end: (ask: { readonly code: number }) => void
  readonly unclonable: (ask: { readonly isSaid: boolean }) => () => void
}

const jobs: TestJobs = {
  ...storageJobs,
  echo: ({ bytes }) => ({ bytes }),
  hang: () => {
    for (;;) Math.random()
  },
  eat: () => {
    const kept: number[][] = []
    for (;;) kept.push(Array.from({ length: 100_000 }, () => Math.random()))
  },
  end: ({ code }) => process.exit(code),
  unclonable: () => () => undefined,
}

serveJobs(jobs)

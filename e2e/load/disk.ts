/** How long this disk takes to make a small write safe: what no durable server can be faster than. */
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { percentile } from './results.ts'

/** Appends 4 KB and calls fdatasync, `count` times, in a file of `folder`. */
export function measureFsync(
  folder: string,
  count: number,
): { readonly p50Ms: number; readonly p95Ms: number } {
  const file = openSync(join(folder, 'fsync'), 'a')
  const page = Buffer.alloc(4_096, 1)
  const tookMs: number[] = []
  try {
    for (let i = 0; i < count; i++) {
      writeSync(file, page)
      const startMs = performance.now()
      fdatasyncSync(file)
      tookMs.push(performance.now() - startMs)
    }
  } finally {
    closeSync(file)
  }
  return { p50Ms: percentile(tookMs, 0.5), p95Ms: percentile(tookMs, 0.95) }
}

/** A compaction on its way to the thread and back: few messages, few buffers. */
import type { CompactionErrorCode, CompactionJob } from './compaction.ts'
import { updatesOf } from './compact-document.ts'
import { type PackedBytes, pack, unpack } from './packed-bytes.ts'

/** The snapshot's update, if there is one, and then the rows. */
export interface PackedJob {
  readonly updates: PackedBytes
  /** 0: the first of `updates` is a row. */
  readonly snapshotNumber: number
}

/** What comes back. `parts` are update, state vector and delete set. */
export type PackedResult =
  | { readonly kind: 'done'; readonly number: number; readonly parts: PackedBytes }
  | { readonly kind: 'failed'; readonly code: CompactionErrorCode; readonly message: string }

/** Copies the bytes. Throws `malformed` when the rows have a gap. */
export function packJob(job: CompactionJob): PackedJob {
  return { updates: pack(updatesOf(job)), snapshotNumber: job.snapshot?.number ?? 0 }
}

/** The job again. Of its snapshot only what a compaction reads. */
export function unpackJob({ updates, snapshotNumber }: PackedJob): CompactionJob {
  const rows = unpack(updates)
  const nothing = new Uint8Array()
  const update = snapshotNumber > 0 ? rows.shift() : undefined
  return {
    snapshot: update && {
      number: snapshotNumber,
      update,
      stateVector: nothing,
      deleteSet: nothing,
    },
    tail: rows.map((row, at) => ({ number: snapshotNumber + 1 + at, update: row })),
  }
}

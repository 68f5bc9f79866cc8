/** A stored document on its way to a thread: two buffers, however many rows. */
import { updatesOf } from '../compact-document.ts'
import type { CompactionJob } from '../compaction.ts'
import { type PackedBytes, pack, unpack } from '../packed-bytes.ts'

/** The snapshot's update, if there is one, and then the rows. */
export interface PackedRows {
  readonly updates: PackedBytes
  /** 0: the first of `updates` is a row. */
  readonly snapshotNumber: number
}

/** Copies the bytes. Throws a `CompactionError` of code `malformed` when the rows have a gap. */
export function packRows(job: CompactionJob): PackedRows {
  return { updates: pack(updatesOf(job)), snapshotNumber: job.snapshot?.number ?? 0 }
}

/** The updates of the document in order, as views on one buffer. */
export function updatesIn({ updates }: PackedRows): Uint8Array[] {
  return unpack(updates)
}

/** The document again. Of its snapshot only what a compaction reads. */
export function unpackRows({ updates, snapshotNumber }: PackedRows): CompactionJob {
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

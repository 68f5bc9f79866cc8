/**
 * When a log becomes a snapshot: a pure policy, and the port through which a server has it done.
 * Reads no clock and no document; `compact-document.ts` does the work, `compactor.ts` finds it a thread.
 *
 * Two costs are weighed. Loading costs what the tail holds, per row and per byte. Compacting costs what
 * the snapshot holds, because all of it is read and written again. So a tail may grow with its snapshot,
 * between bounds: the work per stored byte stays constant, and the time to load stays bounded.
 */
import type { NumberedUpdate, Snapshot } from './store.ts'

/** What the policy looks at; 0 bytes when there is no snapshot. */
export interface CompactionFacts {
  readonly snapshotBytes: number
  readonly tailBytes: number
  readonly tailRows: number
}

/**
 * Below this many bytes the row bound decides; rewriting a small document for a few sentences would be
 * the larger cost. Above it even a single row counts: a pasted book that stays a row is read through at
 * every load, as a snapshot it is not.
 */
const tailBytesMin = 64 * 1024
/** A tail of this share of its snapshot is worth a rewrite: every byte is then rewritten about twice in its life. */
const tailShareMax = 0.5
/** Rows are read and sent one by one, about 5 µs each: 1,000 are a few milliseconds, 10,000 what a cold open may cost at most. */
const tailRowsSoft = 1_000
const tailRowsMax = 10_000
/** A large snapshot earns its tail one more row per this many bytes, so that one typist does not have megabytes rewritten every minute. */
const snapshotBytesPerRow = 1_024

/** Whether the tail should become part of the snapshot now. Pure; ask it after every append if you like. */
export function shouldCompact(facts: CompactionFacts): boolean {
  const { snapshotBytes, tailBytes, tailRows } = facts
  if (tailBytes >= Math.max(tailBytesMin, snapshotBytes * tailShareMax)) return true
  const rowsAllowed = Math.min(tailRowsMax, tailRowsSoft + snapshotBytes / snapshotBytesPerRow)
  return tailRows >= rowsAllowed
}

/** What is to be compacted: what `open` returned, or a prefix of it. The arrays are read before `compact` returns and stay the caller's. */
export interface CompactionJob {
  /** Whose it is, so that one that costs its thread can be named and left alone for a while. */
  readonly document?: string | undefined
  readonly snapshot: Snapshot | undefined
  readonly tail: readonly NumberedUpdate[]
}

/** Makes snapshots away from the event loop. */
export interface Compactor {
  /**
   * The snapshot that equals `job`, checked by loading it again. Its number is that of the last row.
   * Fails with {@link CompactionError}; the rows are then to be kept as they are. Jobs begin in the
   * order of the calls.
   */
  compact(job: CompactionJob): Promise<Snapshot>
  /** Ends the threads that are its own. Jobs under way and waiting fail with `closed`. Idempotent. */
  close(): Promise<void>
}

export type CompactionErrorCode =
  /** Rows need predecessors that are not there; compacting would drop them. */
  | 'pending'
  /** The rows are not what Yjs can read, or there is nothing to compact. */
  | 'malformed'
  /** The snapshot, loaded again, was not equal. A bug; nothing was changed. */
  | 'unequal'
  /** The job took longer than it may, and its thread was ended. */
  | 'too-slow'
  /** The thread ended by itself, for example because it had no memory left. */
  | 'crashed'
  /** The document cost a thread shortly before, and is not tried for a while. */
  | 'quarantined'
  /** Too much waits already. */
  | 'full'
  | 'closed'

/** Why there is no snapshot. The document is as it was. */
export class CompactionError extends Error {
  override readonly name = 'CompactionError'
  readonly code: CompactionErrorCode

  constructor(code: CompactionErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

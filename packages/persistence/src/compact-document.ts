/**
 * Makes a snapshot of rows: the work of a compaction, without a thread. Decodes a whole document, so
 * a server runs it through `createCompactor`, never on its event loop.
 *
 * 1. The snapshot equals its rows: same state vector, same delete set, and loading it gives the same
 *    bytes again. All three are checked before it is returned.
 * 2. Nothing is dropped: rows that wait for missing predecessors make it fail with `pending`.
 * 3. Nothing is added: Yjs tidies up formatting marks after a remote edit by deleting some, as an edit
 *    of its own; here it must not, or a snapshot would hold an edit that nobody made.
 */
import * as Y from 'yjs'
import { CompactionError, type CompactionJob } from './compaction.ts'
import type { Snapshot } from './store.ts'

/**
 * The snapshot that equals `job`, in bytes of its own. Content that is deleted is left out, as every
 * Yjs client does; that it was there is kept. Throws {@link CompactionError}.
 */
export function compactDocument(job: CompactionJob): Snapshot {
  const updates = updatesOf(job)
  if (job.tail.length === 0) throw new CompactionError('malformed', 'there are no rows to compact')
  const first = loadUpdates(updates)
  const firstState = Y.encodeStateAsUpdate(first)
  const stateVector = Y.encodeStateVector(first)
  const deleteSet = encodeDeleteSet(first)
  first.destroy()

  // A loaded document may join neighbours that the first one kept apart, so the first encoding is not
  // always the shortest. The second is: loading it must not change it any more.
  let update = firstState
  for (let round = 0; round < 2; round++) {
    const again = loadUpdates([update])
    const isEqual =
      equals(stateVector, Y.encodeStateVector(again)) && equals(deleteSet, encodeDeleteSet(again))
    if (!isEqual) throw new CompactionError('unequal', 'the snapshot does not load as its rows do')
    const state = Y.encodeStateAsUpdate(again)
    again.destroy()
    if (equals(update, state)) {
      return { number: headOf(job), update, stateVector, deleteSet }
    }
    update = state
  }
  throw new CompactionError('unequal', 'the snapshot changes each time it is loaded')
}

/** The delete set of a snapshot, decoded. Throws what lib0 throws on other bytes. */
export function decodeDeleteSet(deleteSet: Uint8Array): Y.Snapshot['ds'] {
  const withEmptyStateVector = new Uint8Array(deleteSet.length + 1)
  withEmptyStateVector.set(deleteSet)
  return Y.decodeSnapshot(withEmptyStateVector).ds
}

/** The delete set of `doc`, in a form that is the same for equal documents. */
export function encodeDeleteSet(doc: Y.Doc): Uint8Array {
  const { ds } = Y.snapshot(doc)
  // A state vector of no clients is one zero byte, the last.
  return Y.encodeSnapshot(Y.createSnapshot(ds, new Map())).slice(0, -1)
}

/** A document of its own with all of `updates` in it. Throws `malformed` for bytes that are none, `pending` when predecessors are missing. */
export function loadUpdates(updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc({ gc: true })
  try {
    // One transaction: the cleaning up after each costs more than the update itself.
    doc.transact((transaction) => {
      for (const update of updates) Y.applyUpdate(doc, update)
      // Yjs tidies formatting only after edits that came from elsewhere (invariant 3).
      transaction.local = true
    })
  } catch (cause) {
    throw new CompactionError('malformed', 'a row is not a Yjs update', { cause })
  }
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) {
    throw new CompactionError('pending', 'rows wait for predecessors that are not there')
  }
  return doc
}

/** The updates that a document is the sum of, in order. Throws `malformed` when its rows have a gap. */
export function updatesOf({ snapshot, tail }: CompactionJob): Uint8Array[] {
  const before = snapshot?.number ?? 0
  if (tail.some(({ number }, at) => number !== before + 1 + at)) {
    throw new CompactionError('malformed', 'the rows do not follow the snapshot without a gap')
  }
  const rows = tail.map(({ update }) => update)
  return snapshot === undefined ? rows : [snapshot.update, ...rows]
}

function headOf({ tail }: CompactionJob): number {
  return tail.at(-1)?.number ?? 0
}

export function equals(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

/**
 * From what the store holds to what a room starts with. Our own rows are scanned as foreign bytes are,
 * but without limits of size: what was once taken is served, whatever the limits are today.
 */
import type { Snapshot, StoredDocument } from '@quire/persistence'
import {
  type ClockColumns,
  parseDeleteSet,
  parseStateVector,
  type ScanLimits,
  scanUpdate,
  type StateVector,
  updateOfDeleteSet,
} from '@quire/protocol'
import { Knowledge } from './knowledge.ts'

const noLimits: ScanLimits = {
  updateBytesMax: Number.POSITIVE_INFINITY,
  updatePartsMax: Number.POSITIVE_INFINITY,
  xmlDepthMax: Number.POSITIVE_INFINITY,
  clockAdvanceMax: Number.MAX_SAFE_INTEGER,
  clockMax: Number.MAX_SAFE_INTEGER,
}

/** The stored bytes are not what they must be; the document is not opened. */
export class UnreadableDocument extends Error {
  override readonly name = 'UnreadableDocument'
}

/** What the stored document knows. Throws {@link UnreadableDocument}. */
export function knowledgeOf({ snapshot, tail }: StoredDocument): Knowledge {
  const clocks = snapshot ? new Map(snapshotClocks(snapshot)) : new Map<number, number>()
  const knowledge = new Knowledge(clocks, snapshot && (() => snapshotDeletes(snapshot)))
  for (const { number, update } of tail) {
    const scan = scanUpdate(update, noLimits)
    if (scan.kind === 'refused') throw new UnreadableDocument(`row ${number}: ${scan.why}`)
    knowledge.learn(scan)
  }
  return knowledge
}

/** Only what a stored update deletes, as an update; undefined when that is nothing. Throws {@link UnreadableDocument}. */
export function deletionsOf(update: Uint8Array): Uint8Array | undefined {
  const scan = scanUpdate(update, noLimits)
  if (scan.kind === 'refused') throw new UnreadableDocument(scan.why)
  return scan.deletes.length > 0 ? updateOfDeleteSet(update.subarray(scan.deletesAt)) : undefined
}

/** Throws {@link UnreadableDocument}. */
export function snapshotClocks(snapshot: Snapshot): StateVector {
  const clocks = parseStateVector(snapshot.stateVector)
  if (!(clocks instanceof Map)) throw new UnreadableDocument(`the snapshot: ${clocks.why}`)
  return clocks
}

function snapshotDeletes(snapshot: Snapshot): ClockColumns {
  const deletes = parseDeleteSet(snapshot.deleteSet, noLimits)
  if ('kind' in deletes) throw new UnreadableDocument(`the snapshot: ${deletes.why}`)
  return deletes
}

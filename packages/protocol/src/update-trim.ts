/**
 * Cuts deletions out of an update without decoding it: structs are kept as bytes or left away, the
 * delete set is written anew.
 */
import { varUintSize, writeVarUint } from './bytes.ts'
import type { Refused } from './decode.ts'
import { type ClockRange, type ScanLimits, type ScannedUpdate, scanUpdate } from './update-scan.ts'

/**
 * The update with only `deletes` in its delete set, and without its structs unless `withInserts`.
 * `scan` is the result of scanning `update`. The result shares no bytes with `update`.
 */
export function keepDeletes(
  update: Uint8Array,
  scan: ScannedUpdate,
  deletes: readonly ClockRange[],
  withInserts: boolean,
): Uint8Array {
  const structs = withInserts ? update.subarray(0, scan.deletesAt) : Uint8Array.of(0)
  const byClient = new Map<number, ClockRange[]>()
  for (const range of deletes) {
    const ranges = byClient.get(range.client)
    if (ranges) ranges.push(range)
    else byClient.set(range.client, [range])
  }
  let size = structs.length + varUintSize(byClient.size)
  for (const [client, ranges] of byClient) {
    size += varUintSize(client) + varUintSize(ranges.length)
    for (const { from, to } of ranges) size += varUintSize(from) + varUintSize(to - from)
  }
  const bytes = new Uint8Array(size)
  bytes.set(structs)
  let at = writeVarUint(bytes, structs.length, byClient.size)
  for (const [client, ranges] of [...byClient].sort(([a], [b]) => b - a)) {
    at = writeVarUint(bytes, at, client)
    at = writeVarUint(bytes, at, ranges.length)
    for (const { from, to } of ranges) {
      at = writeVarUint(bytes, at, from)
      at = writeVarUint(bytes, at, to - from)
    }
  }
  return bytes
}

/** An update that only deletes, from the bytes of a delete set. */
export function updateOfDeleteSet(deleteSet: Uint8Array): Uint8Array {
  const update = new Uint8Array(1 + deleteSet.length)
  update.set(deleteSet, 1)
  return update
}

/** The ranges in the bytes of a delete set. Never throws. */
export function parseDeleteSet(
  deleteSet: Uint8Array,
  limits: ScanLimits,
): readonly ClockRange[] | Refused {
  const scan = scanUpdate(updateOfDeleteSet(deleteSet), limits)
  return scan.kind === 'refused' ? scan : scan.deletes
}

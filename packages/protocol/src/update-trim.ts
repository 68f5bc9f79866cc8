/**
 * Cuts deletions out of an update without decoding it: structs are kept as bytes or left away, the
 * delete set is written anew.
 */
import { varUintSize, writeVarUint } from './bytes.ts'
import type { ClockColumns } from './clock-columns.ts'
import type { Refused } from './decode.ts'
import { type ScanLimits, type ScannedUpdate, scanUpdate } from './update-scan.ts'

/**
 * The update with only `deletes` in its delete set, and without its structs unless `withInserts`.
 * `scan` is the result of scanning `update`. The result shares no bytes with `update`.
 */
export function keepDeletes(
  update: Uint8Array,
  scan: ScannedUpdate,
  deletes: ClockColumns,
  withInserts: boolean,
): Uint8Array {
  const structs = withInserts ? update.subarray(0, scan.deletesAt) : Uint8Array.of(0)
  const { clients, froms, tos } = deletes
  const byClient = new Map<number, number[]>()
  for (let row = 0; row < deletes.length; row++) {
    const client = clients[row] ?? 0
    const rows = byClient.get(client)
    if (rows) rows.push(row)
    else byClient.set(client, [row])
  }
  const fromOf = (row: number) => froms[row] ?? 0
  const lengthOf = (row: number) => (tos[row] ?? 0) - fromOf(row)
  let size = structs.length + varUintSize(byClient.size)
  for (const [client, rows] of byClient) {
    size += varUintSize(client) + varUintSize(rows.length)
    for (const row of rows) size += varUintSize(fromOf(row)) + varUintSize(lengthOf(row))
  }
  const bytes = new Uint8Array(size)
  bytes.set(structs)
  let at = writeVarUint(bytes, structs.length, byClient.size)
  for (const [client, rows] of [...byClient].sort(([a], [b]) => b - a)) {
    at = writeVarUint(bytes, at, client)
    at = writeVarUint(bytes, at, rows.length)
    for (const row of rows) {
      at = writeVarUint(bytes, at, fromOf(row))
      at = writeVarUint(bytes, at, lengthOf(row))
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
export function parseDeleteSet(deleteSet: Uint8Array, limits: ScanLimits): ClockColumns | Refused {
  const scan = scanUpdate(updateOfDeleteSet(deleteSet), limits)
  return scan.kind === 'refused' ? scan : scan.deletes
}

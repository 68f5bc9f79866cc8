/**
 * Checksums of log rows and snapshots. They cover the document's name, so that a row which turns up
 * under another document is found, too. Not the number: the database gives it, and a hole or a double
 * shows when rows are read.
 */
import type { DocumentName } from '@quire/protocol'
import { checksum } from '../sqlite/checksum.ts'
import type { Snapshot } from '../store.ts'

export function rowChecksum(document: DocumentName, author: string, bytes: Uint8Array): number {
  return checksum(bytes, checksum(`${document} row of ${author}`))
}

export function snapshotChecksum(document: DocumentName, snapshot: Snapshot): number {
  const { number, update, stateVector, deleteSet } = snapshot
  const start = checksum(`${document} snapshot ${number}`)
  return checksum(deleteSet, checksum(stateVector, checksum(update, start)))
}

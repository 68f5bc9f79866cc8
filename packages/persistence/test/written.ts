/**
 * What the tests of faults write: bytes that follow from the document and the number, so that a reader
 * in another process knows what must stand there.
 */
import { createHash } from 'node:crypto'
import { must } from '@quire/base'
import { type DocumentName, parseDocumentName } from '@quire/protocol'
import type { Snapshot, StoredDocument } from '../src/index.ts'

export const named = (name: string): DocumentName => must(parseDocumentName(name), name)

const bytesOf = (seed: string, byteCount: number): Uint8Array =>
  new Uint8Array(createHash('shake256', { outputLength: byteCount }).update(seed).digest())

/** The update under `number` of `document`: mostly small, every 16th large enough for pages of its own. */
export const updateAt = (document: string, number: number): Uint8Array =>
  bytesOf(`${document} ${number}`, number % 16 === 0 ? 9_000 : 20 + (number % 60))

export const snapshotAt = (document: string, number: number): Snapshot => ({
  number,
  update: bytesOf(`${document} snapshot ${number}`, 30_000),
  stateVector: bytesOf(`${document} vector ${number}`, 30),
  deleteSet: bytesOf(`${document} deleted ${number}`, 300),
})

/** The first thing in `stored` that is not what was written under its number, as a sentence; undefined when all of it is. */
export function differenceOf(document: string, stored: StoredDocument): string | undefined {
  const { snapshot, tail, head } = stored
  const before = snapshot?.number ?? 0
  if (snapshot && !isEqual(snapshot, snapshotAt(document, before))) return `snapshot ${before}`
  if (before + tail.length !== head)
    return `${tail.length} rows do not lead from ${before} to ${head}`
  for (const [at, { number, update }] of tail.entries()) {
    if (number !== before + 1 + at) return `row ${number} stands where ${before + 1 + at} should`
    if (Buffer.compare(update, updateAt(document, number)) !== 0) return `row ${number}`
  }
  return undefined
}

const isEqual = (a: Snapshot, b: Snapshot): boolean =>
  Buffer.compare(a.update, b.update) === 0 &&
  Buffer.compare(a.stateVector, b.stateVector) === 0 &&
  Buffer.compare(a.deleteSet, b.deleteSet) === 0

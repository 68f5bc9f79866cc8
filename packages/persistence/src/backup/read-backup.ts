/**
 * Reads a backup document by document and judges it: order, numbers, lengths, and the hash at the end.
 * Is not the place that writes it into a store; `restore-backup.ts` is.
 */
import { createHash } from 'node:crypto'
import { type DocumentName, parseDocumentName } from '@quire/protocol'
import type { DocumentInfo, LogRow, Snapshot } from '../store.ts'
import { type NewVersion, versionKinds } from '../version-store.ts'
import {
  type BackupRecord,
  BackupError,
  backupFormat,
  damaged,
  readRecords,
  recordKind,
} from './format.ts'

/** A document as a backup holds it. */
export interface BackedUpDocument {
  readonly info: DocumentInfo
  readonly lineage: string
  readonly head: number
  /** Yjs client id and its first author. */
  readonly authors: readonly (readonly [number, string])[]
  readonly snapshot: Snapshot | undefined
  readonly tail: readonly LogRow[]
}

/** A version as a backup holds it. */
export type BackedUpVersion = Required<Omit<NewVersion, 'madeMs'>> & { readonly madeMs: number }

/** A document, or a version of the document before it. */
export type BackupPart =
  | { readonly kind: 'document'; readonly document: BackedUpDocument }
  | { readonly kind: 'version'; readonly version: BackedUpVersion }

export type BackupBytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** The documents of a backup; every byte of it is judged, versions too. Fails with {@link BackupError}; what came before the failure was whole. */
export async function* readBackup(source: BackupBytes): AsyncGenerator<BackedUpDocument> {
  for await (const part of readBackupParts(source)) {
    if (part.kind === 'document') yield part.document
  }
}

/** Everything in a backup, each document before its versions. One document or version at a time is in memory. Fails as {@link readBackup} does. */
export async function* readBackupParts(source: BackupBytes): AsyncGenerator<BackupPart> {
  const hash = createHash('sha256')
  let current:
    | ({ -readonly [Key in keyof BackedUpDocument]: BackedUpDocument[Key] } & { tail: LogRow[] })
    | undefined
  let at = 0
  let count = 0
  let isBegun = false
  let isEnded = false
  /** `current` was given out: only its versions may follow. */
  let isGiven = false
  const whole = (): BackupPart | undefined => {
    if (!current || isGiven) return undefined
    const last = (current.snapshot?.number ?? 0) + current.tail.length
    if (last !== current.head) throw damaged(at, `document ${current.info.document} is not whole`)
    count += 1
    isGiven = true
    return { kind: 'document', document: current }
  }
  for await (const { record, bytes } of readRecords(source)) {
    if (isEnded) throw damaged(at, 'something follows the end')
    const { kind, json, data } = record
    if (!isBegun && kind !== recordKind.backup) throw damaged(at, 'this is not a backup of Quire')
    switch (kind) {
      case recordKind.backup: {
        if (isBegun) throw damaged(at, 'it begins twice')
        isBegun = true
        const format = numberIn(record, 'format', at)
        if (format > backupFormat) {
          throw new BackupError(
            'newer',
            `the backup is of format ${format}, and this Quire knows formats up to ${backupFormat}; use the newer one`,
          )
        }
        break
      }
      case recordKind.document: {
        const before = whole()
        if (before) yield before
        current = documentOf(record, at)
        isGiven = false
        break
      }
      case recordKind.snapshot: {
        if (!current || isGiven || current.snapshot || current.tail.length > 0)
          throw damaged(at, 'a snapshot is out of place')
        current.snapshot = snapshotOf(record, at)
        break
      }
      case recordKind.row: {
        const number = numberIn(record, 'number', at)
        const author = json['author']
        const expected = (current?.snapshot?.number ?? 0) + (current?.tail.length ?? 0) + 1
        if (!current || isGiven || number !== expected || typeof author !== 'string') {
          throw damaged(at, 'a row is out of place')
        }
        current.tail.push({ number, author, update: data })
        break
      }
      case recordKind.version: {
        const before = whole()
        if (before) yield before
        if (!current) throw damaged(at, 'a version is out of place')
        yield { kind: 'version', version: versionOf(record, at) }
        break
      }
      case recordKind.end: {
        const before = whole()
        if (before) yield before
        current = undefined
        isEnded = true
        if (json['documents'] !== count || json['sha256'] !== hash.digest('hex')) {
          throw damaged(at, 'it is not what was written')
        }
        break
      }
      default:
        throw damaged(at, `there is no record of kind ${kind}`)
    }
    if (!isEnded) hash.update(bytes)
    at += bytes.length
  }
  if (!isEnded) throw damaged(at, 'its end is missing')
}

function documentOf({ json }: BackupRecord, at: number): BackedUpDocument & { tail: LogRow[] } {
  const { name, title, createdMs, changedMs, lineage, head, authors } = json
  const document: DocumentName | undefined =
    typeof name === 'string' ? parseDocumentName(name) : undefined
  const isWhole =
    document !== undefined &&
    typeof title === 'string' &&
    typeof lineage === 'string' &&
    [createdMs, changedMs, head].every((value) => Number.isSafeInteger(value)) &&
    Array.isArray(authors) &&
    authors.every(
      (pair) => Array.isArray(pair) && Number.isSafeInteger(pair[0]) && typeof pair[1] === 'string',
    )
  if (!isWhole) throw damaged(at, 'a document is not what it says')
  return {
    info: { document, title, createdMs: Number(createdMs), changedMs: Number(changedMs) },
    lineage,
    head: Number(head),
    authors: authors as [number, string][],
    snapshot: undefined,
    tail: [],
  }
}

function versionOf(record: BackupRecord, at: number): BackedUpVersion {
  const { kind, name, author, madeMs } = record.json
  const known = versionKinds.find((each) => each === kind)
  const isWhole =
    known !== undefined &&
    typeof name === 'string' &&
    typeof author === 'string' &&
    Number.isSafeInteger(madeMs)
  if (!isWhole) throw damaged(at, 'a version is not what it says')
  const number = numberIn(record, 'number', at)
  return { number, kind: known, name, author, madeMs: Number(madeMs), state: record.data }
}

function snapshotOf(record: BackupRecord, at: number): Snapshot {
  const { lengths } = record.json
  const { data } = record
  if (!Array.isArray(lengths) || lengths.length !== 3)
    throw damaged(at, 'a snapshot has no lengths')
  const [first, second, third] = lengths.map(Number) as [number, number, number]
  if (first + second + third !== data.length || Math.min(first, second, third) < 0) {
    throw damaged(at, 'the lengths of a snapshot do not fit')
  }
  return {
    number: numberIn(record, 'number', at),
    update: data.subarray(0, first),
    stateVector: data.subarray(first, first + second),
    deleteSet: data.subarray(first + second),
  }
}

function numberIn({ json }: BackupRecord, key: string, at: number): number {
  const value = json[key]
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
    throw damaged(at, `${key} is not a number from 1`)
  }
  return value
}

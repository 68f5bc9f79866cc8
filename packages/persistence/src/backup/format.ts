/**
 * The bytes of a backup: records one after the other, each with its own checksum, and at the end a hash
 * of everything before.
 *
 * ```
 * backup   := record*                       the first is `backup`, the last is `end`
 * record   := kind u8 · jsonBytes u32 · dataBytes u32 · crc32 u32 · json · data       numbers little-endian
 * ```
 *
 * | kind | json | data |
 * | --- | --- | --- |
 * | 1 backup | `format`, `madeMs` | |
 * | 2 document | `name`, `title`, `createdMs`, `changedMs`, `lineage`, `head`, `authors`: [client id, author]… | |
 * | 3 snapshot | `number`, `lengths` of its update, state vector, delete set | the three, one after the other |
 * | 4 row | `number`, `author` | the update |
 * | 5 end | `documents`, `sha256` of all bytes before this record, in hex | |
 * | 6 version | `number`, `kind`, `name`, `author`, `madeMs` | the state |
 *
 * A document's snapshot and rows follow it, in the order of their numbers, and then its versions, the
 * oldest first. Format 1 has no versions. The crc32 is of kind, sizes,
 * json and data.
 */
import { crc32 } from 'node:zlib'

export const backupFormat = 2

export const recordKind = {
  backup: 1,
  document: 2,
  snapshot: 3,
  row: 4,
  end: 5,
  version: 6,
} as const
export type RecordKind = (typeof recordKind)[keyof typeof recordKind]

/** A record as it stands in the file; not judged beyond its checksum. */
export interface BackupRecord {
  readonly kind: number
  readonly json: Readonly<Record<string, unknown>>
  readonly data: Uint8Array
}

const headBytes = 13
/** A snapshot of a document of 50 MB with room; a larger length is damage. */
const recordBytesMax = 1024 * 1024 * 1024
const noData = new Uint8Array()

/** A backup is cut, changed, of another format, or not a backup. */
export class BackupError extends Error {
  override readonly name = 'BackupError'
  readonly code: 'damaged' | 'newer'

  constructor(code: 'damaged' | 'newer', message: string) {
    super(message)
    this.code = code
  }
}

/** The bytes of one record. `data` is copied. */
export function encodeRecord(kind: RecordKind, json: object, data: Uint8Array = noData): Buffer {
  const text = Buffer.from(JSON.stringify(json))
  const record = Buffer.allocUnsafe(headBytes + text.length + data.length)
  record.writeUInt8(kind, 0)
  record.writeUInt32LE(text.length, 1)
  record.writeUInt32LE(data.length, 5)
  text.copy(record, headBytes)
  record.set(data, headBytes + text.length)
  record.writeUInt32LE(sumOf(record), 9)
  return record
}

function sumOf(record: Buffer): number {
  return crc32(record.subarray(headBytes), crc32(record.subarray(0, 9)))
}

/** The records of a backup with their bytes, in order. Fails with {@link BackupError} where the bytes stop making sense. */
export async function* readRecords(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<{ readonly record: BackupRecord; readonly bytes: Buffer }> {
  /** What was read and is not used yet. */
  let rest: Buffer[] = []
  let restBytes = 0
  let at = 0
  const take = (count: number): Buffer => {
    const all = rest.length === 1 && rest[0] ? rest[0] : Buffer.concat(rest)
    rest = [all.subarray(count)]
    restBytes -= count
    return all.subarray(0, count)
  }
  let head: Buffer | undefined
  for await (const chunk of source) {
    rest.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length))
    restBytes += chunk.length
    for (;;) {
      if (!head) {
        if (restBytes < headBytes) break
        head = Buffer.from(take(headBytes))
      }
      const jsonBytes = head.readUInt32LE(1)
      const bodyBytes = jsonBytes + head.readUInt32LE(5)
      if (bodyBytes > recordBytesMax) throw damaged(at, 'a length makes no sense')
      if (restBytes < bodyBytes) break
      const bytes = Buffer.concat([head, take(bodyBytes)])
      head = undefined
      if (sumOf(bytes) !== bytes.readUInt32LE(9)) throw damaged(at, 'a checksum does not fit')
      yield { record: parse(bytes, jsonBytes, at), bytes }
      at += bytes.length
    }
  }
  if (head || restBytes > 0) throw damaged(at, 'the backup ends in the middle of a record')
}

function parse(bytes: Buffer, jsonBytes: number, at: number): BackupRecord {
  const text = bytes.toString('utf8', headBytes, headBytes + jsonBytes)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw damaged(at, 'a record is not what it says')
  }
  if (typeof json !== 'object' || json === null) throw damaged(at, 'a record is not what it says')
  const data = bytes.subarray(headBytes + jsonBytes)
  return { kind: bytes.readUInt8(0), json: json as BackupRecord['json'], data }
}

export function damaged(at: number, why: string): BackupError {
  return new BackupError('damaged', `the backup is damaged at byte ${at}: ${why}`)
}

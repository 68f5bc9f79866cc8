/**
 * The blob store: bytes that are named by their hash. Uploads now, large snapshots later. `contract.ts`
 * is the suite that every adapter passes.
 *
 * 1. A name is the SHA-256 of what it names. Under a name there are these bytes, or nothing: never others.
 * 2. `put` resolves when the bytes are on stable storage. The same bytes are stored once.
 * 3. Nothing is changed in place, and nothing goes but by `delete`.
 *
 * Knows no documents: who refers to a blob is the caller's to say, see `collect-blobs.ts`.
 */
import { createHash } from 'node:crypto'
import { StoreError } from '../store.ts'

/** SHA-256 in 64 lower-case hexadecimal digits. */
export type BlobName = string & { readonly blobName: true }

export interface BlobEntry {
  readonly name: BlobName
  readonly bytes: number
  /** When it was put last, by the clock of the place where it is, in ms since 1970. */
  readonly storedMs: number
}

/**
 * Every call fails with a `StoreError`: `io` for a disk or a service that fails, `full` without space,
 * `corrupt` for bytes that are not those of their name.
 */
export interface BlobStore {
  /** Keeps a copy of `bytes`, also in the place of one that was damaged. Putting what is there makes it as new to `list`. */
  put(bytes: Uint8Array): Promise<BlobName>
  /** The bytes, checked; undefined when there are none under that name. */
  get(name: BlobName): Promise<Uint8Array | undefined>
  /** Removes a blob that was put last at `notAfterMs` or before; one that was put later stays. */
  delete(name: BlobName, notAfterMs: number): Promise<'deleted' | 'missing' | 'newer'>
  /** Everything there is, in no order. What is put or deleted meanwhile may be in it or not. */
  list(): AsyncIterable<BlobEntry>
}

export function parseBlobName(text: string): BlobName | undefined {
  return /^[0-9a-f]{64}$/.test(text) ? (text as BlobName) : undefined
}

export function blobNameOf(bytes: Uint8Array): BlobName {
  return createHash('sha256').update(bytes).digest('hex') as BlobName
}

/** `bytes` when they are those of `name`. Throws `corrupt`. */
export function checkedBlob(name: BlobName, bytes: Uint8Array): Uint8Array {
  if (blobNameOf(bytes) === name) return bytes
  throw new StoreError('corrupt', `blob ${name} is not what was stored`)
}

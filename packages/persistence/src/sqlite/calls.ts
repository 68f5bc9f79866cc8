/** What the store asks of its thread and what comes back. Bytes travel packed; see `packed-bytes.ts`. */
import type { DocumentName } from '@quire/protocol'
import type { PackedBytes } from '../packed-bytes.ts'
import type { DocumentInfo, DocumentPage, Snapshot, StoreErrorCode } from '../store.ts'
import type { PackedAppend } from './packed-append.ts'
import type { VerifiedDocuments } from './verify.ts'
import type { SearchCalls } from './search-calls.ts'
import type { TrashCalls } from './trash-calls.ts'
import type { VersionCalls } from './version-calls.ts'

/** Where and how the thread opens its database. */
export interface ThreadSettings {
  readonly folder: string
  readonly lockWaitMs: number
}

/** A document on its way. The large arrays of its snapshot change hands as they are; its rows are packed. */
export interface OpenedDocument {
  readonly snapshot: Snapshot | undefined
  readonly head: number
  readonly lineage: string | undefined
  readonly isDeleted: boolean
  readonly bytes: PackedBytes
  /** Every author of a row once; empty when no row has one. */
  readonly authors: readonly string[]
  /** For each row the place of its author in `authors`; empty when no row has one. */
  readonly authorOf: Uint32Array<ArrayBuffer>
}

/** Each kind of call: what it carries and what answers it. */
export interface Calls extends VersionCalls, SearchCalls, TrashCalls {
  /** Opens the database, so that a store that cannot be used says so at once. */
  start: { ask: Record<never, never>; answer: undefined }
  open: { ask: { document: DocumentName }; answer: OpenedDocument }
  /** Answers the packed results. */
  append: { ask: PackedAppend & { nowMs: number }; answer: string }
  compact: {
    ask: { document: DocumentName; number: number; parts: PackedBytes; replaces: number }
    answer: 'done' | 'stale'
  }
  authors: { ask: { document: DocumentName }; answer: readonly (readonly [number, string])[] }
  create: {
    ask: { document: DocumentName; title: string; nowMs: number }
    answer: 'created' | 'exists'
  }
  describe: { ask: { document: DocumentName }; answer: DocumentInfo | undefined }
  rename: {
    ask: { document: DocumentName; title: string; nowMs: number }
    answer: 'done' | 'missing'
  }
  list: { ask: { limit: number; after: string | undefined }; answer: DocumentPage }
  delete: { ask: { document: DocumentName; nowMs: number }; answer: 'done' | 'missing' }
  verifyFile: { ask: Record<never, never>; answer: readonly string[] }
  verifyDocuments: {
    ask: { after: number; count: number }
    answer: VerifiedDocuments
  }
  /** Answers why the write-ahead log stays, if it does. */
  close: { ask: Record<never, never>; answer: string | undefined }
}

export type CallKind = keyof Calls
export type Call = { [K in CallKind]: { readonly kind: K } & Readonly<Calls[K]['ask']> }[CallKind]

export interface Request {
  readonly id: number
  readonly call: Call
}

/** Answers come in the order of the requests. */
export type Answer =
  | { readonly id: number; readonly kind: 'done'; readonly value: unknown }
  | {
      readonly id: number
      readonly kind: 'failed'
      readonly code: StoreErrorCode
      readonly message: string
    }

/** After this answer the thread ends and answers nothing more. */
export function endsThread(answer: Answer): boolean {
  return answer.kind === 'failed' && answer.code === 'io'
}

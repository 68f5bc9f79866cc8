/**
 * Versions of documents: states that somebody may want to see or have back. A store keeps and lists
 * them; when one is taken and how long it stays, `version-policy.ts` says.
 *
 * 1. A version never changes, but for its name. What is read is what was given, or the call fails with
 *    `corrupt`.
 * 2. Ids rise with each version of a document and are never given twice.
 * 3. Versions do not touch the document: not its log, not its place in the list.
 * 4. A deleted document shows none of its versions; they are kept like its rows.
 */
import type { DocumentName } from '@quire/protocol'
import type { SearchIndex } from './search/search-index.ts'
import type { DocumentStore } from './store.ts'
import type { Trash } from './trash.ts'

/** Why a version was taken: editing paused, time passed, something was restored over it, or a person wanted it. */
export type VersionKind = 'activity' | 'time' | 'before-restore' | 'named'
export const versionKinds: readonly VersionKind[] = ['activity', 'time', 'before-restore', 'named']

export interface VersionInfo {
  readonly id: number
  /** The number of the last log row that is in it. */
  readonly number: number
  readonly kind: VersionKind
  /** Empty, or what a person calls it; the rules of titles. */
  readonly name: string
  /** The id of the user who caused it; empty for nobody. */
  readonly author: string
  /** By the clock of the store. */
  readonly madeMs: number
  readonly byteCount: number
}

export interface NewVersion {
  /** From 1 to the document's head. */
  readonly number: number
  readonly kind: VersionKind
  readonly name?: string | undefined
  readonly author?: string | undefined
  /** For a version that was taken earlier, elsewhere; now by default. In ms since 1970. */
  readonly madeMs?: number | undefined
  /** The whole document as one Yjs update in V2 encoding; the store does not look inside. */
  readonly state: Uint8Array
}

export interface Version extends VersionInfo {
  readonly state: Uint8Array
}

/** One page, newest first. `next` is undefined on the last. */
export interface VersionPage {
  readonly versions: readonly VersionInfo[]
  readonly next: string | undefined
}

/** Calls fail with `StoreError`, like those of the store that it belongs to. */
export interface VersionStore {
  /** Durable when it resolves. `missing`: the document is not there or deleted. A number, name, kind, author or time that makes no sense fails with `bad-request`. */
  create(document: DocumentName, version: NewVersion): Promise<VersionInfo | 'missing'>
  /** `limit` is 1 to `pageDocumentsMax`. Empty for a document that is not there. A cursor that no list gave fails with `bad-request`. */
  list(
    document: DocumentName,
    options: { readonly limit: number; readonly after?: string | undefined },
  ): Promise<VersionPage>
  read(document: DocumentName, id: number): Promise<Version | undefined>
  /** An empty name takes the name away. */
  rename(document: DocumentName, id: number, name: string): Promise<'done' | 'missing'>
  /** Removes those of `ids` that there are, all or none, and answers how many. */
  remove(document: DocumentName, ids: readonly number[]): Promise<number>
}

/** A store of documents and of what belongs to them, in one database. */
export interface Store extends DocumentStore {
  readonly versions: VersionStore
  readonly search: SearchIndex
  readonly trash: Trash
}

/**
 * Deleted documents: what is still kept of them, and erasing that for good. Deleting hides a document
 * and keeps all of it; nothing here is ever done by itself.
 *
 * 1. Only what is deleted can be erased.
 * 2. What stays for ever is that there was a document of that name, with its lineage: the name is not
 *    given again, and who still has a copy does not bring it back.
 */
import type { DocumentName } from '@quire/protocol'

export interface DeletedDocument {
  readonly document: DocumentName
  readonly deletedMs: number
}

/** Calls fail with `StoreError`, like those of the store that it belongs to. */
export interface Trash {
  /** Deleted documents of which something is left, those first that were deleted first. `limit` is 1 to `pageDocumentsMax`. Looks at every document. */
  list(options: {
    readonly limit: number
    /** Only those that were deleted before, in ms since 1970. */
    readonly beforeMs?: number | undefined
  }): Promise<readonly DeletedDocument[]>
  /** Erases rows, snapshot, versions, authors, title and what the search has of it. `missing`: there is no such deleted document, or nothing is left of it. */
  purge(document: DocumentName): Promise<'done' | 'missing'>
}

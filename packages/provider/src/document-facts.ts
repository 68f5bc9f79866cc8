/**
 * What is known about the document beside its content, and kept beside the offline copy: of which
 * history it is, and under which client ids this device wrote what no server may have. Both are told to
 * the server when a connection begins, so that nothing is merged that does not belong together.
 *
 * 1. A lineage is what a server said. An empty document is of any history and claims none.
 * 2. Ids go when a server has everything. The present one stays while the page lives, saved or not: it
 *    would come back with the next letter, and each change is a write to the disk.
 */
import type * as Y from 'yjs'
import type { CopyFacts } from './copy-database.ts'

export interface DocumentFacts {
  /** The lineage to connect with. */
  readonly lineage: string | undefined
  /** Oldest first. */
  readonly unsavedIds: Iterable<number>
  /** Whether a copy with these facts is of the same history; if so they are known from now on. */
  readonly load: (stored: CopyFacts) => boolean
  /** A server said of which history the document is. */
  told(lineage: string): void
  /** An edit was made under the document's present id. */
  edited(): void
  /** A server has everything. */
  saved(): void
}

/** Where the facts are kept. Called with each that changed. */
export type KeepFact = <K extends keyof CopyFacts>(name: K, value: CopyFacts[K]) => void

export function createDocumentFacts(doc: Y.Doc, keep: KeepFact): DocumentFacts {
  const ids = new Set<number>()
  let lineage: string | undefined
  return {
    get lineage() {
      return doc.store.clients.size > 0 ? lineage : undefined
    },
    unsavedIds: ids,
    load(stored) {
      // Of a copy that comes late the server may have said otherwise by now.
      if (lineage !== undefined && stored.lineage !== undefined && lineage !== stored.lineage) {
        return false
      }
      lineage ??= stored.lineage
      for (const clientId of stored.ids) ids.add(clientId)
      return true
    },
    told(given) {
      if (lineage === given) return
      lineage = given
      keep('lineage', lineage)
    },
    edited() {
      if (ids.has(doc.clientID)) return
      ids.add(doc.clientID)
      keep('ids', [...ids])
    },
    saved() {
      const hasPresent = ids.has(doc.clientID)
      if (ids.size === (hasPresent ? 1 : 0)) return
      ids.clear()
      if (hasPresent) ids.add(doc.clientID)
      keep('ids', [...ids])
    },
  }
}

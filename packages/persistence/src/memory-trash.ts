/** The deleted documents of a memory store. */
import type { DocumentName } from '@quire/protocol'
import { checkPageLimit } from './check-request.ts'
import type { IndexedText } from './memory-search.ts'
import type { LogRow, Snapshot } from './store.ts'
import type { Trash } from './trash.ts'
import type { Version } from './version-store.ts'

/** What a document has. */
interface Kept {
  readonly isDeleted: boolean
  readonly deletedMs: number
  readonly authors: Map<number, string>
  title: string
  head: number
  snapshot: Snapshot | undefined
  tail: LogRow[]
  versions: Version[]
  indexed: IndexedText | undefined
}

/** `all` are all documents; throws when the store is closed. */
export function memoryTrash(all: () => ReadonlyMap<DocumentName, Kept>): Trash {
  const isLeft = ({ isDeleted, head, title }: Kept): boolean =>
    isDeleted && (head > 0 || title !== '')
  return {
    async list({ limit, beforeMs = Number.POSITIVE_INFINITY }) {
      const documents = [...all()]
      checkPageLimit(limit)
      return documents
        .filter(([, kept]) => isLeft(kept) && kept.deletedMs < beforeMs)
        .map(([document, { deletedMs }]) => ({ document, deletedMs }))
        .toSorted((a, b) => a.deletedMs - b.deletedMs)
        .slice(0, limit)
    },
    async purge(document) {
      const kept = all().get(document)
      if (!kept || !isLeft(kept)) return 'missing'
      kept.authors.clear()
      kept.title = ''
      kept.head = 0
      kept.snapshot = undefined
      kept.tail = []
      kept.versions = []
      kept.indexed = undefined
      return 'done'
    },
  }
}

/** The versions of a memory store. What is given and what is returned are copies. */
import type { Clock } from '@quire/base'
import type { DocumentName } from '@quire/protocol'
import {
  checkPageLimit,
  checkTitle,
  checkVersion,
  decodeCursor,
  encodeCursor,
} from './check-request.ts'
import { StoreError } from './store.ts'
import type { Version, VersionInfo, VersionStore } from './version-store.ts'

/** What a document has that is not deleted. */
interface Kept {
  readonly head: number
  versions: Version[]
}

export interface MemoryVersionsOptions {
  /** Throws when the store is closed. */
  readonly of: (document: DocumentName) => Kept | undefined
  readonly nextId: () => number
  readonly clock: Clock
}

export function memoryVersions({ of, nextId, clock }: MemoryVersionsOptions): VersionStore {
  return {
    async create(document, version) {
      const kept = of(document)
      checkVersion(version)
      if (!kept) return 'missing'
      const { number, kind, name = '', author = '' } = version
      if (number > kept.head) {
        throw new StoreError('bad-request', `document ${document} has no row ${number}`)
      }
      const made: Version = {
        id: nextId(),
        number,
        kind,
        name,
        author,
        madeMs: version.madeMs ?? clock.wallMs(),
        byteCount: version.state.length,
        state: new Uint8Array(version.state),
      }
      kept.versions.push(made)
      return infoOf(made)
    },
    async list(document, { limit, after }) {
      const kept = of(document)
      checkPageLimit(limit)
      const before = decodeCursor(after)
      const found = (kept?.versions ?? []).filter(({ id }) => id < before).toReversed()
      const page = found.slice(0, limit)
      const last = page.at(-1)
      return {
        versions: page.map(infoOf),
        next: last && found.length > limit ? encodeCursor(last.id) : undefined,
      }
    },
    async read(document, id) {
      const found = of(document)?.versions.find((version) => version.id === id)
      return found && { ...found, state: new Uint8Array(found.state) }
    },
    async rename(document, id, name) {
      const kept = of(document)
      checkTitle(name)
      const at = kept?.versions.findIndex((version) => version.id === id) ?? -1
      const found = kept?.versions[at]
      if (!kept || !found) return 'missing'
      kept.versions[at] = { ...found, name }
      return 'done'
    },
    async remove(document, ids) {
      const kept = of(document)
      if (!kept) return 0
      const gone = new Set(ids)
      const before = kept.versions.length
      kept.versions = kept.versions.filter(({ id }) => !gone.has(id))
      return before - kept.versions.length
    },
  }
}

function infoOf({ id, number, kind, name, author, madeMs, byteCount }: Version): VersionInfo {
  return { id, number, kind, name, author, madeMs, byteCount }
}

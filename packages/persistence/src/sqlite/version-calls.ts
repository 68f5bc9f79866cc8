/** The versions of a SQLite store as the event loop sees them: each call is one message to the thread. */
import type { Clock } from '@quire/base'
import type { DocumentName } from '@quire/protocol'
import { checkPageLimit, checkTitle, checkVersion } from '../check-request.ts'
import type {
  NewVersion,
  Version,
  VersionInfo,
  VersionPage,
  VersionStore,
} from '../version-store.ts'

/** Each kind of call: what it carries and what answers it. */
export interface VersionCalls {
  createVersion: {
    ask: { document: DocumentName; version: NewVersion; nowMs: number }
    answer: VersionInfo | 'missing'
  }
  listVersions: {
    ask: { document: DocumentName; limit: number; after: string | undefined }
    answer: VersionPage
  }
  readVersion: { ask: { document: DocumentName; id: number }; answer: Version | undefined }
  renameVersion: {
    ask: { document: DocumentName; id: number; name: string }
    answer: 'done' | 'missing'
  }
  removeVersions: { ask: { document: DocumentName; ids: readonly number[] }; answer: number }
}

type Ask<K extends keyof VersionCalls> = { readonly kind: K } & Readonly<VersionCalls[K]['ask']>
/** Sends a call to the thread; the named buffers go with it. */
export type SendVersionCall = <K extends keyof VersionCalls>(
  call: Ask<K>,
  transfer?: ArrayBuffer[],
) => Promise<VersionCalls[K]['answer']>

export function versionsOver(send: SendVersionCall, clock: Clock): VersionStore {
  return {
    async create(document, version) {
      checkVersion(version)
      const state = new Uint8Array(version.state)
      const nowMs = version.madeMs ?? clock.wallMs()
      return send({ kind: 'createVersion', document, version: { ...version, state }, nowMs }, [
        state.buffer,
      ])
    },
    async list(document, { limit, after }) {
      checkPageLimit(limit)
      return send({ kind: 'listVersions', document, limit, after })
    },
    read: (document, id) => send({ kind: 'readVersion', document, id }),
    async rename(document, id, name) {
      checkTitle(name)
      return send({ kind: 'renameVersion', document, id, name })
    },
    remove: (document, ids) => send({ kind: 'removeVersions', document, ids }),
  }
}

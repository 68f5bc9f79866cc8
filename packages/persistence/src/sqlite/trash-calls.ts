/** The deleted documents of a SQLite store as the event loop sees them: each call is one message to the thread. */
import type { DocumentName } from '@quire/protocol'
import { checkPageLimit } from '../check-request.ts'
import type { DeletedDocument, Trash } from '../trash.ts'

/** Each kind of call: what it carries and what answers it. */
export interface TrashCalls {
  listDeleted: {
    ask: { limit: number; beforeMs: number }
    answer: readonly DeletedDocument[]
  }
  purge: { ask: { document: DocumentName }; answer: 'done' | 'missing' }
}

type Ask<K extends keyof TrashCalls> = { readonly kind: K } & Readonly<TrashCalls[K]['ask']>
/** Sends a call to the thread. */
export type SendTrashCall = <K extends keyof TrashCalls>(
  call: Ask<K>,
) => Promise<TrashCalls[K]['answer']>

export function trashOver(send: SendTrashCall): Trash {
  return {
    async list({ limit, beforeMs = Number.MAX_SAFE_INTEGER }) {
      checkPageLimit(limit)
      return send({ kind: 'listDeleted', limit, beforeMs })
    },
    purge: (document) => send({ kind: 'purge', document }),
  }
}

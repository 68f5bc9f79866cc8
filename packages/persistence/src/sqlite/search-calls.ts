/** The search of a SQLite store as the event loop sees it: each call is one message to the thread. */
import type { Clock } from '@quire/base'
import type { DocumentName } from '@quire/protocol'
import { checkNumber, checkPageLimit, checkQuestion } from '../check-request.ts'
import {
  type BehindDocument,
  type SearchHit,
  type SearchIndex,
  type SearchQuestion,
  searchTextCharsMax,
} from '../search/search-index.ts'

/** Each kind of call: what it carries and what answers it. */
export interface SearchCalls {
  indexText: {
    ask: { document: DocumentName; text: string; number: number; nowMs: number }
    answer: 'done' | 'stale' | 'missing'
  }
  find: { ask: { question: SearchQuestion }; answer: readonly SearchHit[] }
  behind: {
    ask: { limit: number; after: DocumentName | undefined }
    answer: readonly BehindDocument[]
  }
}

type Ask<K extends keyof SearchCalls> = { readonly kind: K } & Readonly<SearchCalls[K]['ask']>
/** Sends a call to the thread. */
export type SendSearchCall = <K extends keyof SearchCalls>(
  call: Ask<K>,
) => Promise<SearchCalls[K]['answer']>

export function searchOver(send: SendSearchCall, clock: Clock): SearchIndex {
  return {
    async put(document, text, number) {
      checkNumber(number)
      const counted = text.slice(0, searchTextCharsMax)
      return send({ kind: 'indexText', document, text: counted, number, nowMs: clock.wallMs() })
    },
    async find(question) {
      checkQuestion(question)
      return send({ kind: 'find', question })
    },
    async behind({ limit, after }) {
      checkPageLimit(limit)
      return send({ kind: 'behind', limit, after })
    },
  }
}

/** The search of a memory store: looks through everything, each time. */
import type { Clock } from '@quire/base'
import type { DocumentName } from '@quire/protocol'
import { checkNumber, checkPageLimit, checkQuestion } from './check-request.ts'
import {
  type BehindDocument,
  excerptCharsMax,
  type SearchHit,
  type SearchIndex,
  searchTextCharsMax,
} from './search/search-index.ts'
import { snippetOf } from './search/snippet.ts'
import { questionOf, wordsOf } from './search/words.ts'
import type { Version } from './version-store.ts'

/** What the index has of a document. */
export interface IndexedText {
  readonly number: number
  readonly madeMs: number
  readonly words: readonly string[]
  readonly excerpt: string
}

/** What a document has that is not deleted. */
interface Kept {
  readonly title: string
  readonly head: number
  readonly createdMs: number
  readonly changedMs: number
  readonly changedOrder: number
  readonly versions: readonly Version[]
  indexed: IndexedText | undefined
}

export interface MemorySearchOptions {
  /** Documents that are not deleted, in the order in which they were made. Throws when the store is closed. */
  readonly all: () => Iterable<readonly [DocumentName, Kept]>
  readonly clock: Clock
}

export function memorySearch({ all, clock }: MemorySearchOptions): SearchIndex {
  return {
    async put(document, text, number) {
      const kept = new Map(all()).get(document)
      checkNumber(number)
      if (!kept) return 'missing'
      if (number < (kept.indexed?.number ?? 0)) return 'stale'
      kept.indexed = {
        number,
        madeMs: clock.wallMs(),
        words: wordsOf(text.slice(0, searchTextCharsMax)),
        excerpt: text.slice(0, excerptCharsMax),
      }
      return 'done'
    },
    async find(question) {
      const documents = [...all()]
      checkQuestion(question)
      const wanted = questionOf(question.text)
      if (wanted.length === 0) return []
      const among = question.documents && new Set(question.documents)
      const hits: { readonly hit: SearchHit; readonly inTitle: number; readonly order: number }[] =
        []
      for (const [document, { title, changedMs, changedOrder, indexed }] of documents) {
        if (among && !among.has(document)) continue
        const titleWords = wordsOf(title)
        const inTitle = wanted.filter((word) => titleWords.some((each) => each.startsWith(word)))
        const isFound = wanted.every(
          (word) => inTitle.includes(word) || indexed?.words.some((each) => each.startsWith(word)),
        )
        if (!isFound) continue
        const snippet = snippetOf(indexed?.excerpt ?? '', wanted)
        const hit = { document, title, changedMs, snippet }
        hits.push({ hit, inTitle: inTitle.length, order: changedOrder })
      }
      return hits
        .toSorted((a, b) => b.inTitle - a.inTitle || b.order - a.order)
        .slice(0, question.limit)
        .map(({ hit }) => hit)
    },
    async behind({ limit, after }) {
      const documents = [...all()]
      checkPageLimit(limit)
      const start = documents.findIndex(([document]) => document === after) + 1
      const found: BehindDocument[] = []
      for (const [document, kept] of documents.slice(start)) {
        const { head, createdMs, changedMs, indexed, versions } = kept
        const newest = versions.at(-1)
        if (indexed && indexed.number >= head && head <= (newest?.number ?? 0)) continue
        found.push({
          document,
          head,
          createdMs,
          changedMs,
          indexed: indexed && { number: indexed.number, madeMs: indexed.madeMs },
          newestVersion: newest && { number: newest.number, madeMs: newest.madeMs },
        })
      }
      return found.slice(0, limit)
    },
  }
}

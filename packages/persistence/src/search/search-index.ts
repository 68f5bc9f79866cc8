/**
 * The search over titles and texts. Texts come from whoever can read documents, after the fact; titles
 * are the store's own and are found at once. What is a word, `words.ts` says; every database finds the
 * same documents in the same order.
 *
 * The index is made of documents and can be made again: it is not in backups, and damage to it loses
 * nothing that people wrote.
 */
import type { DocumentName } from '@quire/protocol'
import type { SnippetPart } from './snippet.ts'

/** UTF-16 units of a text that are looked at: about 100 pages. The rest of a longer one is not found. */
export const searchTextCharsMax = 300_000
/** UTF-16 units of a text that are kept to show where a word was found. */
export const excerptCharsMax = 20_000
/** UTF-16 units of a question. */
export const questionCharsMax = 300
/** Documents in one answer. */
export const hitsMax = 100

export interface SearchQuestion {
  /** Every word of it has to be the beginning of a word of the document. Without a word nothing is found. */
  readonly text: string
  /** 1 to `hitsMax`. */
  readonly limit: number
  /** Only among these; all by default. */
  readonly documents?: readonly DocumentName[] | undefined
}

export interface SearchHit {
  readonly document: DocumentName
  readonly title: string
  readonly changedMs: number
  /** From the text, where it says something; else empty. */
  readonly snippet: readonly SnippetPart[]
}

/** A document that has rows which the index or its newest version does not have. All times in ms since 1970. */
export interface BehindDocument {
  readonly document: DocumentName
  readonly head: number
  readonly createdMs: number
  readonly changedMs: number
  /** What the index has of it; undefined for nothing. */
  readonly indexed: { readonly number: number; readonly madeMs: number } | undefined
  readonly newestVersion: { readonly number: number; readonly madeMs: number } | undefined
}

/** Calls fail with `StoreError`, like those of the store that it belongs to. */
export interface SearchIndex {
  /**
   * The text of a document as it was at row `number`, in the place of what was there. An older one than
   * is there changes nothing. Of a text longer than `searchTextCharsMax` the beginning counts.
   */
  put(document: DocumentName, text: string, number: number): Promise<'done' | 'stale' | 'missing'>
  /** Those in whose title most words of the question are first, then the last changed. A question longer than `questionCharsMax` or a limit that makes no sense fails with `bad-request`. */
  find(question: SearchQuestion): Promise<readonly SearchHit[]>
  /** Documents that somebody should look at, in an order that does not change, those after `after`. Looks at every document. */
  behind(options: {
    readonly limit: number
    readonly after?: DocumentName | undefined
  }): Promise<readonly BehindDocument[]>
}

/**
 * What every adapter refuses before it touches its data, with the same words. Not a check of document
 * names: their grammar is `parseDocumentName`'s, and a store treats a name as an opaque key.
 */
import { crc32 } from 'node:zlib'
import { type Append, type Snapshot, StoreError } from './store.ts'
import { hitsMax, questionCharsMax, type SearchQuestion } from './search/search-index.ts'
import { type NewVersion, versionKinds } from './version-store.ts'

/** Unicode code points in a title; two lines of a heading. Longer ones are text, and belong into the document. */
export const titleCharsMax = 300
/** UTF-16 units in the id of a user: a UUID has 36, an address of mail mostly below 100. It stands in every row. */
export const authorCharsMax = 128
/** Documents on one page of the list; a page is one message, and a few hundred are more than a screen shows. */
export const pageDocumentsMax = 1_000

const refuse = (message: string): never => {
  throw new StoreError('bad-request', message)
}

/** Throws `bad-request` unless `title` is well-formed text within the limit. */
export function checkTitle(title: string): void {
  // A lone surrogate has no UTF-8 form, and a zero ends a text in many databases: neither would come back as it was.
  if (/\p{Surrogate}|\0/u.test(title)) refuse('the title is not well-formed text')
  const charCount = title.length <= titleCharsMax ? title.length : Array.from(title).length
  if (charCount > titleCharsMax) {
    refuse(`the title has ${charCount} characters, the limit is ${titleCharsMax}`)
  }
}

/** Throws `bad-request` unless every entry has something to append, and its author and lineage can be kept. */
export function checkBatch(batch: readonly Append[]): void {
  for (const { document, updates, author, newClients, lineage } of batch) {
    if (updates.length === 0) refuse(`the entry of document ${document} has no updates`)
    if (author && !isAuthor(author)) refuse(`the author of an entry of ${document} is not an id`)
    if (newClients?.some((client) => !Number.isSafeInteger(client) || client < 0)) {
      refuse(`a client id of an entry of ${document} is not a whole number`)
    }
    if (lineage !== undefined && !isLineage(lineage)) {
      refuse(`the lineage of an entry of ${document} is not one`)
    }
  }
}

/** Whether `text` can be kept as the author of a row. */
export function isAuthor(text: string): boolean {
  return text.length <= authorCharsMax && !/\p{Surrogate}|\0/u.test(text)
}

/** Whether `text` can be the lineage of a document: what a store makes by itself, and some room for others. */
export function isLineage(text: string): boolean {
  return /^[\w-]{16,64}$/.test(text)
}

/** Throws `bad-request` unless the numbers can be those of a compaction. Whether they fit the document is the store's to see. */
export function checkCompaction(snapshot: Snapshot, replaces: number): void {
  const { number } = snapshot
  if (!Number.isSafeInteger(number) || !Number.isSafeInteger(replaces) || replaces < 0) {
    refuse('numbers of snapshots are whole and not negative')
  }
  if (number <= replaces) refuse(`a snapshot at ${number} cannot replace the one at ${replaces}`)
}

/** Throws `bad-request` unless `version` can be kept. Whether its number fits the document is the store's to see. */
export function checkVersion(version: NewVersion): void {
  const { number, kind, name = '', author = '', madeMs = 0 } = version
  if (!Number.isSafeInteger(madeMs) || madeMs < 0) refuse('a version has no such time')
  if (!Number.isSafeInteger(number) || number < 1) refuse(`${number} is not the number of a row`)
  if (!versionKinds.includes(kind)) refuse('a version has no such kind')
  if (!isAuthor(author)) refuse('the author of a version is not an id')
  checkTitle(name)
}

/** Throws `bad-request` unless `question` can be asked. */
export function checkQuestion({ text, limit }: SearchQuestion): void {
  if (text.length > questionCharsMax)
    refuse(`a question has at most ${questionCharsMax} characters`)
  if (!Number.isInteger(limit) || limit < 1 || limit > hitsMax) {
    refuse(`the limit of an answer is 1 to ${hitsMax}, not ${limit}`)
  }
}

/** Throws `bad-request` unless `number` can be that of a row, or 0. */
export function checkNumber(number: number): void {
  if (!Number.isSafeInteger(number) || number < 0) refuse(`${number} is not the number of a row`)
}

/** Throws `bad-request` unless `limit` is a size that a page may have. */
export function checkPageLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > pageDocumentsMax) {
    refuse(`the limit of a page is 1 to ${pageDocumentsMax}, not ${limit}`)
  }
}

const mark = (order: string): string => crc32(`documents after ${order}`).toString(36)

/** The `next` of a page: the place of its last document in the order of changes. The mark catches mistakes, not malice. */
export function encodeCursor(order: number): string {
  const text = order.toString(36)
  return `${text}-${mark(text)}`
}

/** The place that a cursor means; Infinity without a cursor. Throws `bad-request` for a text that `encodeCursor` did not write. */
export function decodeCursor(cursor: string | undefined): number {
  if (cursor === undefined) return Number.POSITIVE_INFINITY
  const [text = '', own, ...rest] = cursor.split('-')
  const order = Number.parseInt(text, 36)
  if (own !== mark(text) || rest.length > 0 || !Number.isSafeInteger(order) || order < 1) {
    refuse('the cursor is not one that this list gave')
  }
  return order
}

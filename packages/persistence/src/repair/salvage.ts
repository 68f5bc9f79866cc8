/**
 * Reads what can be read of a damaged `quire.db`, document by document. Changes nothing.
 *
 * What it answers is what was written, by its checksums; what is not is named and left to whoever looks at
 * the original. Structures of SQLite that are damaged are gone around by looking up each row by its key;
 * rows that no page leads to any more are not found here.
 */
import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import { reasonOf } from '@quire/base'
import { AuthorRows } from '../sqlite/author-rows.ts'
import { type DocumentRow, DocumentRows } from '../sqlite/document-row.ts'
import { eachCommit } from '../sqlite/journal.ts'
import { LogRows } from '../sqlite/log-rows.ts'
import { type LogRow, type Snapshot, StoreError } from '../store.ts'

/** What is left of one document. */
export type Salvaged =
  /** Everything of it. `problem`: all but some first authors. */
  | { readonly kind: 'whole'; readonly content: Content; readonly problem?: string | undefined }
  /** Up to the first damage. `later`: rows after it that are what was written, without those between. */
  | {
      readonly kind: 'cut'
      readonly content: Content
      readonly later: readonly LogRow[]
      readonly lostRows: number
      readonly problem: string
    }
  /** Its entry is known and its beginning is not: the snapshot, or the first row. What comes later means nothing alone, and an empty document is not what it was. */
  | {
      readonly kind: 'headless'
      readonly entry: DocumentRow
      readonly later: readonly LogRow[]
      readonly problem: string
    }
  /** Not even its name is known. */
  | { readonly kind: 'unknown'; readonly id: number; readonly problem: string }

export interface Content {
  readonly entry: DocumentRow
  readonly snapshot: Snapshot | undefined
  readonly rows: readonly LogRow[]
  readonly authors: readonly (readonly [number, string])[]
}

/** Every document of the file in the order of the ids, from 1 to the largest that anything names; at least to `idMin`. */
export function* salvage(db: DatabaseSyncInstance, idMin: number): Generator<Salvaged> {
  const from = {
    documents: new DocumentRows(db),
    log: new LogRows(db),
    authors: new AuthorRows(db),
  }
  const idMax = Math.max(idMin, largestId(db))
  const journal = readableJournal(db)
  for (let id = 1; id <= idMax; id++) {
    const entry = attempt(() => from.documents.withId(id))
    if (entry.kind === 'failed') yield { kind: 'unknown', id, problem: entry.problem }
    else if (entry.value === undefined) {
      yield { kind: 'unknown', id, problem: `the entry of document number ${id} is missing` }
    } else yield withJournal(salvageOne(from, entry.value), journal.get(id) ?? [])
  }
}

/** Rows of the journal that can be read, by document, in order. A damaged journal as a whole has none. */
function readableJournal(db: DatabaseSyncInstance): ReadonlyMap<number, LogRow[]> {
  const found = new Map<number, LogRow[]>()
  const commits = attempt(() => eachCommit(db))
  for (const read of commits.kind === 'read' ? commits.value : []) {
    const commit = attempt(read)
    if (commit.kind === 'failed') continue
    for (const { documentId, head, author, updates } of commit.value.entries) {
      const rows = found.get(documentId) ?? []
      found.set(documentId, rows)
      for (const [at, update] of updates.entries())
        rows.push({ number: head + 1 + at, update, author })
    }
  }
  return found
}

/** What the journal adds: rows that follow are part of the document, those after a hole or a damage stand alone. */
function withJournal(each: Salvaged, journal: readonly LogRow[]): Salvaged {
  if (each.kind === 'unknown' || journal.length === 0) return each
  if (each.kind !== 'whole') return { ...each, later: [...each.later, ...journal] }
  const { entry, rows } = each.content
  const hole = journal.findIndex(({ number }, at) => number !== entry.head + 1 + at)
  const following = hole < 0 ? journal : journal.slice(0, hole)
  const content = {
    ...each.content,
    entry: { ...entry, head: entry.head + following.length },
    rows: [...rows, ...following],
  }
  if (hole < 0) return { ...each, content }
  const later = journal.slice(hole)
  const lostRows = (later[0]?.number ?? 0) - content.entry.head - 1
  const problem = `document ${entry.name}: row ${content.entry.head + 1} is missing`
  const head = later.at(-1)?.number ?? content.entry.head
  return {
    kind: 'cut',
    content: { ...content, entry: { ...entry, head } },
    later,
    lostRows,
    problem,
  }
}

function salvageOne(
  from: { readonly log: LogRows; readonly authors: AuthorRows },
  entry: DocumentRow,
): Salvaged {
  const authors = attempt(() => from.authors.read(entry))
  const known = authors.kind === 'read' ? authors.value : []
  const read = attempt(() => from.log.read(entry))
  if (read.kind === 'read') {
    const { snapshot, tail: rows } = read.value
    const problem = authors.kind === 'failed' ? authors.problem : undefined
    return { kind: 'whole', content: { entry, snapshot, rows, authors: known }, problem }
  }
  const rows: LogRow[] = []
  const later: LogRow[] = []
  let lostRows = 0
  const snapshot = attempt(() => from.log.snapshot(entry))
  for (let number = entry.snapshotNumber + 1; number <= entry.head; number++) {
    const row = attempt(() => from.log.row(entry, number))
    if (row.kind === 'failed') lostRows += 1
    else if (lostRows > 0) later.push(row.value)
    else rows.push(row.value)
  }
  const { problem } = read
  const hasNothing = snapshot.kind === 'failed' || (!snapshot.value && rows.length === 0)
  if (hasNothing) {
    return { kind: 'headless', entry, later: [...rows, ...later], problem }
  }
  const content = { entry, snapshot: snapshot.value, rows, authors: known }
  return { kind: 'cut', content, later, lostRows, problem }
}

/** What any table says of the largest id. */
function largestId(db: DatabaseSyncInstance): number {
  const questions = ['id FROM documents', 'document_id FROM log', 'document_id FROM snapshots']
  const answers = questions.map((question) => {
    const [column = ''] = question.split(' ')
    const found = attempt(() =>
      Number(
        Object.values(
          db.prepare(`SELECT ${question} ORDER BY ${column} DESC LIMIT 1`).get() ?? {},
        )[0] ?? 0,
      ),
    )
    return found.kind === 'read' && Number.isSafeInteger(found.value) ? found.value : 0
  })
  return Math.max(...answers)
}

type Attempt<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'failed'; readonly problem: string }

function attempt<T>(read: () => T): Attempt<T> {
  try {
    return { kind: 'read', value: read() }
  } catch (error) {
    return {
      kind: 'failed',
      problem: error instanceof StoreError ? error.message : reasonOf(error),
    }
  }
}

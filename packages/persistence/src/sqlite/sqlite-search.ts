/**
 * The search of a SQLite store, on the thread of the database. Words are made here (`words.ts`); FTS5
 * gets lists of them and splits at spaces only. A row's id is that of its document.
 */
import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import type { DocumentName } from '@quire/protocol'
import {
  type BehindDocument,
  excerptCharsMax,
  type SearchHit,
  type SearchQuestion,
} from '../search/search-index.ts'
import { snippetOf } from '../search/snippet.ts'
import { questionOf, wordsOf } from '../search/words.ts'
import type { DocumentRow } from './document-row.ts'
import type { DocumentScope } from './sqlite-versions.ts'

interface FoundRow {
  readonly name: DocumentName
  readonly title: string
  readonly changedMs: number
  readonly changedOrder: number
  readonly excerpt: string
  /** Words of the question that are in the title. */
  readonly inTitle: number
}

interface BehindRow {
  readonly name: DocumentName
  readonly head: number
  readonly createdMs: number
  readonly changedMs: number
  readonly indexed: number | null
  readonly indexedMs: number | null
  readonly version: number | null
  readonly versionMs: number | null
}

/** Rows of documents that the tables do not have yet. */
export interface SearchedJournal {
  readonly pending: () => ReadonlyMap<DocumentName, { readonly document: DocumentRow }>
  /** Puts them into the tables. */
  readonly fold: () => void
}

/** A word as FTS5 takes it: nothing in it means anything. */
const prefix = (word: string): string => `"${word}"*`

export class SqliteSearch {
  readonly #db: DatabaseSyncInstance
  readonly #scope: DocumentScope
  readonly #journal: SearchedJournal
  readonly #indexed
  readonly #setTitle
  readonly #setText
  readonly #insert
  readonly #note
  readonly #behind

  constructor(db: DatabaseSyncInstance, scope: DocumentScope, journal: SearchedJournal) {
    this.#db = db
    this.#scope = scope
    this.#journal = journal
    this.#indexed = db.prepare('SELECT number FROM indexed WHERE document_id = ?')
    this.#setTitle = db.prepare('UPDATE search SET title = ? WHERE rowid = ?')
    this.#setText = db.prepare('UPDATE search SET title = ?, body = ?, excerpt = ? WHERE rowid = ?')
    this.#insert = db.prepare(
      'INSERT INTO search (rowid, title, body, excerpt) VALUES (?, ?, ?, ?)',
    )
    this.#note = db.prepare('INSERT OR REPLACE INTO indexed VALUES (?, ?, ?)')
    this.#behind = db.prepare(
      `SELECT d.name, d.head, d.created_ms AS createdMs, d.changed_ms AS changedMs,
         i.number AS indexed, i.made_ms AS indexedMs, v.number AS version, v.made_ms AS versionMs
       FROM documents d
       LEFT JOIN indexed i ON i.document_id = d.id
       LEFT JOIN versions v ON v.document_id = d.id
         AND v.id = (SELECT max(id) FROM versions WHERE document_id = d.id)
       WHERE d.deleted_ms IS NULL AND d.id > coalesce((SELECT id FROM documents WHERE name = ?), 0)
         AND (coalesce(i.number, -1) < d.head OR coalesce(v.number, 0) < d.head)
       ORDER BY d.id LIMIT ?`,
    )
  }

  /** In the transaction of the caller, who gives or changes the title. */
  setTitle({ id }: DocumentRow, title: string): void {
    const words = wordsOf(title).join(' ')
    const { changes } = this.#setTitle.run(words, id)
    if (Number(changes) === 0 && words !== '') this.#insert.run(id, words, '', '')
  }

  put(
    name: DocumentName,
    text: string,
    number: number,
    nowMs: number,
  ): 'done' | 'stale' | 'missing' {
    const done = this.#scope.write(name, ({ id, title }) => {
      const row: { number: number } | undefined = this.#indexed.get(id)
      if (row !== undefined && row.number > number) return 'stale'
      const [words, body] = [title, text].map((each) => wordsOf(each).join(' '))
      const excerpt = text.slice(0, excerptCharsMax)
      const { changes } = this.#setText.run(words ?? '', body ?? '', excerpt, id)
      if (Number(changes) === 0) this.#insert.run(id, words ?? '', body ?? '', excerpt)
      this.#note.run(id, number, nowMs)
      return 'done'
    })
    return done ?? 'missing'
  }

  find({ text, limit, documents }: SearchQuestion): SearchHit[] {
    const words = questionOf(text)
    if (words.length === 0) return []
    const among = documents === undefined ? undefined : JSON.stringify(documents)
    // What is in the journal stands further up than its row says, so all of it is asked for.
    const pending = this.#journal.pending()
    const ids = JSON.stringify(Array.from(pending.values(), ({ document }) => document.id))
    const settled = this.#match(words, limit, { among, but: ids })
    const recent = pending.size > 0 ? this.#match(words, -1, { among, only: ids }) : []
    const found = [...settled, ...recent].map((row) => {
      const { changedMs, changedOrder } = pending.get(row.name)?.document ?? row
      return { ...row, changedMs, changedOrder }
    })
    return found
      .toSorted((a, b) => b.inTitle - a.inTitle || b.changedOrder - a.changedOrder)
      .slice(0, limit)
      .map(({ name, title, changedMs, excerpt }) => ({
        document: name,
        title,
        changedMs,
        snippet: snippetOf(excerpt, words),
      }))
  }

  /** `among` are names, `but` and `only` ids, all as JSON. A limit of -1 is none. */
  #match(
    words: readonly string[],
    limit: number,
    { among, but, only }: { among: string | undefined; but?: string; only?: string },
  ): FoundRow[] {
    const inTitle = words.map(() => '(d.id IN (SELECT rowid FROM search WHERE search MATCH ?))')
    const isIn = (column: string, json: string | undefined, not = ''): string =>
      json === undefined ? '' : `AND ${column} ${not} IN (SELECT value FROM json_each(?))`
    return this.#db
      .prepare(
        `SELECT d.name, d.title, d.changed_ms AS changedMs, d.changed_order AS changedOrder,
           s.excerpt, ${inTitle.join(' + ')} AS inTitle
         FROM search s JOIN documents d ON d.id = s.rowid
         WHERE s.search MATCH ? AND d.deleted_ms IS NULL
           ${isIn('d.name', among)} ${isIn('d.id', but, 'NOT')} ${isIn('d.id', only)}
         ORDER BY inTitle DESC, d.changed_order DESC LIMIT ?`,
      )
      .all(
        ...words.map((word) => `title : ${prefix(word)}`),
        words.map(prefix).join(' AND '),
        ...[among, but, only].filter((json) => json !== undefined),
        limit,
      )
  }

  behind(limit: number, after: DocumentName | undefined): BehindDocument[] {
    this.#journal.fold()
    const rows: BehindRow[] = this.#behind.all(after ?? '', limit)
    return rows.map((row) => {
      const { name: document, head, createdMs, changedMs } = row
      const at = (number: number | null, madeMs: number | null) =>
        number === null || madeMs === null ? undefined : { number, madeMs }
      const indexed = at(row.indexed, row.indexedMs)
      const newestVersion = at(row.version, row.versionMs)
      return { document, head, createdMs, changedMs, indexed, newestVersion }
    })
  }
}

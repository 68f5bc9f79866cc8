/**
 * The search of a PostgreSQL store. Words are made here (`words.ts`); the database gets lists of them,
 * and none of its own rules about languages come into it. Titles are written with documents, by the
 * statements at the end.
 */
import type { Clock } from '@quire/base'
import type { DocumentName } from '@quire/protocol'
import { checkNumber, checkPageLimit, checkQuestion } from '../check-request.ts'
import { excerptCharsMax, type SearchIndex, searchTextCharsMax } from '../search/search-index.ts'
import { snippetOf } from '../search/snippet.ts'
import { questionOf, wordsOf } from '../search/words.ts'
import type { Query } from './postgres-versions.ts'

interface FoundRow {
  readonly name: DocumentName
  readonly title: string
  readonly changed_ms: string
  readonly excerpt: string
}

interface BehindRow {
  readonly name: DocumentName
  readonly head: string
  readonly created_ms: string
  readonly changed_ms: string
  readonly indexed: string | null
  readonly indexed_ms: string | null
  readonly version: string | null
  readonly version_ms: string | null
}

/** A word as a tsquery takes it: words have no quotes in them. */
const prefix = (word: string): string => `'${word}':*`

export function postgresSearch(schema: string, query: Query, clock: Clock): SearchIndex {
  return {
    async put(document, text, number) {
      checkNumber(number)
      const { rows } = await query<{ readonly title: string }>(
        `SELECT title FROM ${schema}.documents WHERE name = $1 AND deleted_ms IS NULL`,
        [document],
      )
      const [found] = rows
      if (!found) return 'missing'
      const excerpt = text.slice(0, excerptCharsMax).replaceAll('\0', ' ')
      // The title is only for a document that has nothing in the index yet.
      const { rowCount } = await query(
        `INSERT INTO ${schema}.search AS s (document_id, title, body, excerpt, number, made_ms)
         SELECT id, array_to_tsvector($2::text[]), array_to_tsvector($3::text[]), $4, $5, $6
         FROM ${schema}.documents WHERE name = $1 AND deleted_ms IS NULL
         ON CONFLICT (document_id) DO UPDATE
         SET body = excluded.body, excerpt = excluded.excerpt, number = excluded.number,
             made_ms = excluded.made_ms
         WHERE coalesce(s.number, 0) <= excluded.number`,
        [
          document,
          wordsOf(found.title),
          wordsOf(text.slice(0, searchTextCharsMax)),
          excerpt,
          number,
          clock.wallMs(),
        ],
      )
      return rowCount === 1 ? 'done' : 'stale'
    },
    async find(question) {
      checkQuestion(question)
      const words = questionOf(question.text)
      if (words.length === 0) {
        await query('SELECT', [])
        return []
      }
      const { rows } = await query<FoundRow>(
        `SELECT d.name, d.title, d.changed_ms, s.excerpt
         FROM ${schema}.search s JOIN ${schema}.documents d ON d.id = s.document_id
         WHERE s.whole @@ $1::tsquery AND d.deleted_ms IS NULL
           AND ($3::text[] IS NULL OR d.name = ANY ($3))
         ORDER BY (SELECT count(*) FROM unnest($2::text[]) w WHERE s.title @@ w::tsquery) DESC,
           d.changed_order DESC
         LIMIT $4`,
        [
          words.map(prefix).join(' & '),
          words.map(prefix),
          question.documents ?? null,
          question.limit,
        ],
      )
      return rows.map(({ name, title, changed_ms: changedMs, excerpt }) => ({
        document: name,
        title,
        changedMs: Number(changedMs),
        snippet: snippetOf(excerpt, words),
      }))
    },
    async behind({ limit, after }) {
      checkPageLimit(limit)
      const { rows } = await query<BehindRow>(
        `SELECT d.name, d.head, d.created_ms, d.changed_ms, s.number AS indexed,
           s.made_ms AS indexed_ms, v.number AS version, v.made_ms AS version_ms
         FROM ${schema}.documents d
         LEFT JOIN ${schema}.search s ON s.document_id = d.id
         LEFT JOIN LATERAL (
           SELECT number, made_ms FROM ${schema}.versions
           WHERE document_id = d.id ORDER BY id DESC LIMIT 1) v ON true
         WHERE d.deleted_ms IS NULL
           AND d.id > coalesce((SELECT id FROM ${schema}.documents WHERE name = $1), 0)
           AND (coalesce(s.number, -1) < d.head OR coalesce(v.number, 0) < d.head)
         ORDER BY d.id LIMIT $2`,
        [after ?? '', limit],
      )
      return rows.map((row) => ({
        document: row.name,
        head: Number(row.head),
        createdMs: Number(row.created_ms),
        changedMs: Number(row.changed_ms),
        indexed: at(row.indexed, row.indexed_ms),
        newestVersion: at(row.version, row.version_ms),
      }))
    },
  }
}

function at(
  number: string | null,
  madeMs: string | null,
): { readonly number: number; readonly madeMs: number } | undefined {
  return number === null || madeMs === null
    ? undefined
    : { number: Number(number), madeMs: Number(madeMs) }
}

/** Makes a document and its title in the index: $1 name, $2 title, $3 time, $4 lineage, $5 words of the title. One row when it was made. */
export const createText = (schema: string): string =>
  `WITH made AS (
     INSERT INTO ${schema}.documents
       (name, title, created_ms, changed_ms, lineage, head, snapshot_number, changed_order)
     VALUES ($1, $2, $3, $3, $4, 0, 0, nextval('${schema}.changes'))
     ON CONFLICT (name) DO NOTHING RETURNING id)
   INSERT INTO ${schema}.search (document_id, title)
   SELECT id, array_to_tsvector($5::text[]) FROM made`

/** Renames a document, also in the index: $1 name, $2 title, $3 time, $4 words of the title. One row when it was there. */
export const renameText = (schema: string): string =>
  `WITH renamed AS (
     UPDATE ${schema}.documents
     SET title = $2, changed_ms = greatest(changed_ms, $3), changed_order = nextval('${schema}.changes')
     WHERE name = $1 AND deleted_ms IS NULL RETURNING id)
   INSERT INTO ${schema}.search (document_id, title)
   SELECT id, array_to_tsvector($4::text[]) FROM renamed
   ON CONFLICT (document_id) DO UPDATE SET title = excluded.title`

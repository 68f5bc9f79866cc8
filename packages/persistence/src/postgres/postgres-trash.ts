/** The deleted documents of a PostgreSQL store. Each call is one statement. */
import type { DocumentName } from '@quire/protocol'
import { checkPageLimit } from '../check-request.ts'
import type { Trash } from '../trash.ts'
import type { Query } from './postgres-versions.ts'

/** Tables whose rows hang on a document. */
const tables = ['log', 'snapshots', 'authors', 'versions', 'search'] as const

const isLeft = "deleted_ms IS NOT NULL AND (head > 0 OR title <> '')"

export function postgresTrash(schema: string, query: Query): Trash {
  const erased = tables.map(
    (table) => `, ${table}_gone AS (
      DELETE FROM ${schema}.${table} USING purged WHERE document_id = purged.id)`,
  )
  return {
    async list({ limit, beforeMs = Number.MAX_SAFE_INTEGER }) {
      checkPageLimit(limit)
      const { rows } = await query<{ readonly name: DocumentName; readonly deleted_ms: string }>(
        `SELECT name, deleted_ms FROM ${schema}.documents
         WHERE ${isLeft} AND deleted_ms < $1 ORDER BY deleted_ms, id LIMIT $2`,
        [beforeMs, limit],
      )
      return rows.map(({ name, deleted_ms: deletedMs }) => ({
        document: name,
        deletedMs: Number(deletedMs),
      }))
    },
    async purge(document) {
      const { rows } = await query(
        `WITH purged AS (
           UPDATE ${schema}.documents SET title = '', head = 0, snapshot_number = 0
           WHERE name = $1 AND ${isLeft} RETURNING id)
         ${erased.join('')}
         SELECT id FROM purged`,
        [document],
      )
      return rows.length === 1 ? 'done' : 'missing'
    },
  }
}

/** Reads everything a PostgreSQL store has and checks it, document by document. */
import type { DocumentName } from '@quire/protocol'
import { StoreError } from '../store.ts'
import { type Query, verifyVersions } from './postgres-versions.ts'
import { readStored, type StoredRow, storedColumns } from './stored-document.ts'

/** Documents whose names are read at once. */
const pageSize = 500

export async function verifyDocuments(
  schema: string,
  query: Query,
): Promise<{ readonly documents: number; readonly problems: readonly string[] }> {
  const problems: string[] = []
  let documents = 0
  for (let after = '0'; ; ) {
    const { rows } = await query(
      `SELECT id, name FROM ${schema}.documents WHERE id > $1 ORDER BY id LIMIT ${pageSize}`,
      [after],
    )
    const page = rows as { readonly id: string; readonly name: DocumentName }[]
    for (const { id, name } of page) {
      // Deleted documents, too: what is kept is to be whole.
      const stored = await query(
        `WITH d AS MATERIALIZED
           (SELECT id, head, snapshot_number, lineage, NULL::bigint AS deleted_ms FROM ${schema}.documents WHERE id = $1)
         SELECT ${storedColumns} FROM d LEFT JOIN ${schema}.snapshots s ON s.document_id = d.id
         UNION ALL
         SELECT l.number, l.bytes, NULL, NULL, l.author, l.checksum, NULL, NULL, NULL, NULL
         FROM d JOIN ${schema}.log l ON l.document_id = d.id AND l.number > d.snapshot_number`,
        [id],
      )
      try {
        readStored(name, stored.rows as StoredRow[])
      } catch (error) {
        if (!(error instanceof StoreError)) throw error
        problems.push(error.message)
      }
      problems.push(...(await verifyVersions(schema, query, { id, name })))
      documents += 1
    }
    const last = page.at(-1)
    if (!last || page.length < pageSize) return { documents, problems }
    after = last.id
  }
}

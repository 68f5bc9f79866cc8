/**
 * The documents of a Hocuspocus server: a table with a name and the whole state of each document.
 * Its SQLite extension keeps `documents (name, data)` in a file; with its database extension the table
 * is the operator's own, often in PostgreSQL, so table and columns can be named.
 */
import { DatabaseSync } from '@photostructure/sqlite'
import pg from 'pg'
import { StoreError } from '../store.ts'
import { asStoreError } from '../sqlite/sqlite-error.ts'
import type { ForeignDocument } from './import-documents.ts'

export interface HocuspocusTable {
  /** `documents` by default; `schema.table` names a schema. */
  readonly table?: string
  /** `name` by default. */
  readonly nameColumn?: string
  /** `data` by default. */
  readonly dataColumn?: string
}

/** Documents that are read at once. */
const pageSize = 50

/** The documents in the file of Hocuspocus' SQLite extension. Fails with `io`, or `bad-request` for names that are not plain. */
export async function* readHocuspocusSqlite(
  file: string,
  names: HocuspocusTable = {},
): AsyncGenerator<ForeignDocument> {
  const { table, name, data } = quoted(names)
  const db = new DatabaseSync(file, { readOnly: true, open: false })
  try {
    db.open()
    const page = db.prepare(
      `SELECT ${name} AS name, ${data} AS data FROM ${table} WHERE ${name} > ? ORDER BY ${name} LIMIT ${pageSize}`,
    )
    for (let after = ''; ; ) {
      const rows: { readonly name: string; readonly data: Uint8Array }[] = page.all(after)
      for (const row of rows) yield { name: row.name, updates: [row.data] }
      const last = rows.at(-1)
      if (!last || rows.length < pageSize) return
      after = last.name
    }
  } catch (error) {
    throw asStoreError(error, `${file} cannot be read`)
  } finally {
    if (db.isOpen) db.close()
  }
}

/** The documents in a PostgreSQL table. Fails with `io`, or `bad-request` for names that are not plain. */
export async function* readHocuspocusPostgres(
  url: string,
  names: HocuspocusTable = {},
): AsyncGenerator<ForeignDocument> {
  const { table, name, data } = quoted(names)
  const client = new pg.Client(url)
  try {
    await client.connect()
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    for (let after = ''; ; ) {
      const { rows } = await client.query<{ readonly name: string; readonly data: Buffer }>(
        `SELECT ${name}::text AS name, ${data} AS data FROM ${table}
         WHERE ${name}::text COLLATE "C" > $1 ORDER BY ${name}::text COLLATE "C" LIMIT ${pageSize}`,
        [after],
      )
      for (const row of rows) yield { name: row.name, updates: [new Uint8Array(row.data)] }
      const last = rows.at(-1)
      if (!last || rows.length < pageSize) return
      after = last.name
    }
  } catch (error) {
    if (error instanceof StoreError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new StoreError('io', `the table ${table} cannot be read: ${reason}`, { cause: error })
  } finally {
    await client.end()
  }
}

function quoted(names: HocuspocusTable): { table: string; name: string; data: string } {
  const { table = 'documents', nameColumn = 'name', dataColumn = 'data' } = names
  const quote = (name: string): string => {
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name)) {
      throw new StoreError(
        'bad-request',
        `${JSON.stringify(name)} is not a plain name of a table or column`,
      )
    }
    return `"${name}"`
  }
  return {
    table: table.split('.').map(quote).join('.'),
    name: quote(nameColumn),
    data: quote(dataColumn),
  }
}

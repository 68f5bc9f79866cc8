/** Writes what was salvaged into a new `quire.db`. Every row keeps its number, every document its id, lineage and times. */
import { rmSync } from 'node:fs'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { must, reasonOf } from '@quire/base'
import { parseDocumentName } from '@quire/protocol'
import { AuthorRows } from '../sqlite/author-rows.ts'
import { type DocumentRow, DocumentRows } from '../sqlite/document-row.ts'
import { syncFile } from '../sqlite/folder.ts'
import { LogRows } from '../sqlite/log-rows.ts'
import { migrate } from '../sqlite/schema.ts'
import type { Content, Salvaged } from './salvage.ts'

export class Rebuild {
  readonly #db: DatabaseSyncInstance
  readonly #file: string
  readonly #documents: DocumentRows
  readonly #log: LogRows
  readonly #authors: AuthorRows
  /** Ids of documents of which not even the lineage is known. */
  readonly #unknown: number[] = []

  /** Makes `file` anew. */
  constructor(file: string) {
    for (const name of [file, `${file}-journal`]) rmSync(name, { force: true })
    this.#file = file
    this.#db = new DatabaseSync(file)
    migrate(this.#db)
    this.#documents = new DocumentRows(this.#db)
    this.#log = new LogRows(this.#db)
    this.#authors = new AuthorRows(this.#db)
    this.#db.exec('BEGIN IMMEDIATE')
  }

  /** In the order of the ids. What cannot be a document any more keeps its id as a deleted one, under a name that nobody uses. */
  add(salvaged: Salvaged): void {
    switch (salvaged.kind) {
      case 'whole':
        this.#put(salvaged.content, salvaged.content.entry.head)
        break
      case 'cut': {
        const { entry, rows } = salvaged.content
        this.#put(salvaged.content, entry.snapshotNumber + rows.length)
        break
      }
      case 'headless':
        this.#documents.put({ ...placeholder(salvaged.entry.id), lineage: salvaged.entry.lineage })
        break
      case 'unknown':
        this.#documents.put(placeholder(salvaged.id))
        this.#unknown.push(salvaged.id)
        break
    }
  }

  /** Copies the rows of the tables that hang on documents, as they are. Answers what could not be read. Indexes for search are left to be made anew. */
  copyTables(from: DatabaseSyncInstance): string[] {
    const problems: string[] = []
    for (const table of tablesOf(from)) {
      try {
        const select = from.prepare(`SELECT * FROM "${table}"`)
        select.setReturnArrays(true)
        for (const values of select.iterate() as Iterable<
          (string | number | Uint8Array | null)[]
        >) {
          const places = values.map(() => '?').join(', ')
          this.#db.prepare(`INSERT OR IGNORE INTO "${table}" VALUES (${places})`).run(...values)
        }
      } catch (error) {
        problems.push(`table ${table} was read in part: ${reasonOf(error)}`)
      }
    }
    // The checksum of a version is under the lineage of its document; without that nobody can say what it is.
    const forget = this.#db.prepare('DELETE FROM versions WHERE document_id = ?')
    for (const id of this.#unknown) forget.run(id)
    return problems
  }

  /** Commits and closes. The file is on the disk then; its name may not be. */
  finish(): void {
    this.#db.exec('COMMIT')
    this.#db.close()
    syncFile(this.#file)
  }

  /** Closes and removes the file. */
  abandon(): void {
    if (this.#db.isOpen) this.#db.close()
    for (const name of [this.#file, `${this.#file}-journal`]) rmSync(name, { force: true })
  }

  #put({ entry, snapshot, rows, authors }: Content, head: number): void {
    const document = { ...entry, head }
    this.#documents.put(document)
    if (snapshot) this.#log.replace(document, snapshot)
    this.#log.append(document, rows)
    for (const [client, author] of authors) this.#authors.note(document, [client], author)
  }
}

/** Tables whose rows refer to documents, beyond those that are salvaged row by row. */
function tablesOf(db: DatabaseSyncInstance): string[] {
  // What was indexed is not in the new file, so nothing may say that it was.
  const known = ['documents', 'log', 'journal', 'snapshots', 'authors', 'indexed']
  const rows: { name: string; sql: string }[] = db
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .all()
  const virtual = rows.filter(({ sql }) => /^CREATE VIRTUAL/i.test(sql)).map(({ name }) => name)
  return rows
    .map(({ name }) => name)
    .filter(
      (name) =>
        !known.includes(name) &&
        !name.startsWith('sqlite_') &&
        !virtual.some((index) => name === index || name.startsWith(`${index}_`)),
    )
}

function placeholder(id: number): DocumentRow {
  return {
    id,
    name: must(parseDocumentName(`quire.damaged.${id}`), 'a document name'),
    title: '',
    createdMs: 0,
    changedMs: 0,
    deletedMs: 0,
    lineage: `damaged-document-${id}`,
    head: 0,
    snapshotNumber: 0,
    // Deleted documents have no place in the list; any number will do.
    changedOrder: 0,
    writtenOrder: 0,
  }
}

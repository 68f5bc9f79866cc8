/**
 * Rows of `authors`: who was first to write under a client id of a document. Each with a checksum that
 * covers its place, as everywhere in this file.
 */
import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import { StoreError } from '../store.ts'
import { checksum } from './checksum.ts'
import type { DocumentRow } from './document-row.ts'

const checksumOf = (document: DocumentRow, client: number, author: string): number =>
  checksum(`${client} ${author}`, checksum(document.lineage))

/** The statements on `authors`, prepared once. */
export class AuthorRows {
  readonly #insert
  readonly #all

  constructor(db: DatabaseSyncInstance) {
    this.#insert = db.prepare('INSERT OR IGNORE INTO authors VALUES (?, ?, ?, ?)')
    this.#all = db.prepare(
      'SELECT client_id, author, checksum FROM authors WHERE document_id = ? ORDER BY client_id',
    )
    this.#all.setReturnArrays(true)
  }

  /** Notes `author` for those of `clients` that have none. */
  note(document: DocumentRow, clients: readonly number[], author: string): void {
    for (const client of clients) {
      this.#insert.run(document.id, client, author, checksumOf(document, client, author))
    }
  }

  /** In rising order of the client ids. Throws `corrupt`, with the document and the client. */
  read(document: DocumentRow): [number, string][] {
    const rows: [number, string, number][] = this.#all.all(document.id)
    return rows.map(([client, author, sum]) => {
      if (checksumOf(document, client, author) !== sum) {
        const what = `the author of client ${client} is not what was written`
        throw new StoreError('corrupt', `document ${document.name}: ${what}`)
      }
      return [client, author]
    })
  }
}

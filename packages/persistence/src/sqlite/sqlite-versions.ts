/**
 * Rows of `versions`: states of documents, each with a checksum over its bytes, its facts and its place.
 * On the thread of the database.
 */
import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import type { DocumentName } from '@quire/protocol'
import { decodeCursor, encodeCursor } from '../check-request.ts'
import { StoreError } from '../store.ts'
import type { NewVersion, Version, VersionInfo, VersionPage } from '../version-store.ts'
import { checksum } from './checksum.ts'
import type { DocumentRow } from './document-row.ts'

/** Work on one document that is there and not deleted, in a transaction; undefined when it is not. */
export interface DocumentScope {
  read<T>(name: DocumentName, work: (document: DocumentRow) => T): T | undefined
  /** `order` is the place of this write among all of the store, and is durable with it. */
  write<T>(name: DocumentName, work: (document: DocumentRow, order: number) => T): T | undefined
}

interface StoredVersion extends VersionInfo {
  readonly state: Uint8Array
  readonly checksum: number
}

const facts = 'id, number, kind, name, author, made_ms AS madeMs, byte_count AS byteCount'

const checksumOf = ({ lineage }: DocumentRow, version: Version): number => {
  const { id, number, kind, name, author, madeMs, byteCount, state } = version
  const place = JSON.stringify([id, number, kind, name, author, madeMs, byteCount])
  return checksum(state, checksum(place, checksum(lineage)))
}

export class SqliteVersions {
  readonly #scope: DocumentScope
  readonly #insert
  readonly #rename
  readonly #last
  readonly #page
  readonly #one
  readonly #all
  readonly #remove

  constructor(db: DatabaseSyncInstance, scope: DocumentScope) {
    this.#scope = scope
    this.#insert = db.prepare('INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    this.#rename = db.prepare(
      'UPDATE versions SET name = ?, checksum = ? WHERE document_id = ? AND id = ?',
    )
    this.#last = db.prepare('SELECT max(id) AS id FROM versions WHERE document_id = ?')
    this.#page = db.prepare(
      `SELECT ${facts} FROM versions WHERE document_id = ? AND id < ? ORDER BY id DESC LIMIT ?`,
    )
    const whole = `SELECT ${facts}, state, checksum FROM versions`
    this.#one = db.prepare(`${whole} WHERE document_id = ? AND id = ?`)
    this.#all = db.prepare(`${whole} WHERE document_id = ? AND id > ? ORDER BY id LIMIT 1`)
    this.#remove = db.prepare('DELETE FROM versions WHERE document_id = ? AND id = ?')
  }

  create(name: DocumentName, version: NewVersion, nowMs: number): VersionInfo | 'missing' {
    const made = this.#scope.write(name, (document, order) => {
      const { number, kind, name: title = '', author = '', state } = version
      if (number > document.head) {
        throw new StoreError('bad-request', `document ${name} has no row ${number}`)
      }
      const byteCount = state.length
      // A place among all writes rises. Of a repaired file, in which some are unknown, it may not.
      const { id: last }: { id: number | null } = this.#last.get(document.id)
      const id = Math.max(order, (last ?? 0) + 1)
      const info = { id, number, kind, name: title, author, madeMs: nowMs, byteCount }
      const sum = checksumOf(document, { ...info, state })
      const values = [document.id, id, number, kind, title, author, nowMs, byteCount]
      this.#insert.run(...values, state, sum)
      return info
    })
    return made ?? 'missing'
  }

  list(name: DocumentName, limit: number, after: string | undefined): VersionPage {
    const before = Math.min(decodeCursor(after), Number.MAX_SAFE_INTEGER)
    const found =
      this.#scope.read(name, ({ id }): VersionInfo[] => this.#page.all(id, before, limit + 1)) ?? []
    const versions = found.slice(0, limit)
    const last = versions.at(-1)
    return { versions, next: last && found.length > limit ? encodeCursor(last.id) : undefined }
  }

  /** Throws `corrupt`, with the document and the version. */
  read(name: DocumentName, id: number): Version | undefined {
    return this.#scope.read(name, (document) => this.#find(document, id))
  }

  rename(name: DocumentName, id: number, title: string): 'done' | 'missing' {
    // Read first: who asks for what is not there has nothing written.
    if (this.read(name, id) === undefined) return 'missing'
    const isDone = this.#scope.write(name, (document) => {
      const version = this.#find(document, id)
      if (version) {
        const sum = checksumOf(document, { ...version, name: title })
        this.#rename.run(title, sum, document.id, id)
      }
      return version !== undefined
    })
    return isDone === true ? 'done' : 'missing'
  }

  remove(name: DocumentName, ids: readonly number[]): number {
    if (ids.length === 0) return 0
    const count = this.#scope.write(name, (document) =>
      ids.reduce((sum, id) => sum + Number(this.#remove.run(document.id, id).changes), 0),
    )
    return count ?? 0
  }

  /** What is wrong with the versions of a document, deleted ones too. One of them at a time is in memory. */
  verify(document: DocumentRow): string[] {
    const problems: string[] = []
    for (let after = 0; ; ) {
      const row: StoredVersion | undefined = this.#all.get(document.id, after)
      if (row === undefined) return problems
      try {
        checked(document, row)
      } catch (error) {
        if (!(error instanceof StoreError)) throw error
        problems.push(error.message)
      }
      after = row.id
    }
  }

  #find(document: DocumentRow, id: number): Version | undefined {
    const row: StoredVersion | undefined = this.#one.get(document.id, id)
    return row && checked(document, row)
  }
}

function checked(document: DocumentRow, { checksum: sum, ...version }: StoredVersion): Version {
  if (checksumOf(document, version) !== sum) {
    const what = `version ${version.id} is not what was written`
    throw new StoreError('corrupt', `document ${document.name}: ${what}`)
  }
  return version
}

/**
 * Writes a backup: every document that is not deleted, with its rows, authors, snapshot and versions.
 * Each document is as of one moment; documents are read one after the other while people go on editing.
 */
import { createHash } from 'node:crypto'
import type { DocumentName } from '@quire/protocol'
import { pageDocumentsMax } from '../check-request.ts'
import type { DocumentInfo, DocumentStore } from '../store.ts'
import type { Version, VersionStore } from '../version-store.ts'
import { backupFormat, encodeRecord, recordKind } from './format.ts'

/** What a backup reads of a store; `versions` where it has them. */
export type BackupSource = Pick<DocumentStore, 'list' | 'describe' | 'open' | 'authors'> & {
  readonly versions?: Pick<VersionStore, 'list' | 'read'>
}

export interface BackupOptions {
  /** The time that the backup says it was made, in ms since 1970. */
  readonly madeMs: number
  /** Only this document; all by default. */
  readonly document?: DocumentName
}

/**
 * The bytes of the backup, in pieces. Fails as the store fails: with `corrupt` for a document that
 * cannot be read, so that a backup never looks whole when it is not. Take damaged documents out of the
 * way first (`verify` names them).
 */
export async function* writeBackup(
  store: BackupSource,
  { madeMs, document }: BackupOptions,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  const record = (...args: Parameters<typeof encodeRecord>): Buffer => {
    const bytes = encodeRecord(...args)
    hash.update(bytes)
    return bytes
  }
  yield record(recordKind.backup, { format: backupFormat, madeMs })
  let documents = 0
  for await (const info of chosen(store, document)) {
    const stored = await store.open(info.document)
    // Deleted since it was listed.
    if (stored.lineage === undefined) continue
    const { head, lineage, snapshot, tail } = stored
    const authors = [...(await store.authors(info.document))]
    const { document: name, ...times } = info
    yield record(recordKind.document, { name, ...times, lineage, head, authors })
    if (snapshot) {
      const parts = [snapshot.update, snapshot.stateVector, snapshot.deleteSet]
      const lengths = parts.map(({ length }) => length)
      yield record(recordKind.snapshot, { number: snapshot.number, lengths }, Buffer.concat(parts))
    }
    for (const { number, author, update } of tail) {
      yield record(recordKind.row, { number, author }, update)
    }
    for await (const { state, ...version } of versionsOf(store, info.document)) {
      const { number, kind, name: title, author, madeMs: takenMs } = version
      yield record(
        recordKind.version,
        { number, kind, name: title, author, madeMs: takenMs },
        state,
      )
    }
    documents += 1
  }
  yield encodeRecord(recordKind.end, { documents, sha256: hash.digest('hex') })
}

/** The oldest first, one at a time. One that is removed meanwhile is left out. */
async function* versionsOf(
  { versions }: BackupSource,
  document: DocumentName,
): AsyncGenerator<Version> {
  const ids: number[] = []
  for (let after: string | undefined; versions !== undefined; ) {
    const page = await versions.list(document, { limit: pageDocumentsMax, after })
    ids.push(...page.versions.map(({ id }) => id))
    after = page.next
    if (after === undefined) break
  }
  for (const id of ids.reverse()) {
    const version = await versions?.read(document, id)
    if (version) yield version
  }
}

async function* chosen(
  store: BackupSource,
  document: DocumentName | undefined,
): AsyncGenerator<DocumentInfo> {
  if (document !== undefined) {
    const info = await store.describe(document)
    if (info) yield info
    return
  }
  // The list moves while it is walked: a document that is edited comes to the front, where the walk has
  // been. So the names are taken first, twice, until nothing new turns up.
  const seen = new Set<DocumentName>()
  for (;;) {
    let isNew = false
    const found: DocumentInfo[] = []
    let after: string | undefined
    do {
      const page = await store.list({ limit: pageDocumentsMax, after })
      for (const info of page.documents) {
        if (seen.has(info.document)) continue
        seen.add(info.document)
        found.push(info)
        isNew = true
      }
      after = page.next
    } while (after !== undefined)
    yield* found
    if (!isNew) return
  }
}

/**
 * Puts documents of a backup into a store.
 *
 * 1. The whole backup is read and judged before the first document is written.
 * 2. A document that is there, or was deleted, is left alone and named: restoring never overwrites. Nobody
 *    else may make documents in the store meanwhile.
 * 3. A restored document has a lineage of its own: who still holds the later state is told so by the
 *    server, instead of having two states flow into each other.
 * 4. Content, authors, title and versions come back exactly. Rows before the backup's snapshot are gone, as they
 *    were; numbers begin anew.
 */
import type { DocumentName } from '@quire/protocol'
import type { Append, DocumentStore } from '../store.ts'
import type { VersionStore } from '../version-store.ts'
import {
  type BackedUpDocument,
  type BackupBytes,
  readBackup,
  readBackupParts,
} from './read-backup.ts'

export interface RestoreOptions {
  /** Only these; all by default. */
  readonly documents?: ReadonlySet<DocumentName>
  /** Judges the backup and says what would be done, and writes nothing. */
  readonly isDryRun?: boolean
}

/** Versions are restored where the store has them. */
export type RestoreTarget = DocumentStore & { readonly versions?: VersionStore }

export interface RestoreReport {
  /** Documents that were written, or would be. */
  readonly restored: readonly DocumentName[]
  /** Documents whose name is taken. */
  readonly taken: readonly DocumentName[]
  /** Documents that were asked for and are not in the backup. */
  readonly missing: readonly DocumentName[]
}

/** `open` gives the bytes from the beginning each time it is called: they are read twice. Fails with `BackupError` before anything was written, or as the store fails; what was restored until then stays and is `taken` the next time. */
export async function restoreBackup(
  store: RestoreTarget,
  open: () => BackupBytes,
  { documents, isDryRun = false }: RestoreOptions = {},
): Promise<RestoreReport> {
  const isWanted = ({ info }: BackedUpDocument): boolean => documents?.has(info.document) ?? true
  const found = new Set<DocumentName>()
  for await (const each of readBackup(open())) if (isWanted(each)) found.add(each.info.document)
  const missing = [...(documents ?? [])].filter((name) => !found.has(name))
  const restored: DocumentName[] = []
  const taken: DocumentName[] = []
  /** The document that was just written, whose versions follow. */
  let written: BackedUpDocument | undefined
  for await (const part of readBackupParts(open())) {
    if (part.kind === 'version') {
      const { version } = part
      if (!written || !store.versions) continue
      // Numbers begin anew: the snapshot is the first row.
      const before = written.snapshot ? written.snapshot.number - 1 : 0
      const number = Math.max(1, version.number - before)
      await store.versions.create(written.info.document, { ...version, number })
      continue
    }
    const each = part.document
    written = undefined
    if (!isWanted(each)) continue
    const { document } = each.info
    const stored = await store.open(document)
    if (stored.lineage !== undefined || stored.isDeleted) {
      taken.push(document)
      continue
    }
    if (!isDryRun) {
      await write(store, each)
      written = each
    }
    restored.push(document)
  }
  return { restored, taken, missing }
}

/** The rows in one append, so that a crash leaves all of the document or nothing. */
async function write(store: DocumentStore, each: BackedUpDocument): Promise<void> {
  const { info, snapshot, tail, authors } = each
  const { document, title } = info
  const entries: Append[] = []
  // The snapshot as the first row: the log is the truth, and what replaces it has to be in it.
  if (snapshot) entries.push({ document, updates: [snapshot.update] })
  for (const { update, author } of tail) entries.push({ document, updates: [update], author })
  // First authors are kept with an append; the update of these says nothing.
  for (const [author, newClients] of clientsByAuthor(authors)) {
    entries.push({ document, updates: [Uint8Array.of(0, 0)], author, newClients })
  }
  if (entries.length === 0) {
    await store.create(document, title)
    return
  }
  await store.append(entries)
  if (snapshot) await store.compact(document, { ...snapshot, number: 1 }, 0)
  if (title !== '') await store.rename(document, title)
}

function clientsByAuthor(authors: BackedUpDocument['authors']): Map<string, number[]> {
  const clients = new Map<string, number[]>()
  for (const [client, author] of authors) {
    const known = clients.get(author)
    if (known) known.push(client)
    else clients.set(author, [client])
  }
  return clients
}

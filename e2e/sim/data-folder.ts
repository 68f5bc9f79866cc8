/** Temporary data folders, and reading a document out of one by hand, with no server. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { must } from '@quire/base'
import { type DocumentStore, openSqliteStore } from '@quire/persistence'
import { parseDocumentName } from '@quire/protocol'
import * as Y from 'yjs'

export function makeDataFolder(): string {
  return mkdtempSync(join(tmpdir(), 'quire-sim-'))
}

export function removeDataFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

/** What is stored of `document`: snapshot and rows applied to a fresh Y.Doc. Nobody else may hold the folder. */
export async function readStored(folder: string, document: string): Promise<Y.Doc> {
  const store = await openSqliteStore({ folder })
  try {
    return await readFrom(store, document)
  } finally {
    await store.close()
  }
}

/** The same of a store that is open; the store is verified first. */
export async function readFrom(store: DocumentStore, document: string): Promise<Y.Doc> {
  const { problems } = await store.verify()
  if (problems.length > 0) throw new Error(problems.join('\n'))
  const stored = await store.open(must(parseDocumentName(document), 'a document name'))
  const doc = new Y.Doc()
  if (stored.snapshot !== undefined) Y.applyUpdate(doc, stored.snapshot.update)
  for (const { update } of stored.tail) Y.applyUpdate(doc, update)
  return doc
}

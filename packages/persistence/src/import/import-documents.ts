/**
 * Brings documents of another server into a store. Where they come from is the source's to know
 * (`hocuspocus.ts`, `y-leveldb.ts`, or any list of Yjs updates).
 *
 * 1. An update is read as Yjs reads it before it is stored; one that cannot be read is named, and the
 *    others go on. Deleted content is left out, as every Yjs client does.
 * 2. A document whose name is taken is left alone and named. Nothing is overwritten.
 * 3. A name that Quire does not accept is given another by `rename`, or named in the report. Two
 *    documents are never brought under one name.
 * 4. A dry run reads and judges everything and writes nothing.
 */
import { type DocumentName, parseDocumentName } from '@quire/protocol'
import { compactDocument } from '../compact-document.ts'
import { CompactionError } from '../compaction.ts'
import type { DocumentStore, Snapshot } from '../store.ts'

/** A document as another server keeps it. */
export interface ForeignDocument {
  readonly name: string
  /** Its whole state in Yjs' V1 encoding, or updates that give it one after the other. */
  readonly updates: readonly Uint8Array[]
}

export interface ImportOptions {
  readonly isDryRun?: boolean
  /** The name here for a name there; by default the same. Undefined: the document is not brought. */
  readonly rename?: (name: string) => string | undefined
}

export interface ImportReport {
  /** Brought, or would be. */
  readonly imported: readonly {
    readonly from: string
    readonly document: DocumentName
    readonly bytes: number
  }[]
  /** Not brought, and why, in words. */
  readonly left: readonly { readonly from: string; readonly why: string }[]
}

/** The update that says nothing: no structs, no deletions. */
const emptyBytes = 2

/** Fails only as the source or the store fails; what was brought until then stays. */
export async function importDocuments(
  store: DocumentStore,
  source: AsyncIterable<ForeignDocument> | Iterable<ForeignDocument>,
  { isDryRun = false, rename = (name) => name }: ImportOptions = {},
): Promise<ImportReport> {
  const imported: { from: string; document: DocumentName; bytes: number }[] = []
  const left: { from: string; why: string }[] = []
  const used = new Set<DocumentName>()
  for await (const { name, updates } of source) {
    const leave = (why: string): void => void left.push({ from: name, why })
    const wanted = rename(name)
    const document = wanted === undefined ? undefined : parseDocumentName(wanted)
    if (wanted === undefined) leave('left out by the renaming')
    else if (document === undefined)
      leave(`${JSON.stringify(wanted)} is not a name that Quire accepts`)
    else if (used.has(document)) leave(`another document was already brought as ${document}`)
    else {
      const snapshot = snapshotOf(updates)
      if (typeof snapshot === 'string') leave(snapshot)
      else if (await isTaken(store, document)) leave(`there is a document ${document} already`)
      else {
        if (!isDryRun) await bring(store, document, snapshot)
        used.add(document)
        imported.push({ from: name, document, bytes: snapshot.update.length })
      }
    }
  }
  return { imported, left }
}

/** The same as a snapshot of our own, read back once; or why it cannot be read. */
function snapshotOf(updates: readonly Uint8Array[]): Snapshot | string {
  if (updates.length === 0) return 'it holds nothing'
  try {
    const tail = updates.map((update, at) => ({ number: at + 1, update }))
    const snapshot = compactDocument({ snapshot: undefined, tail })
    const hasBytes = updates.some(({ length }) => length > emptyBytes)
    // Bytes in Yjs' V2 encoding look like an update without content to a reader of V1.
    if (hasBytes && snapshot.update.length <= emptyBytes)
      return 'its bytes hold no content in V1 encoding'
    return snapshot
  } catch (error) {
    if (error instanceof CompactionError) return `it cannot be read: ${error.message}`
    throw error
  }
}

async function isTaken(store: DocumentStore, document: DocumentName): Promise<boolean> {
  const { lineage, isDeleted } = await store.open(document)
  return lineage !== undefined || isDeleted
}

/** A row with everything, and a snapshot in its place, so that the first join is answered from stored bytes. */
async function bring(
  store: DocumentStore,
  document: DocumentName,
  snapshot: Snapshot,
): Promise<void> {
  await store.append([{ document, updates: [snapshot.update] }])
  await store.compact(document, { ...snapshot, number: 1 }, 0)
}

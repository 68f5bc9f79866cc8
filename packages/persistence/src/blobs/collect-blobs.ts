/**
 * Removes blobs that nothing refers to.
 *
 * 1. A blob goes only if it is not among the references, which the caller has read to the end before
 *    anything is deleted, and was put last longer than the grace ago. The grace is for what was uploaded
 *    and is not yet in a document: an editor that is offline, an undo, a version that is brought back.
 * 2. References that cannot be read end it: nothing is deleted on half of what is known.
 */
import type { Clock } from '@quire/base'
import type { BlobName, BlobStore } from './blob-store.ts'

export interface CollectOptions {
  /** Every name that something refers to: documents, versions, deleted documents that may come back. */
  readonly references: AsyncIterable<BlobName> | Iterable<BlobName>
  /** Blobs that were put last within this many ms stay. Days: a page that is offline counts as long. */
  readonly graceMs: number
  readonly clock: Clock
  /** Says what would go, and deletes nothing. */
  readonly isDryRun?: boolean
}

export interface CollectReport {
  readonly kept: number
  readonly deleted: readonly BlobName[]
  readonly deletedBytes: number
}

/** Fails as the store or the references fail; what was deleted until then is gone, and was nobody's. */
export async function collectBlobs(
  store: Pick<BlobStore, 'list' | 'delete'>,
  { references, graceMs, clock, isDryRun = false }: CollectOptions,
): Promise<CollectReport> {
  const notAfterMs = clock.wallMs() - graceMs
  const referred = new Set<BlobName>()
  for await (const name of references) referred.add(name)
  let kept = 0
  let deletedBytes = 0
  const deleted: BlobName[] = []
  for await (const { name, bytes, storedMs } of store.list()) {
    const isOld = storedMs <= notAfterMs
    // Put again since it was listed: it stays.
    const goes =
      !referred.has(name) &&
      isOld &&
      (isDryRun || (await store.delete(name, notAfterMs)) === 'deleted')
    if (goes) {
      deleted.push(name)
      deletedBytes += bytes
    } else kept += 1
  }
  return { kept, deleted, deletedBytes }
}

/** Two places as one store: new blobs go to the first, and what is only in the second is still found there. For a change of place without a move. */
import type { BlobEntry, BlobName, BlobStore } from './blob-store.ts'

export function layerBlobs(
  first: BlobStore,
  second: Pick<BlobStore, 'get' | 'delete' | 'list'>,
): BlobStore {
  return {
    put: (bytes) => first.put(bytes),
    async get(name: BlobName) {
      return (await first.get(name)) ?? second.get(name)
    },
    async delete(name, notAfterMs) {
      const answers = [await first.delete(name, notAfterMs), await second.delete(name, notAfterMs)]
      if (answers.includes('newer')) return 'newer'
      return answers.includes('deleted') ? 'deleted' : 'missing'
    },
    /** A blob that is in both places stands in it twice. */
    async *list(): AsyncGenerator<BlobEntry> {
      yield* first.list()
      yield* second.list()
    },
  }
}

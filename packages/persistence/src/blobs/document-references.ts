/**
 * Which blobs documents show, or showed and may show again: every text that could be a blob's name, in
 * the stored bytes of documents and of their versions. Decodes nothing, so it needs to know no schema and
 * finds more than is shown, never less: Yjs writes the text of an attribute in one piece.
 */
import { pageDocumentsMax } from '../check-request.ts'
import { StoreError } from '../store.ts'
import type { Store } from '../version-store.ts'
import { type BlobName, parseBlobName } from './blob-store.ts'

/**
 * Every name in all documents, some more than once. Fails with `bad-request` while deleted documents are
 * kept: what they show cannot be read, and they may come back. Fails as the store fails: a document that
 * cannot be read may show anything.
 */
export async function* documentReferences(
  store: Pick<Store, 'list' | 'open' | 'versions' | 'trash'>,
): AsyncGenerator<BlobName> {
  const [deleted] = await store.trash.list({ limit: 1 })
  if (deleted) {
    throw new StoreError(
      'bad-request',
      `document ${deleted.document} is deleted and not erased yet; what it shows is not known`,
    )
  }
  for (let after: string | undefined; ; ) {
    const page = await store.list({ limit: pageDocumentsMax, after })
    for (const { document } of page.documents) {
      const { snapshot, tail } = await store.open(document)
      if (snapshot) yield* namesIn(snapshot.update)
      for (const { update } of tail) yield* namesIn(update)
      for (let next: string | undefined; ; ) {
        const { versions, next: more } = await store.versions.list(document, {
          limit: pageDocumentsMax,
          after: next,
        })
        for (const { id } of versions) {
          const version = await store.versions.read(document, id)
          if (version) yield* namesIn(version.state)
        }
        next = more
        if (next === undefined) break
      }
    }
    after = page.next
    if (after === undefined) return
  }
}

/** All runs of 64 hexadecimal digits, those inside of longer runs too: what stands beside a name is chance. */
export function* namesIn(bytes: Uint8Array): Generator<BlobName> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  for (const [, found = ''] of text.matchAll(/(?=([0-9a-f]{64}))/g)) {
    const name = parseBlobName(found)
    if (name) yield name
  }
}

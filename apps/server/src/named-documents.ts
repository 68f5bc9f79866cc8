/**
 * A page of the documents that somebody may see, when these are named one by one. In the order of the
 * whole list, newest change first, and like it in pages; nothing of other documents shows in it.
 */
import type { DocumentInfo, DocumentStore } from '@quire/persistence'
import type { DocumentName } from '@quire/protocol'

export interface NamedPage {
  readonly documents: readonly DocumentInfo[]
  /** To be given as `after` for the next page; undefined on the last. */
  readonly next: string | undefined
}

/** `undefined`: the cursor is none. As many names as fit into a token, some hundreds. */
export async function listNamed(
  store: Pick<DocumentStore, 'describe'>,
  names: readonly DocumentName[],
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<NamedPage | undefined> {
  const cursor = after === undefined ? undefined : parseCursor(after)
  if (after !== undefined && cursor === undefined) return undefined
  const infos = await Promise.all(names.map((name) => store.describe(name)))
  const there = infos
    .filter((info) => info !== undefined)
    .filter((info) => cursor === undefined || compare(cursor, info) < 0)
    .sort(compare)
  const documents = there.slice(0, limit)
  const last = documents.at(-1)
  const isMore = last !== undefined && there.length > documents.length
  return { documents, next: isMore ? `${last.changedMs}~${last.document}` : undefined }
}

type Place = Pick<DocumentInfo, 'changedMs' | 'document'>

/** Newest first; names settle what changed in the same millisecond. */
function compare(a: Place, b: Place): number {
  return (
    b.changedMs - a.changedMs || (a.document < b.document ? -1 : a.document > b.document ? 1 : 0)
  )
}

function parseCursor(text: string): Place | undefined {
  const [, changedMs, document] = /^([0-9]{1,15})~(.+)$/.exec(text) ?? []
  if (changedMs === undefined || document === undefined) return undefined
  return { changedMs: Number(changedMs), document: document as DocumentName }
}

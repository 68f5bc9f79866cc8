/**
 * An append on its way to the thread and back. Entries go as one text and one buffer: cloning an object
 * for each of a hundred documents takes the event loop as long as a dozen of their edits.
 */
import { type PackedBytes, pack, unpack } from '../packed-bytes.ts'
import type { Append, AppendResult } from '../store.ts'

export interface PackedAppend {
  /** JSON of the entries without their updates. */
  readonly entries: string
  /** The updates of all entries, in order. */
  readonly updates: PackedBytes
}

type Entry = [
  document: Append['document'],
  updateCount: number,
  author?: string | null | undefined,
  newClients?: readonly number[] | null | undefined,
  lineage?: string | null | undefined,
]

/** Copies the updates. */
export function packAppend(batch: readonly Append[]): PackedAppend {
  const entries: Entry[] = []
  const updates: Uint8Array[] = []
  for (const { document, updates: own, author, newClients, lineage } of batch) {
    const isPlain = !author && !newClients?.length && lineage === undefined
    if (isPlain) entries.push([document, own.length])
    else entries.push([document, own.length, author, newClients, lineage])
    for (const update of own) updates.push(update)
  }
  return { entries: JSON.stringify(entries), updates: pack(updates) }
}

/** The batch again; its updates are views on the packed bytes. */
export function unpackAppend({ entries, updates }: PackedAppend): Append[] {
  const all = unpack(updates)
  let end = 0
  return (JSON.parse(entries) as Entry[]).map(
    ([document, count, author, newClients, lineage]): Append => {
      end += count
      return {
        document,
        updates: all.slice(end - count, end),
        author: author ?? undefined,
        newClients: newClients ?? undefined,
        lineage: lineage ?? undefined,
      }
    },
  )
}

export function packResults(results: readonly AppendResult[]): string {
  return JSON.stringify(
    results.map((result) => (result.kind === 'stored' ? [result.head, result.lineage] : 0)),
  )
}

export function unpackResults(text: string): AppendResult[] {
  return (JSON.parse(text) as (0 | [head: number, lineage: string])[]).map((result) =>
    result === 0 ? { kind: 'deleted' } : { kind: 'stored', head: result[0], lineage: result[1] },
  )
}

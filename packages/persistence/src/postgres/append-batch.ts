/** A batch of the contract as the arguments of the database's `append`, and its answer back. Pure. */
import { must } from '@quire/base'
import type { DocumentName } from '@quire/protocol'
import type { Append, AppendResult } from '../store.ts'
import { rowChecksum } from './row-checksum.ts'

export interface AppendArguments {
  /** Each document once, in the order of its first entry. */
  readonly names: DocumentName[]
  /** For a document that is made by this. */
  readonly lineages: string[]
  readonly counts: number[]
  /** One of each for every row: its document (from 1), its place in what that document gets (from 1), and what it holds. */
  readonly rowDocuments: number[]
  readonly rowPlaces: number[]
  readonly rowBytes: Buffer[]
  readonly rowAuthors: string[]
  readonly rowChecksums: number[]
  /** One of each for every client id that may be new. */
  readonly clientDocuments: number[]
  readonly clientIds: number[]
  readonly clientAuthors: string[]
}

/** `newLineage` makes a random one. */
export function argumentsOf(batch: readonly Append[], newLineage: () => string): AppendArguments {
  const places = new Map<DocumentName, number>()
  const made: AppendArguments = {
    names: [],
    lineages: [],
    counts: [],
    rowDocuments: [],
    rowPlaces: [],
    rowBytes: [],
    rowAuthors: [],
    rowChecksums: [],
    clientDocuments: [],
    clientIds: [],
    clientAuthors: [],
  }
  for (const { document, updates, author = '', newClients = [], lineage } of batch) {
    let place = places.get(document)
    if (place === undefined) {
      place = made.names.push(document)
      places.set(document, place)
      made.lineages.push(lineage ?? newLineage())
    }
    for (const client of author === '' ? [] : newClients) {
      made.clientDocuments.push(place)
      made.clientIds.push(client)
      made.clientAuthors.push(author)
    }
    for (const update of updates) {
      const count = (made.counts[place - 1] ?? 0) + 1
      made.counts[place - 1] = count
      made.rowDocuments.push(place)
      made.rowPlaces.push(count)
      // A copy: the caller may change its bytes once the call has returned, and a batch may be sent twice.
      made.rowBytes.push(Buffer.from(update))
      made.rowAuthors.push(author)
      made.rowChecksums.push(rowChecksum(document, author, update))
    }
  }
  return made
}

/** `heads` in the order of `names`; 0 for a deleted document. */
export function resultsOf(
  batch: readonly Append[],
  { names, counts }: AppendArguments,
  heads: readonly number[],
  lineages: readonly string[],
): AppendResult[] {
  /** The number before the next row of each document. */
  const at = new Map<DocumentName, { before: number; readonly lineage: string }>()
  for (const [i, name] of names.entries()) {
    const head = must(heads[i], 'every document of a batch has an answer')
    const lineage = must(lineages[i], 'every document of a batch has a lineage')
    if (head > 0)
      at.set(name, { before: head - must(counts[i], 'every document has rows'), lineage })
  }
  return batch.map(({ document, updates }): AppendResult => {
    const place = at.get(document)
    if (place === undefined) return { kind: 'deleted' }
    place.before += updates.length
    return { kind: 'stored', head: place.before, lineage: place.lineage }
  })
}

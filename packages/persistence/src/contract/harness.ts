/** What the parts of the contract suite share: an adapter under test, documents, bytes, and comparing. */
import { createHash } from 'node:crypto'
import { type DocumentName, parseDocumentName } from '@quire/protocol'
import { expect, test } from 'vitest'
import type { DocumentInfo, DocumentStore, Snapshot, StoredDocument } from '../store.ts'

/** An empty store of the adapter, made for one test. */
export interface StoreUnderTest<S extends DocumentStore = DocumentStore> {
  readonly store: S
  /** Closes the store and opens it again over the same data. */
  reopen(): Promise<S>
  /** Closes whatever is open and removes the data. */
  close(): Promise<void>
}

export interface StoreContract<S extends DocumentStore = DocumentStore> {
  /** Stands before each title. */
  readonly name: string
  readonly open: () => Promise<StoreUnderTest<S>>
}

export const named = (name: string): DocumentName => {
  const parsed = parseDocumentName(name)
  if (parsed === undefined) throw new Error(`${name} is not a document name`)
  return parsed
}
export const one: DocumentName = named('one')
export const two: DocumentName = named('two')

/** Bytes that look random and are the same in every run. */
export const bytesOf = (seed: string, byteCount: number): Uint8Array =>
  new Uint8Array(createHash('shake256', { outputLength: byteCount }).update(seed).digest())

export const snapshotAt = (number: number, seed = `snapshot ${number}`): Snapshot => ({
  number,
  update: bytesOf(`${seed} update`, 2_000),
  stateVector: bytesOf(`${seed} state vector`, 20),
  deleteSet: bytesOf(`${seed} delete set`, 30),
})

export const rowsOf = ({ tail }: StoredDocument): [number, string][] =>
  tail.map(({ number, update }) => [number, Buffer.from(update).toString('hex')])

export const rowsFrom = (first: number, updates: readonly Uint8Array[]): [number, string][] =>
  updates.map((update, at) => [first + at, Buffer.from(update).toString('hex')])

/** All pages of the list. */
export async function walk(store: DocumentStore, limit: number): Promise<DocumentInfo[]> {
  const found: DocumentInfo[] = []
  let after: string | undefined
  do {
    const page = await store.list({ limit, after })
    expect(page.documents.length).toBeLessThanOrEqual(limit)
    found.push(...page.documents)
    after = page.next
  } while (after !== undefined)
  return found
}

export const namesOf = (documents: readonly DocumentInfo[]): string[] =>
  documents.map(({ document }) => document)

/** The result of an append after which the log ends at `head`. */
export const stored = (head: number): object => ({
  kind: 'stored',
  head,
  lineage: expect.any(String),
})

export const code = (expected: string): object => expect.objectContaining({ code: expected })

/** A test of one promise, on a store of its own. */
export type TestPromise<S extends DocumentStore> = (
  title: string,
  run: (store: S, under: StoreUnderTest<S>) => Promise<void>,
) => void

export function promiseOf<S extends DocumentStore>(contract: StoreContract<S>): TestPromise<S> {
  return (title, run) =>
    test(title, async () => {
      const under = await contract.open()
      try {
        await run(under.store, under)
      } finally {
        await under.close()
      }
    })
}

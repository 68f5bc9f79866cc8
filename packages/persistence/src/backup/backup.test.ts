import { type DocumentName, parseDocumentName } from '@quire/protocol'
import { createSeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { compactDocument } from '../compact-document.ts'
import { createMemoryStore } from '../memory-store.ts'
import type { DocumentStore } from '../store.ts'
import type { Store } from '../version-store.ts'
import { BackupError } from './format.ts'
import { readBackup } from './read-backup.ts'
import { restoreBackup } from './restore-backup.ts'
import { writeBackup } from './write-backup.ts'

const named = (name: string): DocumentName => {
  const parsed = parseDocumentName(name)
  if (parsed === undefined) throw new Error(`${name} is not a document name`)
  return parsed
}

async function bytesOf(store: DocumentStore, document?: DocumentName): Promise<Buffer> {
  const pieces: Buffer[] = []
  const options = { madeMs: 1_700_000_000_000, ...(document && { document }) }
  for await (const piece of writeBackup(store, options)) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** In pieces of odd sizes, as a disk or a network gives them. */
function* inPieces(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function textOf(store: DocumentStore, document: DocumentName): Promise<string> {
  const { snapshot, tail } = await store.open(document)
  const doc = new Y.Doc()
  if (snapshot) Y.applyUpdate(doc, snapshot.update)
  for (const { update } of tail) Y.applyUpdate(doc, update)
  return doc.getText('content').toJSON()
}

/** Documents with and without snapshot, title, rows; one that is deleted. */
async function filledStore(): Promise<Store> {
  const store = createMemoryStore()
  for (const [name, rows, inside] of [
    ['long', 60, 40],
    ['compacted', 20, 20],
    ['fresh', 5, 0],
  ] as const) {
    const doc = new Y.Doc()
    doc.clientID = rows
    const updates: Uint8Array[] = []
    doc.on('update', (update: Uint8Array) => updates.push(update))
    for (let i = 0; i < rows; i++) doc.getText('content').insert(i % 3, `${name} ${i} `)
    for (const [i, update] of updates.entries()) {
      const author = i % 2 === 0 ? 'ada' : 'ben'
      const newClients = i === 0 ? [doc.clientID] : []
      await store.append([{ document: named(name), updates: [update], author, newClients }])
    }
    if (inside === 0) continue
    const { tail } = await store.open(named(name))
    const snapshot = compactDocument({ snapshot: undefined, tail: tail.slice(0, inside) })
    expect(await store.compact(named(name), snapshot, 0)).toBe('done')
  }
  await store.rename(named('long'), 'Länge')
  await store.create(named('empty'), 'Nothing yet')
  await store.create(named('gone'), '')
  await store.delete(named('gone'))
  return store
}

test('[BK1] what is backed up and restored is the same documents under lineages of their own', async () => {
  const store = await filledStore()
  const bytes = await bytesOf(store)
  for (const size of [1, 7, 4_096, bytes.length]) {
    const other = createMemoryStore()
    const report = await restoreBackup(other, () => inPieces(bytes, size))
    expect(report.restored.toSorted()).toEqual(['compacted', 'empty', 'fresh', 'long'])
    expect([report.taken, report.missing]).toEqual([[], []])
    for (const document of report.restored) {
      expect(await textOf(other, document)).toBe(await textOf(store, document))
      expect((await other.describe(document))?.title).toBe((await store.describe(document))?.title)
      expect(await other.authors(document)).toEqual(await store.authors(document))
      expect((await other.open(document)).lineage).not.toBe((await store.open(document)).lineage)
    }
    const { tail } = await other.open(named('long'))
    expect(tail.slice(0, 2).map(({ author }) => author)).toEqual(['ada', 'ben'])
    expect((await other.verify()).problems).toEqual([])
  }
})

test('[BK2] restoring overwrites nothing, can be asked for single documents, and can be tried first', async () => {
  const store = await filledStore()
  const bytes = await bytesOf(store)
  const other = createMemoryStore()
  await other.create(named('fresh'), 'Mine')
  await other.create(named('long'), '')
  await other.delete(named('long'))
  const wanted = new Set(['fresh', 'long', 'compacted', 'nowhere'].map(named))
  const open = () => [bytes]
  const expected = { restored: ['compacted'], taken: ['fresh', 'long'], missing: ['nowhere'] }
  const tried = await restoreBackup(other, open, { documents: wanted, isDryRun: true })
  expect({ ...tried, taken: tried.taken.toSorted() }).toEqual(expected)
  expect((await other.list({ limit: 10 })).documents).toHaveLength(1)
  const done = await restoreBackup(other, open, { documents: wanted })
  expect({ ...done, taken: done.taken.toSorted() }).toEqual(expected)
  expect((await other.describe(named('fresh')))?.title).toBe('Mine')
  expect((await other.open(named('fresh'))).head).toBe(0)
})

test('[BK3] any changed or missing byte is found before anything is restored', async () => {
  const store = await filledStore()
  const bytes = await bytesOf(store)
  const random = createSeededRandom(3)
  const damage = async (damaged: Buffer, what: string): Promise<void> => {
    const other = createMemoryStore()
    await expect(
      restoreBackup(other, () => [damaged]),
      what,
    ).rejects.toBeInstanceOf(BackupError)
    expect((await other.list({ limit: 10 })).documents).toEqual([])
  }
  for (let i = 0; i < 200; i++) {
    const changed = Buffer.from(bytes)
    const at = random.below(changed.length)
    changed[at] = (changed[at] as number) ^ (1 << random.below(8))
    await damage(changed, `seed 3, flip ${i} at byte ${at}`)
  }
  for (let i = 0; i < 50; i++) {
    const length = random.below(bytes.length)
    await damage(bytes.subarray(0, length), `cut to ${length}`)
  }
  await damage(Buffer.concat([bytes, bytes]), 'twice')
  await damage(Buffer.from('not a backup at all, but long enough for a head'), 'text')
  await damage(Buffer.alloc(0), 'nothing')
})

test('[BK4] documents that are edited while the backup is made are in it once', async () => {
  const store = createMemoryStore()
  const names = Array.from({ length: 30 }, (_, i) => named(`d${i}`))
  for (const document of names) await store.create(document, 'before')
  const found: string[] = []
  async function* slowly(): AsyncGenerator<Buffer> {
    for await (const piece of writeBackup(store, { madeMs: 1 })) {
      // Everything moves to the front of the list again and again.
      for (const document of names) await store.rename(document, 'after')
      yield piece
    }
  }
  for await (const { info } of readBackup(slowly())) found.push(info.document)
  expect(found.toSorted()).toEqual(names.toSorted())
})

test('[BK1] versions come back with their documents, in their order, with times, names and kinds', async () => {
  const store = await filledStore()
  // Of the snapshot's rows only the last is a row after a restore; the rows after it keep their distance.
  const numbers = [5, 40, 41, 60]
  for (const [at, number] of numbers.entries()) {
    const state = Buffer.from(`state ${number}`)
    const name = at === 1 ? 'Named' : ''
    const kind = at === 1 ? 'named' : 'time'
    await store.versions.create(named('long'), {
      number,
      kind,
      name,
      author: 'ada',
      madeMs: 1_000 + at,
      state,
    })
  }
  const bytes = await bytesOf(store)
  const target = createMemoryStore()
  const { restored } = await restoreBackup(target, () => inPieces(bytes, 1_000))
  expect(restored).toContain('long')
  const { versions } = await target.versions.list(named('long'), { limit: 9 })
  expect(
    versions.map(({ number, name, kind, author, madeMs }) => [number, name, kind, author, madeMs]),
  ).toEqual([
    [21, '', 'time', 'ada', 1_003],
    [2, '', 'time', 'ada', 1_002],
    [1, 'Named', 'named', 'ada', 1_001],
    [1, '', 'time', 'ada', 1_000],
  ])
  const states = await Promise.all(
    versions.map(({ id }) => target.versions.read(named('long'), id)),
  )
  expect(states.map((version) => Buffer.from(version?.state ?? []).toString())).toEqual(
    numbers.toReversed().map((number) => `state ${number}`),
  )
  const one = createMemoryStore()
  await restoreBackup(one, () => inPieces(bytes, 77), { documents: new Set([named('fresh')]) })
  expect((await one.versions.list(named('fresh'), { limit: 9 })).versions).toEqual([])
})

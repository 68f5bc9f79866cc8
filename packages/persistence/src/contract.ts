/**
 * The acceptance suite of `DocumentStore`: what every adapter must pass, run by vitest. An adapter's
 * own faults (crashes, damaged files, full disks) are its own tests.
 *
 * The numbers in the titles are the rules of this package's SPEC.md.
 *
 * Length: one suite, read from top to bottom; first the log, then its authors, then the list.
 */
import { createHash } from 'node:crypto'
import { type DocumentName, parseDocumentName } from '@quire/protocol'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { authorCharsMax, pageDocumentsMax, titleCharsMax } from './check-request.ts'
import { compactDocument } from './compact-document.ts'
import type { DocumentInfo, DocumentStore, Snapshot, StoredDocument } from './store.ts'

/** An empty store of the adapter, made for one test. */
export interface StoreUnderTest {
  readonly store: DocumentStore
  /** Closes the store and opens it again over the same data. */
  reopen(): Promise<DocumentStore>
  /** Closes whatever is open and removes the data. */
  close(): Promise<void>
}

export interface StoreContract {
  /** Stands before each title. */
  readonly name: string
  readonly open: () => Promise<StoreUnderTest>
}

const named = (name: string): DocumentName => {
  const parsed = parseDocumentName(name)
  if (parsed === undefined) throw new Error(`${name} is not a document name`)
  return parsed
}
const one = named('one')
const two = named('two')

/** Bytes that look random and are the same in every run. */
const bytesOf = (seed: string, byteCount: number): Uint8Array =>
  new Uint8Array(createHash('shake256', { outputLength: byteCount }).update(seed).digest())

const snapshotAt = (number: number, seed = `snapshot ${number}`): Snapshot => ({
  number,
  update: bytesOf(`${seed} update`, 2_000),
  stateVector: bytesOf(`${seed} state vector`, 20),
  deleteSet: bytesOf(`${seed} delete set`, 30),
})

const rowsOf = ({ tail }: StoredDocument): [number, string][] =>
  tail.map(({ number, update }) => [number, Buffer.from(update).toString('hex')])

const rowsFrom = (first: number, updates: readonly Uint8Array[]): [number, string][] =>
  updates.map((update, at) => [first + at, Buffer.from(update).toString('hex')])

/** All pages of the list. */
async function walk(store: DocumentStore, limit: number): Promise<DocumentInfo[]> {
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

const namesOf = (documents: readonly DocumentInfo[]): string[] =>
  documents.map(({ document }) => document)

/** The result of an append after which the log ends at `head`. */
const stored = (head: number): object => ({ kind: 'stored', head, lineage: expect.any(String) })

const code = (expected: string): object => expect.objectContaining({ code: expected })

/** Describes the whole contract for one adapter. Call it at the top of a test file. */
export function describeStoreContract(contract: StoreContract): void {
  const promise = (
    title: string,
    run: (store: DocumentStore, under: StoreUnderTest) => Promise<void>,
  ): void =>
    test(title, async () => {
      const under = await contract.open()
      try {
        await run(under.store, under)
      } finally {
        await under.close()
      }
    })

  describe(`${contract.name}: the log`, () => {
    promise('[DS1] numbers start at 1 and follow each other without a gap', async (store) => {
      const updates = [1, 2, 3, 4].map((n) => bytesOf(`${n}`, 10 * n))
      expect(await store.append([{ document: one, updates: updates.slice(0, 3) }])).toEqual([
        stored(3),
      ])
      expect(await store.append([{ document: one, updates: updates.slice(3) }])).toEqual([
        stored(4),
      ])
      const opened = await store.open(one)
      expect(opened).toMatchObject({ snapshot: undefined, head: 4, isDeleted: false })
      expect(rowsOf(opened)).toEqual(rowsFrom(1, updates))
    })

    promise('[DS1] appends that run at once each get numbers of their own', async (store) => {
      const appends = Array.from({ length: 40 }, (_, at) => ({
        document: at % 3 === 0 ? two : one,
        updates: Array.from({ length: 1 + (at % 4) }, (_, n) => bytesOf(`${at}.${n}`, 12)),
      }))
      const results = await Promise.all(appends.map((append) => store.append([append])))
      for (const document of [one, two]) {
        const rows = rowsOf(await store.open(document))
        expect(rows.map(([number]) => number)).toEqual(rows.map((_, at) => at + 1))
        let rowCount = 0
        for (const [at, append] of appends.entries()) {
          if (append.document !== document) continue
          const result = results[at]?.[0]
          const head = result?.kind === 'stored' ? result.head : 0
          const first = head - append.updates.length
          expect(rows.slice(first, head)).toEqual(rowsFrom(first + 1, append.updates))
          rowCount += append.updates.length
        }
        expect(rows.length).toBe(rowCount)
      }
    })

    promise('[DS2] a batch may hold many documents, and one of them twice', async (store) => {
      const [a, b, c] = [bytesOf('a', 5), bytesOf('b', 6), bytesOf('c', 7)] as const
      const results = await store.append([
        { document: one, updates: [a] },
        { document: two, updates: [b] },
        { document: one, updates: [c] },
      ])
      expect(results.map((result) => (result.kind === 'stored' ? result.head : 0))).toEqual([
        1, 1, 2,
      ])
      expect(rowsOf(await store.open(one))).toEqual(rowsFrom(1, [a, c]))
      expect(rowsOf(await store.open(two))).toEqual(rowsFrom(1, [b]))
      expect(await store.append([])).toEqual([])
    })

    promise('[DS2] of a batch that is refused nothing is stored', async (store) => {
      const batch = [
        { document: one, updates: [bytesOf('a', 5)] },
        { document: two, updates: [] },
      ]
      await expect(store.append(batch)).rejects.toEqual(code('bad-request'))
      expect(await store.open(one)).toMatchObject({ head: 0, tail: [], lineage: undefined })
      expect(await walk(store, 10)).toEqual([])
    })

    promise(
      '[DS3] a document that does not exist opens as nothing, and stays so',
      async (store) => {
        const nothing = {
          snapshot: undefined,
          tail: [],
          head: 0,
          lineage: undefined,
          isDeleted: false,
        }
        expect(await store.open(one)).toEqual(nothing)
        expect(await store.describe(one)).toBeUndefined()
        expect(await walk(store, 10)).toEqual([])
      },
    )

    promise('[DS3] the lineage is given once, and to one document only', async (store, under) => {
      await store.append([{ document: one, updates: [bytesOf('a', 5)] }])
      await store.create(two, '')
      const { lineage } = await store.open(one)
      expect(lineage).toMatch(/^.{16,}$/)
      expect((await store.open(two)).lineage).not.toBe(lineage)
      await store.append([{ document: one, updates: [bytesOf('b', 5)] }])
      expect((await (await under.reopen()).open(one)).lineage).toBe(lineage)
    })

    promise(
      '[DS3] an append says the lineage, and gives one that it brings to a document it makes, and to no other',
      async (store, under) => {
        const lineage = 'lineage_of-before'
        const append = async (document: DocumentName, given?: string): Promise<string> => {
          const updates = [bytesOf('a', 5)]
          const [result] = await store.append([{ document, updates, lineage: given }])
          return result?.kind === 'stored' ? result.lineage : ''
        }
        expect(await append(one, lineage)).toBe(lineage)
        const own = await append(two)
        expect(await append(two, lineage)).toBe(own)
        await store.create(named('three'), '')
        expect(await append(named('three'), lineage)).not.toBe(lineage)
        const again = await under.reopen()
        expect((await again.open(one)).lineage).toBe(lineage)
        expect((await again.open(two)).lineage).toBe(own)
        for (const bad of ['', 'too short', 'x'.repeat(65), 'sixteen letters\u00e4\u00e4']) {
          const entry = { document: named('four'), updates: [bytesOf('a', 5)], lineage: bad }
          await expect(again.append([entry])).rejects.toEqual(code('bad-request'))
        }
      },
    )

    promise('[DS4] bytes come back as they were given', async (store, under) => {
      const updates = [0, 1, 1_024 * 1_024, 0, 4_096, 100_003].map((n) => bytesOf(`${n}`, n))
      updates.push(new Uint8Array(5_000), new Uint8Array(300).fill(255))
      await store.append([{ document: one, updates }])
      expect(rowsOf(await store.open(one))).toEqual(rowsFrom(1, updates))
      const empty = new Uint8Array()
      const large = { number: 2, update: bytesOf('l', 3_000_000), stateVector: empty }
      const snapshot = { ...large, deleteSet: empty }
      expect(await store.compact(one, snapshot, 0)).toBe('done')
      const opened = await (await under.reopen()).open(one)
      expect(rowsOf(opened)).toEqual(rowsFrom(3, updates.slice(2)))
      expect(opened.snapshot?.stateVector).toEqual(empty)
      expect(opened.snapshot?.deleteSet).toEqual(empty)
      expect(Buffer.compare(opened.snapshot?.update ?? empty, snapshot.update)).toBe(0)
    })

    promise('[DS4] what a caller does to its bytes afterwards changes nothing', async (store) => {
      const given = bytesOf('given', 50)
      const kept = given.slice()
      await store.append([{ document: one, updates: [given, given.subarray(10, 20)] }])
      given.fill(0)
      const opened = await store.open(one)
      expect(rowsOf(opened)).toEqual(rowsFrom(1, [kept, kept.subarray(10, 20)]))
      for (const { update } of opened.tail) update.fill(1)
      expect(rowsOf(await store.open(one))).toEqual(rowsFrom(1, [kept, kept.subarray(10, 20)]))
    })

    promise('[DS5] compaction replaces the rows up to its number and no others', async (store) => {
      const updates = Array.from({ length: 6 }, (_, at) => bytesOf(`${at}`, 20))
      await store.append([{ document: one, updates }])
      await store.append([{ document: two, updates }])
      expect(await store.compact(one, snapshotAt(4), 0)).toBe('done')
      const opened = await store.open(one)
      expect(opened).toMatchObject({ snapshot: snapshotAt(4), head: 6 })
      expect(rowsOf(opened)).toEqual(rowsFrom(5, updates.slice(4)))
      expect(rowsOf(await store.open(two))).toEqual(rowsFrom(1, updates))
      await store.append([{ document: one, updates: updates.slice(0, 1) }])
      expect(await store.compact(one, snapshotAt(7), 4)).toBe('done')
      expect(await store.open(one)).toMatchObject({ snapshot: snapshotAt(7), tail: [], head: 7 })
      expect(await store.append([{ document: one, updates: updates.slice(0, 1) }])).toEqual([
        stored(8),
      ])
    })

    promise('[DS5] a compaction that lost the race changes nothing', async (store) => {
      const updates = Array.from({ length: 6 }, (_, at) => bytesOf(`${at}`, 20))
      await store.append([{ document: one, updates }])
      const answers = await Promise.all([
        store.compact(one, snapshotAt(3, 'a'), 0),
        store.compact(one, snapshotAt(5, 'b'), 0),
      ])
      expect(answers.toSorted()).toEqual(['done', 'stale'])
      const won = answers[0] === 'done' ? snapshotAt(3, 'a') : snapshotAt(5, 'b')
      const opened = await store.open(one)
      expect(opened.snapshot).toEqual(won)
      expect(rowsOf(opened)).toEqual(rowsFrom(won.number + 1, updates.slice(won.number)))
      expect(await store.compact(one, snapshotAt(6), 1)).toBe('stale')
      expect(await store.compact(named('nobody'), snapshotAt(6), 0)).toBe('stale')
      expect((await store.open(one)).snapshot).toEqual(won)
    })

    promise('[DS5] a snapshot that cannot be of this log is refused', async (store) => {
      await store.append([{ document: one, updates: [bytesOf('a', 5), bytesOf('b', 5)] }])
      await expect(store.compact(one, snapshotAt(3), 0)).rejects.toEqual(code('bad-request'))
      await expect(store.compact(one, snapshotAt(0), 0)).rejects.toEqual(code('bad-request'))
      await store.compact(one, snapshotAt(1), 0)
      await expect(store.compact(one, snapshotAt(1), 1)).rejects.toEqual(code('bad-request'))
      const opened = await store.open(one)
      expect(opened).toMatchObject({ snapshot: snapshotAt(1), head: 2 })
      expect(opened.tail.length).toBe(1)
    })

    promise('[DS5] a compacted document loads as the same document', async (store, under) => {
      const doc = new Y.Doc()
      const updates: Uint8Array[] = []
      doc.on('update', (update: Uint8Array) => updates.push(update))
      const text = doc.getText('content')
      for (let at = 0; at < 200; at++) {
        if (at % 5 === 4) text.delete(at % 7, 2)
        else text.insert(at % (text.length + 1), `${at} `)
      }
      await store.append([{ document: one, updates }])
      const stored = await store.open(one)
      const snapshot = compactDocument({ snapshot: undefined, tail: stored.tail.slice(0, 150) })
      expect(await store.compact(one, snapshot, 0)).toBe('done')
      const opened = await (await under.reopen()).open(one)
      const again = new Y.Doc()
      Y.applyUpdate(again, opened.snapshot?.update ?? new Uint8Array())
      for (const { update } of opened.tail) Y.applyUpdate(again, update)
      expect(again.getText('content').toJSON()).toBe(text.toJSON())
      expect(Y.encodeStateVector(again)).toEqual(Y.encodeStateVector(doc))
    })
  })

  describe(`${contract.name}: authors`, () => {
    const authorsOf = ({ tail }: StoredDocument): string[] => tail.map(({ author }) => author)

    promise('[DS14] each row comes back with its author', async (store, under) => {
      const updates = [bytesOf('a', 5), bytesOf('b', 5)]
      const last = 'x'.repeat(authorCharsMax)
      await store.append([
        { document: one, updates, author: 'Ada \u{1f600}' },
        { document: two, updates },
        { document: one, updates: updates.slice(1), author: '' },
        { document: one, updates: updates.slice(1), author: last },
      ])
      for (const reopened of [false, true]) {
        const now = reopened ? await under.reopen() : store
        const opened = await now.open(one)
        expect(authorsOf(opened)).toEqual(['Ada \u{1f600}', 'Ada \u{1f600}', '', last])
        expect(rowsOf(opened)).toEqual(rowsFrom(1, [...updates, bytesOf('b', 5), bytesOf('b', 5)]))
        expect(authorsOf(await now.open(two))).toEqual(['', ''])
      }
    })

    promise('[DS14] an author that cannot be kept is refused', async (store) => {
      const updates = [bytesOf('a', 5)]
      for (const author of ['x'.repeat(authorCharsMax + 1), '\ud800', 'a\0b']) {
        const batch = [
          { document: one, updates },
          { document: two, updates, author },
        ]
        await expect(store.append(batch)).rejects.toEqual(code('bad-request'))
      }
      for (const client of [-1, 1.5, Number.NaN]) {
        const entry = { document: one, updates, author: 'a', newClients: [client] }
        await expect(store.append([entry])).rejects.toEqual(code('bad-request'))
      }
      expect((await store.open(one)).head).toBe(0)
    })

    promise(
      '[DS15] the first author of a client id is kept, also when its rows are gone',
      async (store, under) => {
        const updates = [bytesOf('a', 5), bytesOf('b', 5)]
        const large = Number.MAX_SAFE_INTEGER
        await store.append([
          { document: one, updates, author: 'Ada', newClients: [7, large] },
          { document: one, updates, author: 'Ben', newClients: [7, 8] },
          { document: one, updates, author: '', newClients: [9] },
          { document: two, updates, author: 'Eve', newClients: [7] },
        ])
        expect(await store.compact(one, snapshotAt(6), 0)).toBe('done')
        const expected = new Map([
          [7, 'Ada'],
          [8, 'Ben'],
          [large, 'Ada'],
        ])
        const again = await under.reopen()
        expect(await again.authors(one)).toEqual(expected)
        expect(await again.authors(two)).toEqual(new Map([[7, 'Eve']]))
        expect(await again.authors(named('nobody'))).toEqual(new Map())
        await again.delete(one)
        expect(await again.authors(one)).toEqual(new Map())
        expect((await again.verify()).problems).toEqual([])
      },
    )
  })

  describe(`${contract.name}: the list`, () => {
    promise('[DS6] a document is created once', async (store) => {
      expect(await store.create(one, 'First')).toBe('created')
      expect(await store.create(one, 'Second')).toBe('exists')
      await store.append([{ document: two, updates: [bytesOf('a', 5)] }])
      expect(await store.create(two, 'Late')).toBe('exists')
      expect(await store.describe(one)).toMatchObject({ document: one, title: 'First' })
      expect(await store.describe(two)).toMatchObject({ document: two, title: '' })
      expect(await store.open(one)).toMatchObject({ head: 0, tail: [], snapshot: undefined })
    })

    promise('[DS6] a rename changes the title of a document that is there', async (store) => {
      expect(await store.rename(one, 'Nobody')).toBe('missing')
      await store.create(one, 'Old')
      expect(await store.rename(one, 'New')).toBe('done')
      expect(await store.describe(one)).toMatchObject({ title: 'New' })
    })

    promise('[DS6] titles keep every letter up to the limit', async (store, under) => {
      const titles = [
        '',
        "Robert'); DROP TABLE documents;--",
        'ΔΙΓ мир 日本語 العربية \u202e ñ n\u0303 \u{1f469}\u200d\u{1f52c}\n\t"\\%_',
        'x'.repeat(titleCharsMax),
        '\u{1f600}'.repeat(titleCharsMax),
      ]
      for (const [at, title] of titles.entries()) await store.create(named(`t${at}`), title)
      const again = await under.reopen()
      for (const [at, title] of titles.entries()) {
        expect((await again.describe(named(`t${at}`)))?.title).toBe(title)
      }
    })

    promise('[DS6] a title over the limit, or that is not text, is refused', async (store) => {
      await store.create(one, 'Kept')
      const bad = ['x'.repeat(titleCharsMax + 1), '\u{1f600}'.repeat(titleCharsMax + 1), '\ud800']
      for (const title of [...bad, 'a\0b']) {
        await expect(store.create(two, title)).rejects.toEqual(code('bad-request'))
        await expect(store.rename(one, title)).rejects.toEqual(code('bad-request'))
      }
      expect(await store.describe(one)).toMatchObject({ title: 'Kept' })
      expect(await store.describe(two)).toBeUndefined()
    })

    promise('[DS7] names are opaque: each is its own document', async (store, under) => {
      const names = ['null', 'NULL', 'Null', '0', '00', '-', '--', '%', "'", 'a.b', '"; --', '日本']
      names.push('sqlite_master', 'documents', '__proto__', 'constructor', 'x'.repeat(128), 'a%')
      const batch = names.map((name) => ({
        // The grammar is checked where names come in; a store must not depend on it.
        document: name as DocumentName,
        updates: [bytesOf(name, 9)],
      }))
      await store.append(batch)
      const again = await under.reopen()
      for (const { document, updates } of batch) {
        expect(rowsOf(await again.open(document))).toEqual(rowsFrom(1, updates))
      }
      expect(namesOf(await walk(again, 5)).toSorted()).toEqual(names.toSorted())
    })

    promise('[DS8] the list is ordered by change, the newest first', async (store) => {
      for (const name of ['a', 'b', 'c', 'd']) await store.create(named(name), '')
      await store.append([{ document: named('b'), updates: [bytesOf('b', 3)] }])
      await store.rename(named('a'), 'renamed')
      await store.compact(named('b'), snapshotAt(1), 0)
      expect(namesOf(await walk(store, 10))).toEqual(['a', 'b', 'd', 'c'])
    })

    promise('[DS8] pages show each document once', async (store) => {
      const names = Array.from({ length: 23 }, (_, at) => `d${at}`)
      for (const name of names) await store.create(named(name), '')
      for (const limit of [1, 5, 22, 23, 24]) {
        expect(namesOf(await walk(store, limit))).toEqual(names.toReversed())
      }
    })

    promise('[DS8] changes during a walk repeat nothing and hide nothing else', async (store) => {
      const names = Array.from({ length: 12 }, (_, at) => `d${at}`)
      for (const name of names) await store.create(named(name), '')
      const seen: string[] = []
      let after: string | undefined
      const changed = ['d11', 'd3', 'd10', 'd0']
      do {
        const page = await store.list({ limit: 3, after })
        seen.push(...namesOf(page.documents))
        after = page.next
        const next = changed.pop()
        if (next !== undefined) await store.rename(named(next), 'changed')
        await store.create(named(`new${seen.length}`), '')
      } while (after !== undefined)
      expect(new Set(seen).size).toBe(seen.length)
      const still = names.filter((name) => !['d11', 'd3', 'd10', 'd0'].includes(name))
      expect(still.every((name) => seen.includes(name))).toBe(true)
    })

    promise('[DS8] a cursor or a limit that makes no sense is refused', async (store) => {
      for (const name of ['a', 'b', 'c']) await store.create(named(name), '')
      const { next = '' } = await store.list({ limit: 1 })
      const cursors = ['', 'x', '0', `${next}0`, next.slice(1), `${next}-`, "' OR 1=1", '-1-1']
      for (const after of cursors) {
        await expect(store.list({ limit: 1, after })).rejects.toEqual(code('bad-request'))
      }
      for (const limit of [0, -1, 1.5, Number.NaN, pageDocumentsMax + 1]) {
        await expect(store.list({ limit })).rejects.toEqual(code('bad-request'))
      }
      expect((await store.list({ limit: pageDocumentsMax, after: next })).documents.length).toBe(2)
    })

    promise(
      '[DS9] an edit and a rename move the time of change, a look does not',
      async (store) => {
        /** The machine's clock shows a later millisecond. */
        const tick = async (fromMs: number): Promise<void> => {
          while (Date.now() <= fromMs) await new Promise((resolve) => setTimeout(resolve, 1))
        }
        await store.create(one, '')
        let before = await store.describe(one)
        expect(before?.changedMs).toBe(before?.createdMs)
        const changes = [
          () => store.append([{ document: one, updates: [bytesOf('a', 3)] }]),
          () => store.rename(one, 'renamed'),
        ]
        for (const change of changes) {
          await tick(before?.changedMs ?? 0)
          await store.open(one)
          expect(await store.describe(one)).toEqual(before)
          await change()
          const after = await store.describe(one)
          expect(after?.changedMs).toBeGreaterThan(before?.changedMs ?? Number.POSITIVE_INFINITY)
          expect(after?.createdMs).toBe(before?.createdMs)
          before = after
        }
        await store.compact(one, snapshotAt(1), 0)
        expect(await store.describe(one)).toEqual(before)
      },
    )

    promise(
      '[DS10] a deleted document is hidden, and its name stays taken',
      async (store, under) => {
        await store.append([{ document: one, updates: [bytesOf('a', 3), bytesOf('b', 3)] }])
        await store.create(two, 'Stays')
        expect(await store.delete(one)).toBe('done')
        expect(await store.delete(one)).toBe('missing')
        expect(await store.delete(named('nobody'))).toBe('missing')
        for (const reopened of [false, true]) {
          const now = reopened ? await under.reopen() : store
          const nothing = { snapshot: undefined, tail: [], head: 0, lineage: undefined }
          expect(await now.open(one)).toEqual({ ...nothing, isDeleted: true })
          expect(await now.describe(one)).toBeUndefined()
          expect(namesOf(await walk(now, 10))).toEqual([two])
          expect(await now.create(one, 'Again')).toBe('exists')
          expect(await now.rename(one, 'Again')).toBe('missing')
          expect(await now.compact(one, snapshotAt(1), 0)).toBe('stale')
          const batch = [one, two].map((document) => ({ document, updates: [bytesOf('c', 3)] }))
          expect(await now.append(batch)).toMatchObject([{ kind: 'deleted' }, { kind: 'stored' }])
        }
        expect((await (await under.reopen()).open(two)).head).toBe(2)
      },
    )

    promise('[DS11] after a restart everything is there', async (store, under) => {
      for (let at = 0; at < 60; at++) {
        const document = named(`d${at % 20}`)
        await store.append([{ document, updates: [bytesOf(`${at}`, at), bytesOf(`${at}b`, 30)] }])
      }
      await store.rename(named('d3'), 'Three')
      await store.compact(named('d4'), snapshotAt(5), 0)
      await store.delete(named('d5'))
      const read = async (from: DocumentStore): Promise<unknown[]> => [
        await walk(from, 7),
        ...(await Promise.all(Array.from({ length: 20 }, (_, at) => from.open(named(`d${at}`))))),
      ]
      const before = await read(store)
      const again = await under.reopen()
      expect(await read(again)).toEqual(before)
      expect(await again.append([{ document: named('d4'), updates: [bytesOf('z', 1)] }])).toEqual([
        stored(7),
      ])
    })

    promise('[DS12] a closed store answers nothing but `closed`', async (store) => {
      const last = store.append([{ document: one, updates: [bytesOf('a', 3)] }])
      await Promise.all([store.close(), store.close()])
      expect(await last).toEqual([stored(1)])
      await store.close()
      const calls: (() => Promise<unknown>)[] = [
        () => store.open(one),
        () => store.append([{ document: one, updates: [bytesOf('b', 3)] }]),
        () => store.compact(one, snapshotAt(1), 0),
        () => store.create(two, ''),
        () => store.authors(one),
        () => store.describe(one),
        () => store.rename(one, ''),
        () => store.list({ limit: 1 }),
        () => store.delete(one),
        () => store.verify(),
      ]
      for (const call of calls) await expect(call()).rejects.toEqual(code('closed'))
    })

    promise('[DS13] verify counts what it read and finds nothing wrong', async (store) => {
      expect(await store.verify()).toEqual({ documents: 0, problems: [] })
      const names = Array.from({ length: 45 }, (_, at) => named(`d${at}`))
      await store.append(names.map((document) => ({ document, updates: [bytesOf(document, 8)] })))
      await store.compact(named('d7'), snapshotAt(1), 0)
      await store.delete(named('d8'))
      expect(await store.verify()).toEqual({ documents: 45, problems: [] })
    })

    promise('[DS11] many documents cost each other nothing', async (store, under) => {
      const names = Array.from({ length: 2_000 }, (_, at) => named(`many-${at}`))
      await store.append(names.map((document) => ({ document, updates: [bytesOf(document, 40)] })))
      const again = await under.reopen()
      expect((await walk(again, 300)).length).toBe(2_000)
      const last = await again.open(named('many-1999'))
      expect(rowsOf(last)).toEqual(rowsFrom(1, [bytesOf('many-1999', 40)]))
    })
  })
}

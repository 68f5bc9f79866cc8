/** The contract suite: documents as a list, and the life of a store. */
import type { DocumentName } from '@quire/protocol'
import { describe, expect } from 'vitest'
import { pageDocumentsMax, titleCharsMax } from '../check-request.ts'
import type { DocumentStore } from '../store.ts'
import {
  bytesOf,
  code,
  named,
  namesOf,
  one,
  promiseOf,
  rowsFrom,
  rowsOf,
  snapshotAt,
  type StoreContract,
  stored,
  two,
  walk,
} from './harness.ts'

export function describeList(contract: StoreContract): void {
  const promise = promiseOf(contract)

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

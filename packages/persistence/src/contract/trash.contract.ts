/** The contract suite: deleted documents. */
import { describe, expect } from 'vitest'
import type { Store } from '../version-store.ts'
import {
  bytesOf,
  code,
  named,
  one,
  promiseOf,
  snapshotAt,
  type StoreContract,
  two,
} from './harness.ts'

/** Describes the deleted documents of one adapter. */
export function describeTrash(contract: StoreContract<Store>): void {
  const promise = promiseOf(contract)
  const updates = [1, 2, 3].map((n) => bytesOf(`${n}`, 10))

  /** A document with everything that one can have. */
  async function write(store: Store, document: typeof one): Promise<void> {
    await store.append([{ document, updates, author: 'Ada', newClients: [7] }])
    await store.rename(document, `Title of ${document}`)
    await store.compact(document, snapshotAt(2), 0)
    await store.versions.create(document, { number: 2, kind: 'time', state: bytesOf('state', 9) })
    await store.search.put(document, `text of ${document}`, 3)
  }

  describe(`${contract.name}: deleted documents`, () => {
    promise(
      '[TR1] a purge erases all of a document, and its name stays taken',
      async (store, under) => {
        await write(store, one)
        await write(store, two)
        const other = await store.open(two)
        await store.delete(one)
        expect(await store.trash.purge(one)).toBe('done')
        for (const isReopened of [false, true]) {
          const now = isReopened ? await under.reopen() : store
          expect(await now.open(one)).toMatchObject({ head: 0, tail: [], isDeleted: true })
          expect(await now.create(one, 'Again')).toBe('exists')
          expect(await now.append([{ document: one, updates }])).toEqual([{ kind: 'deleted' }])
          expect(await now.trash.list({ limit: 5 })).toEqual([])
          expect(await now.trash.purge(one)).toBe('missing')
          expect(await now.open(two)).toEqual(other)
          expect(await now.authors(two)).toEqual(new Map([[7, 'Ada']]))
          expect((await now.versions.list(two, { limit: 5 })).versions.length).toBe(1)
          const hits = await now.search.find({ text: 'text', limit: 5 })
          expect(hits.map(({ document }) => document)).toEqual([two])
          expect(await now.verify()).toEqual({ documents: 2, problems: [] })
        }
      },
    )

    promise('[TR2] what is not deleted cannot be purged', async (store) => {
      await write(store, one)
      expect(await store.trash.purge(one)).toBe('missing')
      expect(await store.trash.purge(named('nobody'))).toBe('missing')
      expect((await store.open(one)).head).toBe(3)
    })

    promise('[TR3] what was deleted is listed, the first deleted first', async (store, under) => {
      for (const name of ['a', 'b', 'c', 'd']) await write(store, named(name))
      await store.create(named('titled'), 'Only a title')
      await store.create(named('empty'), '')
      for (const name of ['c', 'titled', 'empty', 'a', 'b']) {
        const fromMs = Date.now()
        await store.delete(named(name))
        while (Date.now() <= fromMs) await new Promise((resolve) => setTimeout(resolve, 1))
      }
      const again = await under.reopen()
      const listed = await again.trash.list({ limit: 10 })
      expect(listed.map(({ document }) => document)).toEqual(['c', 'titled', 'a', 'b'])
      const beforeMs = listed[2]?.deletedMs
      expect(await again.trash.list({ limit: 10, beforeMs })).toEqual(listed.slice(0, 2))
      expect(await again.trash.list({ limit: 3 })).toEqual(listed.slice(0, 3))
      await expect(again.trash.list({ limit: 0 })).rejects.toEqual(code('bad-request'))
    })

    promise(
      '[DS12] the deleted documents of a closed store answer nothing but `closed`',
      async (store) => {
        await store.close()
        await expect(store.trash.list({ limit: 1 })).rejects.toEqual(code('closed'))
        await expect(store.trash.purge(one)).rejects.toEqual(code('closed'))
      },
    )
  })
}

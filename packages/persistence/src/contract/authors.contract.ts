/** The contract suite: who wrote what. */
import { describe, expect } from 'vitest'
import { authorCharsMax } from '../check-request.ts'
import type { StoredDocument } from '../store.ts'
import {
  bytesOf,
  code,
  named,
  one,
  promiseOf,
  rowsFrom,
  rowsOf,
  snapshotAt,
  type StoreContract,
  two,
} from './harness.ts'

export function describeAuthors(contract: StoreContract): void {
  const promise = promiseOf(contract)

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
}

/** The contract suite: the search over titles and texts. */
import { describe, expect } from 'vitest'
import { hitsMax, questionCharsMax, type SearchHit } from '../search/search-index.ts'
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

const namesOf = (hits: readonly SearchHit[]): string[] => hits.map(({ document }) => document)

/** Makes a document with rows, a title and a text in the index. */
async function write(store: Store, name: string, title: string, text: string): Promise<void> {
  const document = named(name)
  await store.append([{ document, updates: [bytesOf(name, 5)] }])
  await store.rename(document, title)
  expect(await store.search.put(document, text, 1)).toBe('done')
}

/** Describes the search of one adapter. */
export function describeSearch(contract: StoreContract<Store>): void {
  const promise = promiseOf(contract)
  const ask = async (store: Store, text: string, limit = 50): Promise<string[]> =>
    namesOf(await store.search.find({ text, limit }))

  describe(`${contract.name}: search`, () => {
    promise(
      '[SE1] words are found in any script, without case and accents',
      async (store, under) => {
        await write(store, 'fr', 'Menu', 'La Crème brûlée et les œufs')
        await write(store, 'ja', '予定', '東京で日本語を話す')
        await write(store, 'ru', 'План', 'Большие данные')
        await write(store, 'ar', '', 'اللغة العَرَبِيَّة')
        await write(store, 'hi', '', 'यह किताब है')
        await write(store, 'sql', "'; DROP", `"quoted" AND (NOT near) * title : x' \\ 100%`)
        const questions: [string, string[]][] = [
          ['creme BRULEE', ['fr']],
          ['日本', ['ja']],
          ['語', ['ja']],
          ['本語を', ['ja']],
          ['日語', []],
          ['予', ['ja']],
          ['ДАННЫЕ план', ['ru']],
          ['العربية', ['ar']],
          ['किताब', ['hi']],
          ['"quoted" AND (NOT', ['sql']],
          [`'; DROP`, ['sql']],
          ['100% \\', ['sql']],
          ['title : x', ['sql']],
          ['near*', ['sql']],
          ['   ', []],
          ['\u{1f600} -- "', []],
        ]
        for (const isReopened of [false, true]) {
          const now = isReopened ? await under.reopen() : store
          for (const [text, names] of questions) expect(await ask(now, text), text).toEqual(names)
        }
      },
    )

    promise(
      '[SE2] every word has to be there, as the beginning of one, in title or text',
      async (store) => {
        await write(store, 'a', 'Travel plans', 'We are going to Lisbon in spring')
        await write(store, 'b', 'Lisbon', 'Restaurants and museums')
        await write(store, 'c', '', 'Nothing about travelling there')
        expect(await ask(store, 'lisb')).toEqual(['b', 'a'])
        expect(await ask(store, 'travel lisbon')).toEqual(['a'])
        expect(await ask(store, 'plans spring')).toEqual(['a'])
        expect(await ask(store, 'travel')).toEqual(['a', 'c'])
        expect(await ask(store, 'isbon')).toEqual([])
        expect(await ask(store, 'lisbon zebra')).toEqual([])
      },
    )

    promise(
      '[SE3] more words in the title come first, then the last changed; the limit holds',
      async (store) => {
        await write(store, 'a', 'Old apple', 'pie')
        await write(store, 'b', 'Apple pie', '')
        await write(store, 'c', '', 'apple pie')
        await write(store, 'd', 'Pie', 'apple')
        await write(store, 'e', '', 'apple and pie')
        const expected = ['b', 'd', 'a', 'e', 'c']
        expect(await ask(store, 'apple pie')).toEqual(expected)
        for (const limit of [1, 2, 5]) {
          expect(await ask(store, 'apple pie', limit)).toEqual(expected.slice(0, limit))
        }
        await store.append([{ document: named('c'), updates: [bytesOf('more', 5)] }])
        expect(await ask(store, 'apple pie')).toEqual(['b', 'd', 'a', 'c', 'e'])
      },
    )

    promise(
      '[SE4] a title is found at once, and a text as it was last given',
      async (store, under) => {
        await store.create(one, 'Budget')
        await store.append([{ document: two, updates: [bytesOf('a', 3), bytesOf('b', 3)] }])
        expect(await ask(store, 'budget')).toEqual([one])
        await store.rename(one, 'Accounts')
        expect(await ask(store, 'budget')).toEqual([])
        expect(await ask(store, 'accounts')).toEqual([one])
        expect(await store.search.put(two, 'first words', 1)).toBe('done')
        await store.rename(two, 'Named later')
        expect(await ask(store, 'first later')).toEqual([two])
        expect(await store.search.put(two, 'second words', 2)).toBe('done')
        expect(await store.search.put(two, 'first words', 1)).toBe('stale')
        expect(await store.search.put(two, 'second again', 2)).toBe('done')
        expect(await store.search.put(named('nobody'), 'x', 1)).toBe('missing')
        for (const isReopened of [false, true]) {
          const now = isReopened ? await under.reopen() : store
          expect(await ask(now, 'first')).toEqual([])
          expect(await ask(now, 'second again later')).toEqual([two])
        }
      },
    )

    promise('[SE4] a deleted document is not found', async (store) => {
      await write(store, 'one', 'Secret', 'plan')
      await store.delete(one)
      expect(await ask(store, 'secret')).toEqual([])
      expect(await ask(store, 'plan')).toEqual([])
      expect(await store.search.put(one, 'plan', 1)).toBe('missing')
      expect((await store.verify()).problems).toEqual([])
    })

    promise('[SE5] the index is bounded, and so are questions', async (store) => {
      const long = Array.from({ length: 60_000 }, (_, at) => `word${at}`).join(' ')
      await write(store, 'one', '', `${long} unreachable`)
      expect(await ask(store, 'word7 word19999')).toEqual([one])
      expect(await ask(store, 'unreachable')).toEqual([])
      await write(store, 'two', '', `${'x'.repeat(100_000)} after`)
      expect(await ask(store, `${'x'.repeat(50)} after`)).toEqual([two])
      const bad = [
        { text: 'x'.repeat(questionCharsMax + 1), limit: 5 },
        { text: 'x', limit: 0 },
        { text: 'x', limit: hitsMax + 1 },
      ]
      for (const question of bad) {
        await expect(store.search.find(question)).rejects.toEqual(code('bad-request'))
      }
      await expect(store.search.put(one, 'x', -1)).rejects.toEqual(code('bad-request'))
      await expect(store.search.behind({ limit: 0 })).rejects.toEqual(code('bad-request'))
    })

    promise('[SE6] a hit has its title, its time and the place in its text', async (store) => {
      await write(store, 'one', 'Recipe', 'Take the crème, then the eggs.')
      const [hit] = await store.search.find({ text: 'creme recipe', limit: 1 })
      const { title, changedMs } = (await store.describe(one)) ?? {}
      expect(hit).toEqual({
        document: one,
        title,
        changedMs,
        snippet: [
          { text: 'Take the ', isMatch: false },
          { text: 'crème', isMatch: true },
          { text: ', then the eggs.', isMatch: false },
        ],
      })
      await store.create(two, 'Only a recipe')
      const [, bare] = await store.search.find({ text: 'recipe', limit: 5 })
      expect([hit?.document, bare?.document]).toEqual([one, one])
    })

    promise('[SE7] only those of a list are found, when one is given', async (store) => {
      for (const name of ['a', 'b', 'c', 'd']) await write(store, name, '', 'same text')
      const among = async (...names: string[]): Promise<string[]> =>
        namesOf(await store.search.find({ text: 'same', limit: 1, documents: names.map(named) }))
      expect(await among('a', 'nobody')).toEqual(['a'])
      expect(await among('b', 'c')).toEqual(['c'])
      expect(await among()).toEqual([])
    })

    promise(
      '[SE8] what the index or the versions do not have yet is listed once, in pages',
      async (store, under) => {
        const names = Array.from({ length: 7 }, (_, at) => `d${at}`)
        for (const name of names) {
          await store.append([
            { document: named(name), updates: [bytesOf(name, 3), bytesOf('b', 3)] },
          ])
        }
        await store.create(named('empty'), 'Only a title')
        const all = async (now: Store, limit: number): Promise<string[]> => {
          const found: string[] = []
          for (let after: ReturnType<typeof named> | undefined; ; ) {
            const page = await now.search.behind({ limit, after })
            found.push(...page.map(({ document }) => document))
            if (page.length < limit) return found
            after = page.at(-1)?.document
          }
        }
        expect(await all(store, 3)).toEqual([...names, 'empty'])
        for (const name of names) await store.search.put(named(name), 'text', 2)
        await store.search.put(named('empty'), '', 0)
        for (const name of names.slice(1)) {
          await store.versions.create(named(name), {
            number: 2,
            kind: 'time',
            state: bytesOf('s', 4),
          })
        }
        expect(await all(store, 3)).toEqual(['d0'])
        await store.append([{ document: named('d3'), updates: [bytesOf('c', 3)] }])
        await store.delete(named('d0'))
        const again = await under.reopen()
        const [entry, ...rest] = await again.search.behind({ limit: 10 })
        expect(rest).toEqual([])
        const { createdMs, changedMs } = (await again.describe(named('d3'))) ?? {}
        expect(entry).toEqual({
          document: 'd3',
          head: 3,
          createdMs,
          changedMs,
          indexed: { number: 2, madeMs: expect.any(Number) },
          newestVersion: { number: 2, madeMs: expect.any(Number) },
        })
      },
    )

    promise('[SE9] searching and indexing do not touch documents', async (store) => {
      await write(store, 'one', 'First', 'text')
      await store.create(two, 'Newer')
      const before = await store.describe(one)
      await store.search.put(one, 'other text', 1)
      await store.compact(one, snapshotAt(1), 0)
      expect(await store.describe(one)).toEqual(before)
      expect((await store.list({ limit: 5 })).documents.map(({ document }) => document)).toEqual([
        two,
        one,
      ])
      expect(await ask(store, 'other')).toEqual([one])
    })

    promise('[DS12] the search of a closed store answers nothing but `closed`', async (store) => {
      await store.close()
      const calls: (() => Promise<unknown>)[] = [
        () => store.search.put(one, 'x', 1),
        () => store.search.find({ text: 'x', limit: 1 }),
        () => store.search.behind({ limit: 1 }),
      ]
      for (const call of calls) await expect(call()).rejects.toEqual(code('closed'))
    })
  })
}

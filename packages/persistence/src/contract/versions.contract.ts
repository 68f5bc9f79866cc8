/** The contract suite: versions of documents. */
import { describe, expect } from 'vitest'
import { authorCharsMax, pageDocumentsMax, titleCharsMax } from '../check-request.ts'
import type { NewVersion, Store, VersionInfo } from '../version-store.ts'
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

const versionAt = (number: number, more: Partial<NewVersion> = {}): NewVersion => ({
  number,
  kind: 'activity',
  state: bytesOf(`version ${number}`, 3_000 + number),
  ...more,
})

/** Makes a version that must be taken. */
async function take(store: Store, document: typeof one, version: NewVersion): Promise<VersionInfo> {
  const made = await store.versions.create(document, version)
  if (made === 'missing') throw new Error(`${document} is missing`)
  return made
}

const idsOf = (versions: readonly VersionInfo[]): number[] => versions.map(({ id }) => id)

async function allOf(store: Store, document: typeof one, limit: number): Promise<VersionInfo[]> {
  const found: VersionInfo[] = []
  let after: string | undefined
  do {
    const page = await store.versions.list(document, { limit, after })
    expect(page.versions.length).toBeLessThanOrEqual(limit)
    found.push(...page.versions)
    after = page.next
  } while (after !== undefined)
  return found
}

/** Describes the versions of one adapter. */
export function describeVersions(contract: StoreContract<Store>): void {
  const promise = promiseOf(contract)
  const updates = [1, 2, 3, 4, 5].map((n) => bytesOf(`${n}`, 10))

  describe(`${contract.name}: versions`, () => {
    promise('[VS1] a version comes back as it was given', async (store, under) => {
      await store.append([{ document: one, updates }])
      const given: NewVersion[] = [
        versionAt(1),
        versionAt(3, { kind: 'named', name: 'Ünïcode \u{1f600}', author: 'Ada' }),
        versionAt(3, { kind: 'before-restore', state: new Uint8Array() }),
        versionAt(5, { kind: 'time', madeMs: 12_345, state: bytesOf('large', 2_000_000) }),
      ]
      const made: VersionInfo[] = []
      for (const version of given) made.push(await take(store, one, version))
      expect(made[3]?.madeMs).toBe(12_345)
      for (const [at, { number, kind, name = '', author = '', state }] of given.entries()) {
        const info = { number, kind, name, author, byteCount: state.length }
        expect(made[at]).toMatchObject(info)
        state.fill(7)
        const again = await under.reopen()
        const read = await again.versions.read(one, made[at]?.id ?? 0)
        expect(read).toMatchObject({ ...made[at], ...info })
        const expected = [
          versionAt(1).state,
          versionAt(3).state,
          new Uint8Array(),
          bytesOf('large', 2_000_000),
        ]
        expect(
          Buffer.compare(read?.state ?? Buffer.from('no'), expected[at] ?? Buffer.from('none')),
        ).toBe(0)
      }
    })

    promise('[VS1] what cannot be kept is refused', async (store) => {
      await store.append([{ document: one, updates }])
      const bad: Partial<NewVersion>[] = [
        { number: 0 },
        { number: 6 },
        { number: 1.5 },
        { madeMs: -1 },
        { madeMs: 0.5 },
        { name: 'x'.repeat(titleCharsMax + 1) },
        { name: 'a\0b' },
        { author: 'x'.repeat(authorCharsMax + 1) },
        { kind: 'whim' as NewVersion['kind'] },
      ]
      for (const more of bad) {
        await expect(store.versions.create(one, versionAt(1, more))).rejects.toEqual(
          code('bad-request'),
        )
      }
      expect(await allOf(store, one, 10)).toEqual([])
    })

    promise('[VS2] ids rise and are never given twice', async (store, under) => {
      await store.append([{ document: one, updates }])
      await store.append([{ document: two, updates }])
      const first = await take(store, one, versionAt(1))
      const second = await take(store, one, versionAt(2))
      expect(second.id).toBeGreaterThan(first.id)
      expect(await store.versions.remove(one, [second.id])).toBe(1)
      const again = await under.reopen()
      await take(again, two, versionAt(1))
      expect((await take(again, one, versionAt(3))).id).toBeGreaterThan(second.id)
      expect(await again.versions.read(one, second.id)).toBeUndefined()
      // An id belongs to its document.
      expect(await again.versions.read(two, first.id)).toBeUndefined()
      expect(await again.versions.rename(two, first.id, 'x')).toBe('missing')
      expect(await again.versions.remove(two, [first.id])).toBe(0)
    })

    promise(
      '[VS3] the list has the newest first, in pages, and one document only',
      async (store) => {
        await store.append([
          { document: one, updates },
          { document: two, updates },
        ])
        const made: number[] = []
        for (let at = 0; at < 23; at++) {
          made.push((await take(store, one, versionAt(1 + (at % 5)))).id)
          if (at % 4 === 0) await take(store, two, versionAt(1))
        }
        for (const limit of [1, 5, 22, 23, 24]) {
          expect(idsOf(await allOf(store, one, limit))).toEqual(made.toReversed())
        }
        for (const limit of [0, 1.5, pageDocumentsMax + 1]) {
          await expect(store.versions.list(one, { limit })).rejects.toEqual(code('bad-request'))
        }
        await expect(store.versions.list(one, { limit: 1, after: 'x' })).rejects.toEqual(
          code('bad-request'),
        )
        expect(await store.versions.list(named('nobody'), { limit: 5 })).toEqual({
          versions: [],
          next: undefined,
        })
      },
    )

    promise('[VS4] a name can be given, changed and taken away', async (store, under) => {
      await store.append([{ document: one, updates }])
      const { id } = await take(store, one, versionAt(2))
      for (const name of ['First draft', 'Second', '']) {
        expect(await store.versions.rename(one, id, name)).toBe('done')
        expect(await store.versions.read(one, id)).toMatchObject({ id, name })
      }
      await expect(store.versions.rename(one, id, 'a\0')).rejects.toEqual(code('bad-request'))
      expect(await store.versions.rename(one, id + 1_000, 'x')).toBe('missing')
      await store.versions.rename(one, id, 'Kept')
      expect(await allOf(await under.reopen(), one, 5)).toMatchObject([{ id, name: 'Kept' }])
      expect((await (await under.reopen()).verify()).problems).toEqual([])
    })

    promise(
      '[VS5] versions are removed, all that are asked for and no other',
      async (store, under) => {
        await store.append([{ document: one, updates }])
        const ids: number[] = []
        for (let at = 1; at <= 5; at++) ids.push((await take(store, one, versionAt(at))).id)
        expect(await store.versions.remove(one, [])).toBe(0)
        expect(await store.versions.remove(one, [ids[1] ?? 0, ids[3] ?? 0, 999_999])).toBe(2)
        const left = [ids[4], ids[2], ids[0]]
        expect(idsOf(await allOf(store, one, 10))).toEqual(left)
        expect(idsOf(await allOf(await under.reopen(), one, 10))).toEqual(left)
      },
    )

    promise(
      '[VS6] versions do not touch the document, and compaction does not touch them',
      async (store, under) => {
        await store.append([{ document: one, updates }])
        await store.create(two, 'Newer')
        const before = await store.describe(one)
        const { id } = await take(store, one, versionAt(2))
        await store.versions.rename(one, id, 'Named')
        expect(await store.describe(one)).toEqual(before)
        expect((await store.list({ limit: 2 })).documents.map(({ document }) => document)).toEqual([
          two,
          one,
        ])
        expect(rowsOf(await store.open(one))).toEqual(rowsFrom(1, updates))
        await store.compact(one, snapshotAt(5), 0)
        const read = await (await under.reopen()).versions.read(one, id)
        expect(read?.number).toBe(2)
        expect(Buffer.compare(read?.state ?? Buffer.from('no'), versionAt(2).state)).toBe(0)
      },
    )

    promise('[VS7] a document that is not there or deleted has no versions', async (store) => {
      expect(await store.versions.create(one, versionAt(1))).toBe('missing')
      await store.append([{ document: one, updates }])
      const { id } = await take(store, one, versionAt(1))
      await store.delete(one)
      expect(await store.versions.create(one, versionAt(1))).toBe('missing')
      expect(await store.versions.list(one, { limit: 5 })).toEqual({
        versions: [],
        next: undefined,
      })
      expect(await store.versions.read(one, id)).toBeUndefined()
      expect(await store.versions.rename(one, id, 'x')).toBe('missing')
      expect(await store.versions.remove(one, [id])).toBe(0)
      expect((await store.verify()).problems).toEqual([])
    })

    promise('[DS12] the versions of a closed store answer nothing but `closed`', async (store) => {
      await store.close()
      const calls: (() => Promise<unknown>)[] = [
        () => store.versions.create(one, versionAt(1)),
        () => store.versions.list(one, { limit: 1 }),
        () => store.versions.read(one, 1),
        () => store.versions.rename(one, 1, ''),
        () => store.versions.remove(one, [1]),
      ]
      for (const call of calls) await expect(call()).rejects.toEqual(code('closed'))
    })
  })
}

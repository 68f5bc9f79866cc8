/** The contract suite: the log of a document. */
import type { DocumentName } from '@quire/protocol'
import { describe, expect } from 'vitest'
import * as Y from 'yjs'
import { compactDocument } from '../compact-document.ts'
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
  stored,
  two,
  walk,
} from './harness.ts'

export function describeLog(contract: StoreContract): void {
  const promise = promiseOf(contract)

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
}

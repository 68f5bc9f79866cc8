/** What a repair does with what hangs on documents: versions are kept, the search is made anew. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { createManualClock } from '@quire/testkit'
import { expect, test } from 'vitest'
import { openSqliteStore, type VersionInfo } from '../src/index.ts'
import { repairSqliteStore } from '../src/repair/repair-sqlite.ts'
import { named, updateAt } from './written.ts'

test('[RP2] versions outlive a repair, new ones get new ids, and what was indexed is indexed again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quire-repair-versions-'))
  const [whole, damaged] = [named('whole'), named('damaged')]
  const take = async (store: Awaited<ReturnType<typeof openSqliteStore>>): Promise<VersionInfo> => {
    const state = updateAt('whole', 16)
    const made = await store.versions.create(whole, {
      number: 3,
      kind: 'named',
      name: 'Kept',
      state,
    })
    if (made === 'missing') throw new Error('the document is missing')
    return made
  }
  let store = await openSqliteStore({ folder })
  for (const document of [whole, damaged]) {
    const updates = [1, 2, 3].map((number) => updateAt(document, number))
    await store.append([{ document, updates }])
    await store.search.put(document, `text of ${document}`, 3)
  }
  const first = await take(store)
  await store.versions.create(damaged, { number: 3, kind: 'time', state: updateAt('damaged', 16) })
  // Its entry has the largest place among all writes, and will not be known.
  await store.rename(damaged, 'Last')
  await store.close()
  const db = new DatabaseSync(join(folder, 'quire.db'))
  db.exec("UPDATE documents SET title = 'changed' WHERE name = 'damaged'")
  db.close()

  const { repaired, asidePath } = repairSqliteStore({ folder, clock: createManualClock() })
  expect(repaired.length).toBe(1)
  expect(asidePath).toBeDefined()
  store = await openSqliteStore({ folder })
  const second = await take(store)
  expect(second.id).toBeGreaterThan(first.id)
  for (const made of [first, second]) {
    const version = await store.versions.read(whole, made.id)
    expect(version).toMatchObject(made)
    expect(Buffer.compare(version?.state ?? Buffer.from('none'), updateAt('whole', 16))).toBe(0)
  }
  const behind = await store.search.behind({ limit: 5 })
  expect(behind.map(({ document, indexed }) => [document, indexed])).toEqual([[whole, undefined]])
  await store.search.put(whole, 'text of whole', 3)
  expect((await store.search.find({ text: 'text', limit: 5 })).length).toBe(1)
  expect((await store.verify()).problems).toEqual([])
  await store.close()
  rmSync(folder, { recursive: true })
})

test('[RP2] where only the search is damaged, a repair keeps every document and has it made anew', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quire-repair-search-'))
  let store = await openSqliteStore({ folder })
  const document = named('one')
  await store.append([{ document, updates: [updateAt('one', 1)] }])
  await store.rename(document, 'Title')
  await store.search.put(document, 'some words', 1)
  const before = await store.open(document)
  await store.close()
  const db = new DatabaseSync(join(folder, 'quire.db'), { defensive: false })
  db.exec('UPDATE search_data SET block = zeroblob(20) WHERE id > 10')
  db.close()
  await expect(openSqliteStore({ folder })).rejects.toMatchObject({ code: 'corrupt' })
  const { repaired, problems } = repairSqliteStore({ folder, clock: createManualClock() })
  expect(repaired).toEqual([])
  expect(problems.length).toBeGreaterThan(0)
  store = await openSqliteStore({ folder })
  expect(await store.open(document)).toEqual(before)
  expect(await store.search.put(document, 'some words', 1)).toBe('done')
  expect((await store.search.find({ text: 'title words', limit: 5 })).length).toBe(1)
  await store.close()
  rmSync(folder, { recursive: true })
})

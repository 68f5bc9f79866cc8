/** Repair of a damaged data folder: what is kept, what is set aside, and that nothing is made up. */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { must } from '@quire/base'
import { createManualClock, createSeededRandom } from '@quire/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readBackup } from '../src/backup/read-backup.ts'
import { restoreBackup } from '../src/backup/restore-backup.ts'
import { writeBackup } from '../src/backup/write-backup.ts'
import { repairSqliteStore } from '../src/repair/repair-sqlite.ts'
import { OpenFolder } from '../src/sqlite/open-folder.ts'
import { openSqliteStore } from '../src/sqlite/sqlite-store.ts'
import { StoreError } from '../src/store.ts'
import { startWriter } from './writer-process.ts'
import { differenceOf, named, snapshotAt, updateAt } from './written.ts'

const seed = Number(process.env['QUIRE_SEED'] ?? Date.now() % 1_000_000)
const flips = Number(process.env['QUIRE_FLIPS'] ?? 40)
const clock = createManualClock()
const root = mkdtempSync(join(tmpdir(), 'quire-repair-'))
const whole = join(root, 'whole')
const trial = join(root, 'trial')
const names = Array.from({ length: 8 }, (_, at) => `document-${at}`)
const headOf = (name: string): number => 20 + 10 * names.indexOf(name)
const lineages = new Map<string, string>()

beforeAll(async () => {
  const store = await openSqliteStore({ folder: whole })
  for (const name of names) {
    await store.create(named(name), `Title of ${name}`)
    const updates = Array.from({ length: headOf(name) }, (_, at) => updateAt(name, at + 1))
    await store.append([{ document: named(name), updates, author: 'Ada', newClients: [7] }])
    if (headOf(name) % 20 === 0) await store.compact(named(name), snapshotAt(name, 10), 0)
    lineages.set(name, must((await store.open(named(name))).lineage, 'a lineage'))
  }
  await store.delete(named('document-7'))
  await store.close()
})
afterAll(() => rmSync(root, { recursive: true }))

function copy(): void {
  rmSync(trial, { recursive: true, force: true })
  mkdirSync(trial)
  for (const file of readdirSync(whole)) copyFileSync(join(whole, file), join(trial, file))
}

function damage(sql: string): void {
  const db = new DatabaseSync(join(trial, 'quire.db'))
  db.exec(`PRAGMA foreign_keys = 0; ${sql}`)
  db.close()
}

const repair = (isDryRun = false) => repairSqliteStore({ folder: trial, clock, isDryRun })
const idOf = (name: string): number => names.indexOf(name) + 1

test('[RP1] where nothing is wrong nothing is done', async () => {
  copy()
  expect(repair()).toEqual({ documents: 8, repaired: [], problems: [], asidePath: undefined })
  const added = readdirSync(trial).filter((name) => /^(aside|quire\.repaired)/.test(name))
  expect(added).toEqual([])
  expect(readFileSync(join(trial, 'quire.db'))).toEqual(readFileSync(join(whole, 'quire.db')))
})

test('[RP2] documents keep what can be read, with their lineages, and the original is set aside whole', async () => {
  copy()
  damage(`UPDATE log SET bytes = x'00' WHERE document_id = ${idOf('document-1')} AND number = 15;
    DELETE FROM log WHERE document_id = ${idOf('document-1')} AND number = 17;
    UPDATE snapshots SET bytes = x'00' WHERE document_id = ${idOf('document-2')};
    UPDATE documents SET name = 'document-x' WHERE id = ${idOf('document-3')};
    UPDATE authors SET author = 'Eve' WHERE document_id = ${idOf('document-4')}`)
  const original = readFileSync(join(trial, 'quire.db'))
  const expected = {
    documents: 6,
    problems: [],
    repaired: [
      {
        document: 'document-1',
        kind: 'cut',
        head: 14,
        headBefore: 30,
        problem: 'document document-1: row 15 is not what was written',
        updates: [16, ...Array.from({ length: 13 }, (_, at) => 18 + at)].map(
          (number) => `document-1.${number}.update`,
        ),
      },
      { document: 'document-2', kind: 'lost', head: 0, headBefore: 40 },
      { document: undefined, kind: 'lost', head: 0 },
      { document: 'document-4', kind: 'kept', head: 60, headBefore: 60 },
    ],
  }
  const dry = repair(true)
  expect(dry).toMatchObject({ ...expected, asidePath: undefined })
  expect(readFileSync(join(trial, 'quire.db'))).toEqual(original)
  const { asidePath, ...found } = repair()
  expect(found).toMatchObject(expected)
  const aside = must(asidePath, 'a folder')
  expect(readFileSync(join(aside, 'quire.db'))).toEqual(original)
  expect(JSON.parse(readFileSync(join(aside, 'manifest.json'), 'utf8'))).toMatchObject({
    format: 1,
    repaired: found.repaired.map(({ kind, head }) => ({ kind, head })),
  })
  const loose = readFileSync(join(aside, 'document-1.16.update'))
  expect(Buffer.compare(loose, updateAt('document-1', 16))).toBe(0)

  const store = await openSqliteStore({ folder: trial })
  expect((await store.verify()).problems).toEqual([])
  for (const [name, head] of [
    ['document-0', 20],
    ['document-1', 14],
    ['document-4', 60],
    ['document-5', 70],
  ] as const) {
    const stored = await store.open(named(name))
    expect([stored.head, differenceOf(name, stored)]).toEqual([head, undefined])
    expect(stored.lineage).toBe(lineages.get(name))
    expect((await store.describe(named(name)))?.title).toBe(`Title of ${name}`)
  }
  expect((await store.open(named('document-7'))).isDeleted).toBe(true)
  expect(await store.authors(named('document-4'))).toEqual(new Map())
  expect((await store.list({ limit: 100 })).documents).toHaveLength(5)
  // Whoever has the rest goes on where the kept part ends.
  const rest = Array.from({ length: 16 }, (_, at) => updateAt('document-1', 15 + at))
  await store.append([{ document: named('document-1'), updates: rest }])
  expect(differenceOf('document-1', await store.open(named('document-1')))).toBeUndefined()
  await store.close()
})

test('[RP3] a document that is lost gives its name free for the one in a backup', async () => {
  copy()
  let store = await openSqliteStore({ folder: trial })
  const pieces: Buffer[] = []
  for await (const piece of writeBackup(store, { madeMs: 1 })) pieces.push(piece)
  await store.close()
  damage(`UPDATE snapshots SET bytes = x'00' WHERE document_id = ${idOf('document-2')}`)
  repair()
  store = await openSqliteStore({ folder: trial })
  const documents = new Set([named('document-2')])
  expect(await restoreBackup(store, () => pieces, { documents })).toMatchObject({
    restored: ['document-2'],
  })
  const { tail, snapshot } = await store.open(named('document-2'))
  expect(snapshot?.update).toEqual(snapshotAt('document-2', 10).update)
  expect(tail.slice(0, 30).map(({ update }) => [...update])).toEqual(
    Array.from({ length: 30 }, (_, at) => [...updateAt('document-2', 11 + at)]),
  )
  for await (const each of readBackup(pieces)) void each
  await store.close()
})

test('[RP4] after an older copy was put back, or the log was lost, what is there opens', async () => {
  copy()
  writeFileSync(join(trial, 'quire.mark'), readFileSync(join(whole, 'quire.mark')))
  const store = await openSqliteStore({ folder: trial })
  await store.append([{ document: named('document-0'), updates: [updateAt('document-0', 21)] }])
  await store.close()
  copyFileSync(join(whole, 'quire.db'), join(trial, 'quire.db'))
  await expect(openSqliteStore({ folder: trial })).rejects.toMatchObject({ code: 'corrupt' })
  const { repaired, problems, asidePath } = repair()
  expect([repaired, problems.length]).toEqual([[], 1])
  expect(readdirSync(must(asidePath, 'a folder'))).toContain('quire.mark')
  const again = await openSqliteStore({ folder: trial })
  expect((await again.open(named('document-0'))).head).toBe(20)
  await again.close()
})

test('[RP5] a folder that a server uses, or of which nothing can be read, stays as it is', async () => {
  copy()
  const writer = startWriter(trial, 'hold')
  await writer.said('open')
  expect(() => repairSqliteStore({ folder: trial, clock, lockWaitMs: 50 })).toThrow(
    expect.objectContaining({ code: 'locked' }),
  )
  await writer.kill()
  writeFileSync(join(trial, 'quire.db'), Buffer.alloc(50_000, 'no database'))
  expect(() => repair()).toThrow(expect.objectContaining({ code: 'corrupt' }))
  expect(readFileSync(join(trial, 'quire.db')).subarray(0, 11).toString()).toBe('no database')
  expect(readdirSync(trial).filter((name) => name.startsWith('aside'))).toEqual([])
  rmSync(join(trial, 'quire.db'))
  expect(() => repair()).toThrow(expect.objectContaining({ code: 'bad-request' }))
})

test('[RP2] after any flipped bit a repaired store opens, and has of each document a beginning or nothing', () => {
  const random = createSeededRandom(seed)
  let repairedCount = 0
  for (let round = 0; round < flips; round++) {
    copy()
    const bytes = readFileSync(join(trial, 'quire.db'))
    const place = random.below(bytes.length)
    const bit = random.below(8)
    bytes[place] = must(bytes[place], 'a byte') ^ (1 << bit)
    writeFileSync(join(trial, 'quire.db'), bytes)
    const what = `bit ${bit} of byte ${place}; replay with QUIRE_SEED=${seed} QUIRE_FLIPS=${flips}`
    try {
      if (repair().asidePath !== undefined) repairedCount += 1
    } catch (error) {
      expect(error, what).toBeInstanceOf(StoreError)
      expect(readFileSync(join(trial, 'quire.db')).equals(bytes), what).toBe(true)
      continue
    }
    const opened = new OpenFolder(trial, 1_000)
    const database = opened.database()
    expect(database.verifyFile(), what).toEqual([])
    expect(database.verifyDocuments(0, 100).problems, what).toEqual([])
    for (const { document } of database.list(100, undefined).documents) {
      expect(names, what).toContain(document)
      expect(differenceOf(document, database.open(document)), what).toBeUndefined()
    }
    opened.close()
  }
  expect(repairedCount).toBeGreaterThan(flips / 10)
})

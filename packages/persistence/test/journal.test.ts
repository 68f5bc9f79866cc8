/** The journal of a SQLite store: small commits are in it, then in the logs, and nobody can tell. */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '@quire/base'
import { repairSqliteStore } from '../src/repair/repair-sqlite.ts'
import { OpenFolder } from '../src/sqlite/open-folder.ts'
import { openSqliteSnapshot } from '../src/sqlite/sqlite-snapshot.ts'
import { differenceOf, named, snapshotAt, updateAt } from './written.ts'

const names = ['a', 'b', 'c']
let root: string
let data: string
let folder: OpenFolder

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'quire-journal-'))
  data = join(root, 'data')
  folder = new OpenFolder(data, 100)
})
afterEach(() => {
  folder.close()
  rmSync(root, { recursive: true })
})

/** Appends rows `first` to `last` of each document, one commit for each number. */
function write(first: number, last: number): void {
  for (let number = first; number <= last; number++) {
    folder.database().append(
      names.map((name) => ({
        document: named(name),
        updates: [updateAt(name, number)],
        author: `who wrote ${name}`,
      })),
      number,
    )
  }
}

/** Rows of the table beside the store. */
function count(table: string, files = data): number {
  const db = new DatabaseSync(join(files, 'quire.db'), { readOnly: true })
  const row = db.prepare(`SELECT count(*) AS count FROM ${table}`).get() as { count: number }
  db.close()
  return row.count
}

function expectAll(head: number): void {
  for (const name of names) {
    const stored = folder.database().open(named(name))
    expect(stored.head).toBe(head)
    expect(differenceOf(name, stored)).toBeUndefined()
    expect(new Set(stored.tail.map(({ author }) => author))).toEqual(new Set([`who wrote ${name}`]))
  }
}

/** What a kill leaves, opened. */
function afterKill(change: (file: string) => void = () => undefined): OpenFolder {
  const copy = join(root, 'copy')
  rmSync(copy, { recursive: true, force: true })
  mkdirSync(copy)
  for (const file of readdirSync(data)) copyFileSync(join(data, file), join(copy, file))
  change(join(copy, 'quire.db'))
  return new OpenFolder(copy, 100)
}

test('[SQ14] commits stand in the journal, are read from there, and are folded before it grows large', () => {
  write(1, 20)
  expect(count('log')).toBe(0)
  expect(count('journal')).toBe(20)
  expectAll(20)
  write(21, 400)
  expect(count('journal')).toBeLessThanOrEqual(128)
  expect(count('log')).toBeGreaterThan(3 * 200)
  expectAll(400)
  const list = folder.database().list(10, undefined).documents
  expect(list.map(({ document }) => document)).toEqual(['c', 'b', 'a'])
  expect(list.map(({ changedMs }) => changedMs)).toEqual([400, 400, 400])
})

test('[SQ14] what a killed server has not folded is there after the next start, in the same order', () => {
  write(1, 150)
  const before = folder.database().list(10, undefined)
  expect(count('journal')).toBeGreaterThan(0)
  const killed = afterKill()
  expect(killed.database().list(10, undefined)).toEqual(before)
  folder.close()
  folder = killed
  expectAll(150)
  write(151, 152)
  expectAll(152)
})

test('[SQ14] a store that was closed in order has nothing in its journal', () => {
  write(1, 5)
  folder.close()
  expect(count('journal')).toBe(0)
  expect(count('log')).toBe(15)
  folder = new OpenFolder(data, 100)
  expectAll(5)
})

test('[SQ14] compacting, renaming and deleting find what is in the journal', () => {
  write(1, 12)
  const database = folder.database()
  expect(database.compact(named('a'), snapshotAt('a', 12), 0)).toBe('done')
  expect(database.open(named('a'))).toMatchObject({ head: 12, tail: [] })
  write(13, 14)
  expect(database.rename(named('b'), 'New', 20)).toBe('done')
  expect(database.describe(named('b'))).toMatchObject({ title: 'New', changedMs: 20 })
  expectAll(14)
  write(15, 15)
  expect(database.delete(named('c'), 30)).toBe('done')
  expect(database.append([{ document: named('c'), updates: [updateAt('c', 16)] }], 31)).toEqual([
    { kind: 'deleted' },
  ])
  expect(database.open(named('a')).head).toBe(15)
})

test('[SQ14] a large batch goes into the logs behind what is in the journal', () => {
  write(1, 3)
  const updates = Array.from({ length: 200 }, (_, at) => updateAt('a', 4 + at))
  folder.database().append([{ document: named('a'), updates, author: 'who wrote a' }], 4)
  expect(count('journal')).toBe(0)
  const stored = folder.database().open(named('a'))
  expect(stored.head).toBe(203)
  expect(differenceOf('a', stored)).toBeUndefined()
})

test('[SQ4] a journal that was changed, or has a hole, is refused', () => {
  write(1, 5)
  const sql = (text: string) => (file: string) => {
    const db = new DatabaseSync(file)
    db.exec(text)
    db.close()
  }
  for (const change of [
    'UPDATE journal SET bytes = zeroblob(length(bytes)) WHERE number = (SELECT min(number) FROM journal)',
    'DELETE FROM journal WHERE number = (SELECT min(number) FROM journal)',
    'DELETE FROM journal WHERE number = (SELECT max(number) FROM journal)',
    'DELETE FROM journal',
  ]) {
    const broken = afterKill(sql(change))
    expect(() => broken.database(), change).toThrow(/quire\.db (is damaged|lacks edits)/)
    broken.close()
  }
})

test('[RP2] what is in the journal of a damaged folder is kept by its repair, up to a hole', () => {
  write(1, 6)
  folder.close()
  folder = new OpenFolder(data, 100)
  write(7, 12)
  const files = join(root, 'killed')
  mkdirSync(files)
  for (const file of readdirSync(data)) copyFileSync(join(data, file), join(files, file))
  const db = new DatabaseSync(join(files, 'quire.db'))
  db.exec(`DELETE FROM journal WHERE number = (SELECT number FROM journal ORDER BY number LIMIT 1 OFFSET 3);
    UPDATE log SET bytes = zeroblob(9) WHERE document_id = 2 AND number = 5`)
  db.close()
  const { repaired } = repairSqliteStore({ folder: files, clock: systemClock })
  expect(
    repaired.map(({ document, kind, head, headBefore }) => [document, kind, head, headBefore]),
  ).toEqual([
    ['a', 'cut', 9, 12],
    ['b', 'cut', 4, 6],
    ['c', 'cut', 9, 12],
  ])
  folder.close()
  folder = new OpenFolder(files, 100)
  const stored = folder.database().open(named('a'))
  expect(stored.head).toBe(9)
  expect(differenceOf('a', stored)).toBeUndefined()
  expect(folder.database().verifyFile()).toEqual([])
})

test('[SQ10] a backup beside a running store has what is in the journal', async () => {
  write(1, 7)
  const snapshot = openSqliteSnapshot(data)
  write(8, 9)
  for (const name of names) {
    const stored = await snapshot.open(named(name))
    expect(stored.head).toBe(7)
    expect(differenceOf(name, stored)).toBeUndefined()
  }
  expect((await snapshot.list({ limit: 2 })).documents.map(({ changedMs }) => changedMs)).toEqual([
    7, 7,
  ])
  await snapshot.close()
})

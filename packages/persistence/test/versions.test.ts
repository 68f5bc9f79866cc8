/** Files of released versions. Each was written by that version and is never written again. */
import { copyFileSync, readFileSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { DatabaseSync } from '@photostructure/sqlite'
import { postgresFolder, startPostgres } from '@quire/testkit/postgres-server'
import pg from 'pg'
import {
  createMemoryStore,
  openPostgresStore,
  openSqliteStore,
  restoreBackup,
  type Store,
} from '../src/index.ts'
import { checksum } from '../src/sqlite/checksum.ts'
import { differenceOf, named, snapshotAt, updateAt } from './written.ts'

test('[SQ9] a file of version 1 opens, with everything in it, and can be written', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'quire-version-'))
  const fixture = fileURLToPath(new URL('./fixtures/version-1.db', import.meta.url))
  copyFileSync(fixture, join(folder, 'quire.db'))
  const store = await openSqliteStore({ folder })
  for (const [name, head] of [
    ['a', 15],
    ['b', 3],
  ] as const) {
    const stored = await store.open(named(name))
    expect(stored.head).toBe(head)
    expect(differenceOf(name, stored)).toBeUndefined()
  }
  expect((await store.open(named('a'))).snapshot?.number).toBe(10)
  expect(await store.open(named('gone'))).toMatchObject({ isDeleted: true })
  const { documents } = await store.list({ limit: 10 })
  expect(documents).toEqual([
    { document: 'b', title: 'Ünïcode \u{1f600}', createdMs: 2_000, changedMs: 5_000 },
    { document: 'a', title: 'First', createdMs: 1_000, changedMs: 4_000 },
  ])
  const next = [{ document: named('a'), updates: [updateAt('a', 16)] }]
  expect(await store.append(next)).toMatchObject([{ kind: 'stored', head: 16 }])
  expect((await store.verify()).problems).toEqual([])
  await store.close()
  await rm(folder, { recursive: true })
})

test('[SQ9] a file of version 2 opens, with everything in it, and can get versions', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'quire-version-'))
  const fixture = fileURLToPath(new URL('./fixtures/version-2.db', import.meta.url))
  copyFileSync(fixture, join(folder, 'quire.db'))
  let store = await openSqliteStore({ folder })
  await expectFirstRelease(store)
  const made = await store.versions.create(named('a'), {
    number: 15,
    kind: 'named',
    name: 'Kept',
    state: updateAt('a', 1),
  })
  await store.close()
  store = await openSqliteStore({ folder })
  const { versions } = await store.versions.list(named('a'), { limit: 5 })
  expect(versions).toEqual([made])
  expect((await store.verify()).problems).toEqual([])
  await store.close()
  await rm(folder, { recursive: true })
})

test.skipIf(postgresFolder() === undefined)(
  '[PG6] a database of version 1 opens, with everything in it, and can get versions',
  async () => {
    const server = await startPostgres()
    try {
      const fixture = new URL('./fixtures/postgres-version-1.sql', import.meta.url)
      const client = new pg.Client(server.url)
      await client.connect()
      await client.query(readFileSync(fixture, 'utf8'))
      await client.end()
      let store = await openPostgresStore({ url: server.url })
      await expectFirstRelease(store)
      const made = await store.versions.create(named('a'), {
        number: 15,
        kind: 'time',
        state: updateAt('a', 1),
      })
      await store.close()
      store = await openPostgresStore({ url: server.url })
      expect((await store.versions.list(named('a'), { limit: 5 })).versions).toEqual([made])
      expect((await store.verify()).problems).toEqual([])
      await store.close()
    } finally {
      await server.stop()
    }
  },
)

test('[BK1] a backup of format 1, which knew no versions, is restored', async () => {
  const file = new URL('./fixtures/backup-format-1.quire', import.meta.url)
  const store = createMemoryStore()
  const { restored } = await restoreBackup(store, () => [readFileSync(file)])
  expect(restored.toSorted()).toEqual(['a', 'b'])
  const stored = await store.open(named('a'))
  expect(stored.snapshot).toEqual({ ...snapshotAt('a', 10), number: 1 })
  expect(stored.tail.slice(0, 2).map(({ update }) => update)).toEqual(
    [11, 12].map((at) => updateAt('a', at)),
  )
  expect(await store.authors(named('a'))).toEqual(new Map([[7, 'Ada']]))
  expect(differenceOf('b', await store.open(named('b')))).toBeUndefined()
})

/** What the fixtures of the first release hold. */
async function expectFirstRelease(store: Store): Promise<void> {
  for (const [name, head] of [
    ['a', 15],
    ['b', 3],
  ] as const) {
    const stored = await store.open(named(name))
    expect(stored.head).toBe(head)
    expect(differenceOf(name, stored)).toBeUndefined()
  }
  expect((await store.open(named('a'))).tail.map(({ author }) => author)).toEqual([
    'Ada',
    'Ada',
    'Ben',
    'Ben',
    'Ben',
  ])
  expect(await store.authors(named('a'))).toEqual(
    new Map([
      [7, 'Ada'],
      [8, 'Ben'],
    ]),
  )
  expect(await store.open(named('gone'))).toMatchObject({ isDeleted: true })
  const { documents } = await store.list({ limit: 10 })
  expect(documents.map(({ document, title }) => [document, title])).toEqual([
    ['b', 'Ünïcode \u{1f600}'],
    ['a', 'First'],
  ])
  const next = [{ document: named('a'), updates: [updateAt('a', 16)] }]
  expect(await store.append(next)).toMatchObject([{ kind: 'stored', head: 16 }])
  expect((await store.verify()).problems).toEqual([])
}

/** The tables of version 1, written down once more: `schema.ts` may not be its own witness. */
const tablesOfVersion1 = `
  CREATE TABLE documents (
    id              INTEGER PRIMARY KEY,
    name            TEXT    NOT NULL UNIQUE,
    title           TEXT    NOT NULL,
    created_ms      INTEGER NOT NULL,
    changed_ms      INTEGER NOT NULL,
    deleted_ms      INTEGER,
    lineage         TEXT    NOT NULL,
    head            INTEGER NOT NULL,
    snapshot_number INTEGER NOT NULL,
    changed_order   INTEGER NOT NULL,
    written_order   INTEGER NOT NULL,
    checksum        INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX documents_by_change ON documents (changed_order) WHERE deleted_ms IS NULL;
  CREATE TABLE log (
    document_id     INTEGER NOT NULL REFERENCES documents (id),
    number          INTEGER NOT NULL,
    bytes           BLOB    NOT NULL,
    checksum        INTEGER NOT NULL,
    PRIMARY KEY (document_id, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE snapshots (
    document_id     INTEGER PRIMARY KEY REFERENCES documents (id),
    number          INTEGER NOT NULL,
    bytes           BLOB    NOT NULL,
    state_vector    BLOB    NOT NULL,
    delete_set      BLOB    NOT NULL,
    checksum        INTEGER NOT NULL
  ) STRICT;
  `

test('[SQ9] a file of version 1, made here by its own words, gets authors and keeps its rows and lineage', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'quire-version-'))
  const file = join(folder, 'quire.db')
  const lineage = 'lineage-of-the-old-one'
  const db = new DatabaseSync(file)
  db.exec(tablesOfVersion1)
  const entry = [1, 'a', 'Old', 1_000, 2_000, null, lineage, 3, 0, 1, 2]
  db.prepare('INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
    ...entry,
    checksum(JSON.stringify(entry)),
  )
  for (const number of [1, 2, 3]) {
    const update = updateAt('a', number)
    const sum = checksum(update, (checksum(lineage) ^ number) >>> 0)
    db.prepare('INSERT INTO log VALUES (?, ?, ?, ?)').run(1, number, update, sum)
  }
  db.exec(`PRAGMA application_id = ${0x51756972}; PRAGMA user_version = 1`)
  db.close()

  let store = await openSqliteStore({ folder })
  const before = await store.open(named('a'))
  expect(differenceOf('a', before)).toBeUndefined()
  expect(before.lineage).toBe(lineage)
  expect(before.tail.map(({ author }) => author)).toEqual(['', '', ''])
  expect(await store.authors(named('a'))).toEqual(new Map())
  const updates = [updateAt('a', 4)]
  await store.append([{ document: named('a'), updates, author: 'Ada', newClients: [7] }])
  await store.close()

  store = await openSqliteStore({ folder })
  const after = await store.open(named('a'))
  expect(differenceOf('a', after)).toBeUndefined()
  expect(after.tail.map(({ author }) => author)).toEqual(['', '', '', 'Ada'])
  expect(await store.authors(named('a'))).toEqual(new Map([[7, 'Ada']]))
  expect((await store.verify()).problems).toEqual([])
  await store.close()
  rmSync(folder, { recursive: true })
})

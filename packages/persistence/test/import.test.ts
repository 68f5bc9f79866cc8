import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LeveldbPersistence } from 'y-leveldb'
import * as Y from 'yjs'
import { importDocuments } from '../src/import/import-documents.ts'
import { readHocuspocusPostgres, readHocuspocusSqlite } from '../src/import/hocuspocus.ts'
import { readLeveldb } from '../src/import/y-leveldb.ts'
import { createMemoryStore } from '../src/memory-store.ts'
import { postgresFolder, startPostgres } from '@quire/testkit/postgres-server'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quire-import-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** More than one page of them. */
const names = Array.from({ length: 120 }, (_, i) => `doc-${i}`)

function stateOf(name: string): Uint8Array {
  const doc = new Y.Doc()
  doc.getText('content').insert(0, `text of ${name}`)
  return Y.encodeStateAsUpdate(doc)
}

async function expectAll(source: Parameters<typeof importDocuments>[1]): Promise<void> {
  const store = createMemoryStore()
  const { imported, left } = await importDocuments(store, source)
  expect(left).toEqual([])
  expect(imported.map(({ from }) => from).toSorted()).toEqual(names.toSorted())
  for (const { document, from } of imported) {
    const { snapshot } = await store.open(document)
    const doc = new Y.Doc()
    Y.applyUpdate(doc, snapshot?.update ?? new Uint8Array())
    expect(doc.getText('content').toJSON()).toBe(`text of ${from}`)
  }
}

test('[IM3] the file of the SQLite extension of Hocuspocus comes over', async () => {
  const file = join(folder, 'db.sqlite')
  const db = new DatabaseSync(file)
  // As the extension makes it.
  db.exec(
    'CREATE TABLE "documents" ("name" varchar(255) NOT NULL, "data" blob NOT NULL, UNIQUE(name))',
  )
  const insert = db.prepare('INSERT INTO documents VALUES (?, ?)')
  for (const name of names) insert.run(name, stateOf(name))
  db.close()
  await expectAll(readHocuspocusSqlite(file))
  const wrong = importDocuments(
    createMemoryStore(),
    readHocuspocusSqlite(file, { table: 'no"; --' }),
  )
  await expect(wrong).rejects.toMatchObject({ code: 'bad-request' })
  const nowhere = readHocuspocusSqlite(join(folder, 'nowhere'))
  await expect(importDocuments(createMemoryStore(), nowhere)).rejects.toMatchObject({ code: 'io' })
})

test.skipIf(postgresFolder() === undefined)(
  '[IM4] a PostgreSQL table of documents comes over',
  async () => {
    const server = await startPostgres()
    try {
      const client = new pg.Client(server.url)
      await client.connect()
      await client.query('CREATE TABLE pages (id text PRIMARY KEY, state bytea NOT NULL)')
      for (const name of names) {
        await client.query('INSERT INTO pages VALUES ($1, $2)', [name, Buffer.from(stateOf(name))])
      }
      await client.end()
      const table = { table: 'public.pages', nameColumn: 'id', dataColumn: 'state' }
      await expectAll(readHocuspocusPostgres(server.url, table))
      const missing = importDocuments(createMemoryStore(), readHocuspocusPostgres(server.url))
      await expect(missing).rejects.toMatchObject({ code: 'io' })
    } finally {
      await server.stop()
    }
  },
)

test('[IM5] a folder of y-leveldb comes over', async () => {
  const leveldb = new LeveldbPersistence(join(folder, 'level'))
  try {
    for (const name of names) await leveldb.storeUpdate(name, stateOf(name))
    await expectAll(readLeveldb(leveldb))
  } finally {
    await leveldb.destroy()
  }
})

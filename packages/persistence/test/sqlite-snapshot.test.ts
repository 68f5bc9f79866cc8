import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DocumentName, parseDocumentName } from '@quire/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeBackup } from '../src/backup/write-backup.ts'
import { readBackupParts } from '../src/backup/read-backup.ts'
import { openSqliteSnapshot } from '../src/sqlite/sqlite-snapshot.ts'
import { openSqliteStore } from '../src/sqlite/sqlite-store.ts'

const named = (name: string): DocumentName => {
  const parsed = parseDocumentName(name)
  if (parsed === undefined) throw new Error(`${name} is not a document name`)
  return parsed
}

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quire-snapshot-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('[SQ10] a backup beside a running store is of one moment, and holds nobody up', async () => {
  const store = await openSqliteStore({ folder })
  const [one, two] = [named('one'), named('two')]
  const row = (text: string) => [Buffer.from(text)]
  await store.append([{ document: one, updates: row('a'), author: 'ada', newClients: [7] }])
  await store.append([{ document: two, updates: row('b') }])
  await store.versions.create(one, {
    number: 1,
    kind: 'named',
    name: 'In it',
    state: Buffer.from('v1'),
  })
  const snapshot = openSqliteSnapshot(folder)
  await store.versions.create(one, { number: 1, kind: 'time', state: Buffer.from('v2') })
  // What is written from now on is not in it.
  for (let i = 0; i < 50; i++) await store.append([{ document: one, updates: row(`later ${i}`) }])
  await store.create(named('three'), '')
  await store.delete(two)
  const parts = []
  for await (const part of readBackupParts(writeBackup(snapshot, { madeMs: 1 }))) parts.push(part)
  await snapshot.close()
  const found = parts.flatMap((part) => (part.kind === 'document' ? [part.document] : []))
  const versions = parts.flatMap((part) => (part.kind === 'version' ? [part.version] : []))
  expect(versions.map(({ name, state }) => [name, Buffer.from(state).toString()])).toEqual([
    ['In it', 'v1'],
  ])
  const said = new Map(
    found.map(({ info, tail }) => [
      info.document as string,
      tail.map(({ update }) => Buffer.from(update).toString()),
    ]),
  )
  expect(said).toEqual(
    new Map([
      ['one', ['a']],
      ['two', ['b']],
    ]),
  )
  expect(found.find(({ info }) => info.document === 'one')?.authors).toEqual([[7, 'ada']])
  expect((await store.open(one)).head).toBe(51)
  await store.close()
  expect(() => openSqliteSnapshot(join(folder, 'nowhere'))).toThrow(/there is no/)
})

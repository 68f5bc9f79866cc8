/** Files of released versions. Each was written by that version and is never written again. */
import { copyFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openSqliteStore } from '../src/index.ts'
import { differenceOf, named, updateAt } from './written.ts'

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
  expect(await store.append(next)).toEqual([{ kind: 'stored', head: 16 }])
  expect((await store.verify()).problems).toEqual([])
  await store.close()
  await rm(folder, { recursive: true })
})

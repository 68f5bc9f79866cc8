import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeFullStoreContract } from '../src/contract.ts'
import { openSqliteStore } from '../src/sqlite/sqlite-store.ts'
import { vacuumSqliteStore } from '../src/sqlite/vacuum.ts'
import { named } from './written.ts'

describeFullStoreContract({
  name: 'SQLite store',
  open: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'quire-store-'))
    let store = await openSqliteStore({ folder })
    return {
      store,
      reopen: async () => {
        await store.close()
        store = await openSqliteStore({ folder })
        return store
      },
      close: async () => {
        await store.close()
        await rm(folder, { recursive: true })
      },
    }
  },
})

test('[TR4] after a purge and writing the file anew nothing of a document is in it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'quire-purge-'))
  /** What each kind of bytes of a document says, so that the files can be searched for it. */
  const secrets = [
    'rowsecret',
    'snapshotsecret',
    'versionsecret',
    'titlesecret',
    'textsecret',
    'authorsecret',
  ]
  const [row = '', snapshot = '', version = '', title = '', text = '', author = ''] = secrets
  const bytes = (secret: string): Buffer => Buffer.from(`${secret} `.repeat(2_000))
  const store = await openSqliteStore({ folder })
  for (const name of ['kept', 'gone']) {
    const document = named(name)
    const say = (secret: string): string => `${name}${secret}`
    const updates = [bytes(say(row)), bytes(say(row)), bytes(say(row))]
    await store.append([{ document, updates, author: say(author), newClients: [1] }])
    const update = bytes(say(snapshot))
    await store.compact(document, { number: 2, update, stateVector: update, deleteSet: update }, 0)
    await store.versions.create(document, { number: 3, kind: 'time', state: bytes(say(version)) })
    await store.search.put(document, `${say(text)} `.repeat(500), 3)
    await store.rename(document, say(title))
  }
  const found = async (name: string): Promise<string[]> => {
    const files = await Promise.all(
      (await readdir(folder)).map(async (file) =>
        (await readFile(join(folder, file))).toString('latin1'),
      ),
    )
    return secrets.filter((secret) => files.some((content) => content.includes(`${name}${secret}`)))
  }
  expect(await found('gone')).toEqual(secrets)
  await store.delete(named('gone'))
  expect(await store.trash.purge(named('gone'))).toBe('done')
  await store.close()
  // Of rows that were compacted earlier something may lie in pages that nothing uses.
  expect(await found('gone')).toEqual([row])
  vacuumSqliteStore(folder)
  expect(await found('gone')).toEqual([])
  expect(await found('kept')).toEqual(secrets)
  const again = await openSqliteStore({ folder })
  expect(await again.verify()).toEqual({ documents: 2, problems: [] })
  expect((await again.open(named('kept'))).head).toBe(3)
  await again.close()
  await rm(folder, { recursive: true })
})

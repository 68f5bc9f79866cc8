import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeFullStoreContract } from '../src/contract.ts'
import { openSqliteStore } from '../src/sqlite/sqlite-store.ts'

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

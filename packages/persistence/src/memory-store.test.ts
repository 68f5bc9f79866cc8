import { createManualClock, createSeededRandom } from '@quire/testkit'
import { parseDocumentName } from '@quire/protocol'
import { must } from '@quire/base'
import { expect, test } from 'vitest'
import { describeFullStoreContract } from './contract.ts'
import { createMemoryStore, MemoryDisk } from './memory-store.ts'

describeFullStoreContract({
  name: 'memory store',
  open: async () => {
    const disk = new MemoryDisk()
    let store = createMemoryStore({ disk })
    return {
      store,
      reopen: async () => {
        await store.close()
        store = createMemoryStore({ disk })
        return store
      },
      close: () => store.close(),
    }
  },
})

const name = must(parseDocumentName('letter'), 'a name')

test('[DS11] a new memory store on a disk has all of it, and shuts the older one out', async () => {
  const disk = new MemoryDisk()
  const killed = createMemoryStore({ disk })
  await killed.append([{ document: name, updates: [new Uint8Array([1])] }])
  const store = createMemoryStore({ disk })
  expect((await store.open(name)).head).toBe(1)
  await expect(killed.open(name)).rejects.toMatchObject({ code: 'closed' })
  await killed.close()
  expect((await store.open(name)).head).toBe(1)
})

test('[DS9] the time of change is the clock of the store and never moves back', async () => {
  const clock = createManualClock()
  let wallMs = 5_000
  const store = createMemoryStore({
    clock: { ...clock, wallMs: () => wallMs },
    random: createSeededRandom(1),
  })
  await store.create(name, '')
  wallMs = 9_000
  await store.rename(name, 'a')
  wallMs = 7_000
  await store.rename(name, 'b')
  expect(await store.describe(name)).toMatchObject({ createdMs: 5_000, changedMs: 9_000 })
})

/** Quire's SQLite store for `jobs.mjs`: every commit synced, a checksum over every row. */
import { createCompactor, openSqliteStore } from '@quire/persistence'
import * as Y from 'yjs'
import { runJob } from './jobs.mjs'

async function open(folder) {
  const store = await openSqliteStore({ folder })
  const compactor = createCompactor({ jobMsMax: 300_000 })
  return {
    append: (batch) => store.append(batch.map(({ document, updates }) => ({ document, updates }))),
    async read(document) {
      const { snapshot, tail } = await store.open(document)
      // A join sends these as they are; one after the other they are what the peers answer.
      return snapshot && tail.length === 0
        ? snapshot.update
        : Buffer.concat([snapshot?.update ?? Buffer.alloc(0), ...tail.map(({ update }) => update)])
    },
    async compact(document) {
      const { snapshot, tail } = await store.open(document)
      if (tail.length === 0) return
      const next = await compactor.compact({ snapshot, tail })
      await store.compact(document, next, snapshot?.number ?? 0)
    },
    async close() {
      await compactor.close()
      await store.close()
    },
  }
}

await runJob(open, Y)

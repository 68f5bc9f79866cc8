/**
 * The peers' stores for `persistence/jobs.mjs`: `hocuspocus-sqlite`, `y-leveldb`, and `y-leveldb-synced`,
 * which is y-leveldb with every write synced, as it has to be for a promise like Quire's.
 */
import { join } from 'node:path'
import { SQLite } from '@hocuspocus/extension-sqlite'
import level from 'level'
import { LeveldbPersistence } from 'y-leveldb'
import * as Y from 'yjs'
import { runJob } from '../persistence/jobs.mjs'

/** Each store of a document writes its whole state, as the extension does after its debounce. */
async function openHocuspocus(folder) {
  const extension = new SQLite({ database: join(folder, 'documents.db') })
  await extension.onConfigure()
  return {
    async append(batch) {
      for (const { document, state } of batch) {
        await extension.configuration.store({ documentName: document, state: state() })
      }
    },
    read: (document) => extension.configuration.fetch({ documentName: document }),
    close: async () => extension.db.close(),
  }
}

function syncedLevel(location, options) {
  const db = level(location, options)
  const put = db.put.bind(db)
  db.put = (key, value, more = {}) => put(key, value, { ...more, sync: true })
  return db
}

const openLeveldb = (options) => async (folder) => {
  const store = new LeveldbPersistence(join(folder, 'leveldb'), options)
  return {
    append: (batch) =>
      Promise.all(
        batch.flatMap(({ document, updates }) =>
          updates.map((update) => store.storeUpdate(document, update)),
        ),
      ),
    read: async (document) => Y.encodeStateAsUpdate(await store.getYDoc(document)),
    close: () => store.destroy(),
  }
}

const stores = {
  'hocuspocus-sqlite': openHocuspocus,
  'y-leveldb': openLeveldb({}),
  'y-leveldb-synced': openLeveldb({ level: syncedLevel }),
}

await runJob(stores[process.argv.at(-2)], Y)

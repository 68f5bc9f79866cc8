/**
 * The same with the documents in PostgreSQL: the server is killed, the database lives.
 *
 * Replay: `QUIRE_SEED=<seed> QUIRE_ROUNDS=<n> npx vitest run --project e2e:sim sim/kill-postgres.test.ts`.
 */
import { openPostgresStore } from '@quire/persistence'
import { postgresFolder, startPostgres } from '@quire/testkit/postgres-server'
import { test } from 'vitest'
import { makeDataFolder, readFrom, removeDataFolder } from './data-folder.ts'
import { killRounds } from './kill-rounds.ts'
import { startServerProcess } from './server-process.ts'

const seed = Number(process.env['QUIRE_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const rounds = Number(process.env['QUIRE_ROUNDS'] ?? 10)

test.skipIf(postgresFolder() === undefined)(
  `SIGKILL under typing over PostgreSQL, ${rounds} rounds, seed ${seed}: nothing acknowledged is lost`,
  async () => {
    const postgres = await startPostgres()
    const data = makeDataFolder()
    try {
      const env = { QUIRE_DATABASE: postgres.url }
      await killRounds({
        seed,
        rounds,
        start: () => startServerProcess({ data, env }),
        readStored: async (document) => {
          const store = await openPostgresStore({ url: postgres.url })
          try {
            return await readFrom(store, document)
          } finally {
            await store.close()
          }
        },
      })
    } finally {
      removeDataFolder(data)
      await postgres.stop()
    }
  },
)

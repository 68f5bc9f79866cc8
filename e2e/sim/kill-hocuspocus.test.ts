/**
 * Saved means saved, for clients that were not written for Quire: kill -9 under typing with unmodified
 * Hocuspocus and y-websocket providers beside ours. What a Hocuspocus provider no longer counts as
 * unsynced is in the document of a fresh joiner after the restart.
 *
 * Replay: `QUIRE_SEED=<seed> QUIRE_ROUNDS=<n> npx vitest run --project e2e:sim sim/kill-hocuspocus`.
 */
import { test } from 'vitest'
import { makeDataFolder, readStored, removeDataFolder } from './data-folder.ts'
import { killRounds } from './kill-rounds.ts'
import { startServerProcess } from './server-process.ts'

const seed = Number(process.env['QUIRE_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const rounds = Number(process.env['QUIRE_ROUNDS'] ?? 10)

test(`SIGKILL under typing with Hocuspocus clients, ${rounds} rounds, seed ${seed}: nothing acknowledged is lost, everybody converges`, async () => {
  const data = makeDataFolder()
  try {
    await killRounds({
      seed,
      rounds,
      writers: ['hocuspocus 4', 'hocuspocus 4', 'hocuspocus 3', 'y-websocket', 'ours'],
      start: () => startServerProcess({ data }),
      readStored: (document) => readStored(data, document),
    })
  } finally {
    removeDataFolder(data)
  }
})

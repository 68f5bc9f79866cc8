/**
 * Saved means saved: kill -9 under typing on one data folder.
 *
 * Replay: `QUIRE_SEED=<seed> QUIRE_ROUNDS=<n> npx vitest run --project e2e:sim sim/kill.test.ts`. The
 * seed decides what is typed and when to kill; the machine decides what is under way at that moment.
 */
import { test } from 'vitest'
import { makeDataFolder, readStored, removeDataFolder } from './data-folder.ts'
import { killRounds } from './kill-rounds.ts'
import { startServerProcess } from './server-process.ts'

const seed = Number(process.env['QUIRE_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const rounds = Number(process.env['QUIRE_ROUNDS'] ?? 50)

test(`SIGKILL under typing, ${rounds} rounds, seed ${seed}: nothing acknowledged is lost, everybody converges`, async () => {
  const data = makeDataFolder()
  try {
    await killRounds({
      seed,
      rounds,
      start: () => startServerProcess({ data }),
      readStored: (document) => readStored(data, document),
    })
  } finally {
    removeDataFolder(data)
  }
})

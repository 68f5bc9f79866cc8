import { StoreError } from '@quire/persistence'
import { createSeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import { storedText } from '../test/harness.ts'
import { createWorld, FakeClient, turns } from '../test/world.ts'

/** Random schedules: people, loads, failures, restarts of the store. After each step the rules hold. */
function schedule(seed: number): Promise<number> {
  const random = createSeededRandom(seed)
  const world = createWorld({ idleMs: 200 })
  const names = ['one', 'two']
  const clients: { client: FakeClient; document: string }[] = []
  const acknowledged = new Map<string, Set<string>>(names.map((name) => [name, new Set()]))
  const pending = new Map<FakeClient, { frame: number; word: string }[]>()
  let acks = 0
  let wordCount = 0

  const look = (): void => {
    for (const { client, document } of clients) {
      const waiting = pending.get(client) ?? []
      while (waiting[0] && waiting[0].frame <= client.saved) {
        acknowledged.get(document)?.add(waiting[0].word)
        waiting.shift()
        acks += 1
      }
      // Nobody is told more than was sent, and nobody who is synced misses what others were told.
      expect(client.saved).toBeLessThanOrEqual(client.sentSyncFrames)
      if (client.session.isClosed || !client.isSynced || client.transport.isStalled) continue
    }
    for (const room of world.hub.rooms) {
      if (room.phase === 'idle' || room.phase === 'unloading') expect(room.sessionCount).toBe(0)
      expect(['absent', 'failed']).not.toContain(room.phase)
    }
  }

  const steps: (() => void)[] = [
    () => {
      if (clients.length < 6) {
        const document = random.pick(names)
        const client = new FakeClient(world, document)
        clients.push({ client, document })
        pending.set(client, [])
      }
    },
    () => {
      if (clients.length === 0) return
      const { client } = random.pick(clients)
      if (client.session.isClosed || !client.isSynced) return
      const word = `<${wordCount++}>`
      client.text.insert(0, word)
      pending.get(client)?.push({ frame: client.sentSyncFrames, word })
    },
    () => {
      if (clients.length > 0) random.pick(clients).client.reply()
    },
    () => {
      if (clients.length > 0) random.pick(clients).client.leave()
    },
    () => {
      world.steered.appendFails = random.chance(0.4) ? new StoreError('io', 'disk') : undefined
    },
    () => {
      world.steered.openFails = random.chance(0.3) ? new StoreError('io', 'disk') : undefined
    },
    () => {
      if (random.chance(0.5)) world.steered.isHoldingOpens = true
      else world.steered.letOpen()
    },
    () => {
      const { client } = clients.length > 0 ? random.pick(clients) : { client: undefined }
      if (!client) return
      client.transport.isStalled = random.chance(0.5)
      if (!client.transport.isStalled && client.transport.read()) client.session.drained()
    },
  ]
  const run = async (): Promise<number> => {
    for (let i = 0; i < 150; i++) {
      random.pick(steps)()
      if (random.chance(0.6)) await world.pass(random.pick([0, 5, 50, 400]))
      else await turns(2)
      look()
      for (let j = clients.length - 1; j >= 0; j--) {
        if (clients[j]?.client.session.isClosed) clients.splice(j, 1)
      }
    }
    // Everything heals; then nothing that was acknowledged may be missing.
    world.steered.appendFails = undefined
    world.steered.openFails = undefined
    world.steered.letOpen()
    await world.pass(12_000)
    look()
    for (const { client } of clients) client.leave()
    await world.pass(2_000)
    expect(world.hub.rooms).toEqual([])
    expect(world.hub.writer.unsavedBytes).toBe(0)
    expect(world.clock.timerCount).toBe(0)
    for (const [document, words] of acknowledged) {
      const text = await storedText(world.steered.inner, document)
      for (const word of words) expect(text).toContain(word)
    }
    return acks
  }
  return run()
}

test('[RM11] under random schedules nothing acknowledged is lost and every room ends', async () => {
  const [from, count] = [
    Number(process.env['QUIRE_SEED'] ?? 1),
    process.env['QUIRE_SEED'] ? 1 : 120,
  ]
  let acks = 0
  for (let seed = from; seed < from + count; seed++) {
    try {
      acks += await schedule(seed)
    } catch (error) {
      throw new Error(
        `seed ${seed}; replay: QUIRE_SEED=${seed} npx vitest run --project sync-server room-schedule`,
        {
          cause: error,
        },
      )
    }
  }
  expect(acks).toBeGreaterThan(count)
}, 60_000)

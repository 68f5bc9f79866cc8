import { createSeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import { WaitingUpdates } from './log-batch.ts'

test('[LW4] a batch holds at most so many bytes, and however it is cut and put back, each document keeps its order', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = createSeededRandom(seed)
    const waiting = new WaitingUpdates<{ readonly document: string; readonly lineage?: string }>()
    const owners = ['one', 'two', 'three'].map((document) => ({ document }))
    const given = new Map<object, number[]>(owners.map((owner) => [owner, []]))
    const taken = new Map<object, number[]>(owners.map((owner) => [owner, []]))
    const authors = new Map<number, string | undefined>()
    let made = 0
    for (let step = 0; step < 60; step++) {
      const owner = owners[random.below(3)] ?? owners[0]
      if (owner && random.chance(0.7)) {
        const update = new Uint8Array(4 + random.below(60))
        new DataView(update.buffer).setUint32(0, ++made)
        const author = random.chance(0.5) ? undefined : `user ${random.below(2)}`
        waiting.add(
          owner,
          update,
          author === undefined ? undefined : { author, newClients: [made] },
        )
        given.get(owner)?.push(made)
        authors.set(made, author)
        continue
      }
      const batch = waiting.take(100)
      const updates = [...batch.values()].flat().flatMap((run) => run.updates)
      const bytes = updates.reduce((sum, { length }) => sum + length, 0)
      expect(bytes <= 100 || updates.length === 1, `seed ${seed}`).toBe(true)
      if (random.chance(0.4)) {
        waiting.putBack(batch)
        continue
      }
      for (const [owner, runs] of batch) {
        for (const run of runs) {
          for (const update of run.updates) {
            const number = new DataView(update.buffer).getUint32(0)
            expect(run.author, `seed ${seed}`).toBe(authors.get(number))
            taken.get(owner)?.push(number)
          }
        }
      }
    }
    for (let rounds = 0; waiting.count > 0 && rounds < 1_000; rounds++) {
      for (const [owner, runs] of waiting.take(100)) {
        for (const { updates } of runs) {
          for (const update of updates)
            taken.get(owner)?.push(new DataView(update.buffer).getUint32(0))
        }
      }
    }
    expect(taken, `seed ${seed}`).toEqual(given)
    expect(waiting.count).toBe(0)
  }
})

test('[LW4] the first authors of client ids are told with their updates or before, each once', () => {
  const waiting = new WaitingUpdates<object>()
  const owner = {}
  for (let i = 1; i <= 4; i++) {
    waiting.add(owner, new Uint8Array(60), { author: 'ada', newClients: [i] })
  }
  const told: number[] = []
  for (let seen = 0; waiting.count > 0; ) {
    for (const runs of waiting.take(100).values()) {
      for (const { updates, newClients } of runs) {
        seen += updates.length
        told.push(...(newClients ?? []))
      }
    }
    expect(told.length).toBeGreaterThanOrEqual(seen)
  }
  expect(told).toEqual([1, 2, 3, 4])
})

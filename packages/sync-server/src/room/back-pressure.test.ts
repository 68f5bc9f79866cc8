import { expect, test } from 'vitest'
import { createWorld, FakeClient } from '../../test/world.ts'
import { aheadBytesSoft, holdMs } from './back-pressure.ts'

test('[MB2] nobody waits while what waits is within its bound', () => {
  expect(holdMs(16 * 1024 * 1024, aheadBytesSoft)).toBe(0)
  expect(holdMs(64 * 1024, 20_000_000, 20_000_000)).toBe(0)
})

test('[MB2] who sends much waits, the longer the more is too much; a letter never does', () => {
  const ms = [1.5, 2, 3].map((times) => holdMs(64 * 1024, times * aheadBytesSoft))
  expect(ms).toEqual([100, 200, 400])
  expect(holdMs(16 * 1024 * 1024, 100 * aheadBytesSoft)).toBe(2_000)
  expect(holdMs(100, 30 * aheadBytesSoft)).toBe(0)
})

test('[MB2] while the disk does not follow, a flood is read slower, and somebody who types is not', async () => {
  const world = createWorld()
  world.steered.appendFails = new Error('the disk is slow')
  const [flooder, typist] = [new FakeClient(world, 'doc'), new FakeClient(world, 'other')]
  await world.pass(1)
  const held = new Map<FakeClient, number>()
  for (const client of [flooder, typist]) {
    client.session.rate.hold = (ms) => void held.set(client, (held.get(client) ?? 0) + ms)
  }
  const flood = (count: number): void => {
    for (let i = 0; i < count; i++) flooder.doc.getMap('m').set('key', 'x'.repeat(64 * 1024))
  }
  flood(60)
  expect(held.size).toBe(0)
  flood(60)
  typist.text.insert(0, 'a')
  expect(held.get(flooder)).toBeGreaterThan(1_000)
  expect(held.has(typist)).toBe(false)
  // What was read already is taken, all of it.
  expect(world.hub.writer.unsavedCount).toBe(121)
})

/** What people are told is saved while hundreds are told so each second. */
import { expect, test } from 'vitest'
import { createWorld, FakeClient, type World } from '../../test/world.ts'

/** Rooms of two, all of whom have begun, and nothing waits. */
async function pairsIn(world: World, count: number): Promise<[FakeClient, FakeClient][]> {
  const pairs = Array.from({ length: count }, (_, i): [FakeClient, FakeClient] => [
    new FakeClient(world, `doc-${i}`),
    new FakeClient(world, `doc-${i}`),
  ])
  await world.pass(1)
  for (const client of pairs.flat()) client.reply()
  await world.pass(1_000)
  return pairs
}

const isSaved = ({ saved, sentSyncFrames }: FakeClient): boolean => saved === sentSyncFrames

test('[RM10] in a crowd "saved" comes with what the other one writes, and by itself within half a second', async () => {
  const world = createWorld()
  const pairs = await pairsIn(world, 150)
  // The first commit after a pause is nobody else's.
  pairs[0]?.[0].text.insert(0, 'a')
  await world.pass(1)
  for (const [ada] of pairs) ada.text.insert(0, 'b')
  await world.pass(160)
  expect(pairs.filter(([ada]) => isSaved(ada))).toEqual([])
  const [heard, alone] = [pairs.slice(0, 75), pairs.slice(75)]
  for (const [, bob] of heard) bob.text.insert(0, 'c')
  await world.pass(5)
  expect(heard.every(([ada]) => isSaved(ada))).toBe(true)
  expect(alone.some(([ada]) => isSaved(ada))).toBe(false)
  await world.pass(380)
  expect(alone.every(([ada]) => isSaved(ada))).toBe(true)
  await world.pass(500)
  expect(pairs.flat().every(isSaved)).toBe(true)
})

test('[RM10] without a crowd nobody waits for others', async () => {
  const world = createWorld()
  const pairs = await pairsIn(world, 3)
  for (const [ada] of pairs) ada.text.insert(0, 'b')
  await world.pass(450)
  expect(pairs.flat().every(isSaved)).toBe(true)
})

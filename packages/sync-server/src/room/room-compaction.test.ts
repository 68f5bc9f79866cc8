import { compactDocument, type Compactor, StoreError } from '@quire/persistence'
import { expect, test } from 'vitest'
import { named, storedText } from '../../test/harness.ts'
import { createWorld, FakeClient } from '../../test/world.ts'
import { RoomLog } from './room-log.ts'

/** A compactor in the same thread that waits until it is told to go on, or fails. */
function steeredCompactor() {
  const steer = { fails: false, isHolding: false, calls: 0, go: (): void => undefined }
  const compactor: Compactor = {
    compact: async (job) => {
      steer.calls += 1
      const snapshot = compactDocument(job)
      if (steer.isHolding) await new Promise<void>((resolve) => (steer.go = resolve))
      if (steer.fails) throw new Error('no thread')
      return snapshot
    },
    close: () => Promise.resolve(),
  }
  return { steer, compactor }
}

async function write(client: FakeClient, world: ReturnType<typeof createWorld>, count: number) {
  for (let i = 0; i < count; i++) client.text.insert(client.text.length, 'x'.repeat(8_000))
  await world.pass(300)
}

test('[CP1] a long log becomes a snapshot while somebody writes, and joins are answered from it', async () => {
  const { steer, compactor } = steeredCompactor()
  const world = createWorld({ compactor })
  const ada = new FakeClient(world, 'doc')
  await world.pass(1)
  ada.reply()
  steer.isHolding = true
  await write(ada, world, 20)
  expect(steer.calls).toBe(1)
  await write(ada, world, 5)
  steer.isHolding = false
  steer.go()
  await world.pass(10)
  expect(world.ports.counters.compactions).toBe(1)
  const stored = await world.steered.inner.open(named('doc'))
  expect([stored.snapshot?.number, stored.tail.length]).toEqual([20, 5])
  const bob = new FakeClient(world, 'doc')
  expect(bob.text.length).toBe(25 * 8_000)
  ada.text.delete(0, 8_000)
  await world.pass(300)
  expect(bob.text.length).toBe(24 * 8_000)
  expect((await storedText(world.steered.inner, 'doc')).length).toBe(24 * 8_000)
})

test('[CP1] a room stays while its document is compacted, and a newcomer meanwhile reuses it', async () => {
  const { steer, compactor } = steeredCompactor()
  const world = createWorld({ compactor, idleMs: 50 })
  const ada = new FakeClient(world, 'doc')
  await world.pass(1)
  ada.reply()
  steer.isHolding = true
  await write(ada, world, 20)
  ada.leave()
  await world.pass(500)
  expect(world.hub.rooms.map(({ phase }) => phase)).toEqual(['unloading'])
  const bob = new FakeClient(world, 'doc')
  expect(bob.text.length).toBe(20 * 8_000)
  expect(world.ports.counters.loads).toBe(1)
  bob.leave()
  await world.pass(500)
  steer.go()
  await world.pass(500)
  expect(world.hub.rooms).toEqual([])
})

test('[CP2] a failing compaction is tried again later, not for ever, and nobody notices', async () => {
  const { steer, compactor } = steeredCompactor()
  const world = createWorld({ compactor })
  const ada = new FakeClient(world, 'doc')
  await world.pass(1)
  ada.reply()
  steer.fails = true
  await write(ada, world, 20)
  await write(ada, world, 1)
  expect(steer.calls).toBe(1)
  for (let i = 0; i < 10; i++) {
    await world.pass(60_000)
    await write(ada, world, 1)
  }
  expect(steer.calls).toBe(5)
  expect(ada.transport.closed).toBeUndefined()
  expect((await storedText(world.steered.inner, 'doc')).length).toBe(31 * 8_000)
})

test('[CP1] what comes while a compaction runs is compacted after it, without another edit', async () => {
  const { steer, compactor } = steeredCompactor()
  const world = createWorld({ compactor })
  const ada = new FakeClient(world, 'doc')
  await world.pass(1)
  ada.reply()
  steer.isHolding = true
  await write(ada, world, 20)
  await write(ada, world, 60)
  steer.isHolding = false
  steer.go()
  await world.pass(500)
  const stored = await world.steered.inner.open(named('doc'))
  expect([stored.snapshot?.number, stored.tail.length]).toEqual([80, 0])
})

test('[CP3] a compaction that hangs lets its room go, and its late snapshot is not stored over another room', async () => {
  const { steer, compactor } = steeredCompactor()
  const world = createWorld({ compactor, idleMs: 50, limits: { compactMsMax: 5_000 } })
  const ada = new FakeClient(world, 'doc')
  await world.pass(1)
  ada.reply()
  steer.isHolding = true
  await write(ada, world, 20)
  ada.leave()
  await world.pass(4_500)
  expect(world.hub.rooms.map(({ phase }) => phase)).toEqual(['unloading'])
  await world.pass(500)
  expect(world.hub.rooms).toEqual([])
  expect(world.clock.timerCount).toBe(0)
  expect(world.hub.memory.bytes).toBe(0)

  steer.isHolding = false
  const bob = new FakeClient(world, 'doc')
  await world.pass(10)
  expect(bob.text.length).toBe(20 * 8_000)
  expect([steer.calls, world.ports.counters.compactions]).toEqual([2, 1])
  bob.reply()
  await write(bob, world, 1)
  steer.go()
  await world.pass(500)
  expect(world.ports.counters).toMatchObject({ compactions: 1, compactionFailures: 1 })
  expect((await storedText(world.steered.inner, 'doc')).length).toBe(21 * 8_000)
})

test('[CP3] a room that somebody is in takes a late snapshot, and begins no other before it', async () => {
  const { steer, compactor } = steeredCompactor()
  const world = createWorld({ compactor, limits: { compactMsMax: 5_000 } })
  const ada = new FakeClient(world, 'doc')
  await world.pass(1)
  ada.reply()
  steer.isHolding = true
  await write(ada, world, 20)
  await world.pass(60_000)
  await write(ada, world, 20)
  expect(steer.calls).toBe(1)
  steer.isHolding = false
  steer.go()
  await world.pass(60_000)
  await write(ada, world, 1)
  expect(world.ports.counters).toMatchObject({ compactions: 2, compactionFailures: 1 })
  const stored = await world.steered.inner.open(named('doc'))
  expect([stored.snapshot?.number, stored.tail.length]).toEqual([40, 1])
})

test('[CP3] one that fails after its time was up has failed once', async () => {
  const { steer, compactor } = steeredCompactor()
  const world = createWorld({ compactor, limits: { compactMsMax: 5_000 } })
  const ada = new FakeClient(world, 'doc')
  await world.pass(1)
  ada.reply()
  steer.isHolding = true
  steer.fails = true
  await write(ada, world, 20)
  await world.pass(5_000)
  steer.go()
  await world.pass(1)
  expect(world.ports.counters.compactionFailures).toBe(1)
})

test('[CP3] a room that broke begins no compaction when the last one ends', async () => {
  const { steer, compactor } = steeredCompactor()
  const world = createWorld({ compactor })
  const ada = new FakeClient(world, 'doc')
  await world.pass(1)
  ada.reply()
  steer.isHolding = true
  await write(ada, world, 40)
  world.hub.room(named('doc'))?.condemn('internal', 'a bug')
  expect([world.hub.rooms, world.clock.timerCount]).toEqual([[], 0])
  steer.go()
  await world.pass(60_000)
  expect([steer.calls, world.ports.counters.compactions]).toEqual([1, 0])
})

test('[CP1] what is not durable yet is no reason to compact', async () => {
  const { steer, compactor } = steeredCompactor()
  const world = createWorld({ compactor })
  const ada = new FakeClient(world, 'doc')
  await world.pass(1)
  ada.reply()
  ada.text.insert(0, 'kept')
  await world.pass(300)
  world.steered.appendFails = new StoreError('full', 'no space')
  await write(ada, world, 20)
  world.hub.room(named('doc'))?.stored(0, 1, 'lineage', false)
  expect([steer.calls, world.ports.counters.compactionFailures]).toEqual([0, 0])
  world.steered.appendFails = undefined
  await world.pass(6_000)
  expect([steer.calls, world.ports.counters.compactions]).toEqual([1, 1])
})

test('[CP1] a flood of edits is compacted in portions, each no larger than the snapshot or some megabytes', () => {
  const megabyte = 1024 * 1024
  const row = (number: number) => ({ number, update: new Uint8Array(megabyte) })
  const snapshotOf = (megabytes: number) => ({
    number: 1,
    update: new Uint8Array(megabytes * megabyte),
    stateVector: new Uint8Array(),
    deleteSet: new Uint8Array(),
  })
  const tail = Array.from({ length: 30 }, (_, i) => row(i + 2))
  const portion = (megabytes: number, rows = tail) =>
    new RoomLog({ snapshot: snapshotOf(megabytes), tail: rows, head: rows.length + 1 })
      .compactionDue()
      ?.tail.map(({ number }) => number)
  expect(portion(1)).toEqual([2, 3, 4, 5])
  expect(portion(10)).toEqual(tail.slice(0, 10).map(({ number }) => number))
  expect(portion(1, tail.slice(0, 3))).toEqual([2, 3, 4])
  // A row that is larger is a portion by itself.
  expect(portion(1, [{ number: 2, update: new Uint8Array(9 * megabyte) }, row(3)])).toEqual([2])
})

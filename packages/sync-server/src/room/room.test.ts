import { StoreError } from '@quire/persistence'
import {
  encodeStateVector,
  encodeStep1,
  encodeStep2,
  encodeUpdate,
  messageType,
} from '@quire/protocol'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { named, storedText } from '../../test/harness.ts'
import { createWorld, FakeClient } from '../../test/world.ts'

test('[RM1] sessions that come while a document loads wait, and see all of it at once', async () => {
  const world = createWorld()
  const first = new FakeClient(world, 'doc')
  await world.pass(10)
  first.text.insert(0, 'content')
  first.leave()
  await world.pass(3_000)
  expect(world.hub.rooms).toHaveLength(0)

  world.steered.isHoldingOpens = true
  const waiting = [new FakeClient(world, 'doc'), new FakeClient(world, 'doc')]
  await world.pass(100)
  for (const { transport } of waiting) expect(transport.sent).toEqual([])
  world.steered.letOpen()
  await world.pass(10)
  for (const client of waiting) {
    expect(client.isSynced).toBe(true)
    expect(client.text.toJSON()).toBe('content')
  }
  expect(world.ports.counters.loads).toBe(2)
})

test('[RM1] what waits for a load is bounded', async () => {
  const world = createWorld({ limits: { waitingFramesMax: 3 } })
  world.steered.isHoldingOpens = true
  const client = new FakeClient(world, 'doc')
  for (let i = 0; i < 3; i++) client.send(encodeStep1(Uint8Array.of(0)))
  expect(client.transport.closed?.code).toBe(1013)
})

test('[RM2] an update reaches the log batch in the same tick, and is acknowledged after the commit', async () => {
  const world = createWorld()
  const ada = new FakeClient(world, 'doc')
  const bob = new FakeClient(world, 'doc')
  await world.pass(1)
  ada.reply()
  bob.reply()
  const before = ada.saved
  ada.text.insert(0, 'a')
  expect(world.hub.writer.unsavedCount).toBe(1)
  expect(bob.text.toJSON()).toBe('a')
  expect(ada.saved).toBe(before)
  await world.pass(200)
  expect(ada.saved).toBe(ada.sentSyncFrames)
  expect(await storedText(world.steered.inner, 'doc')).toBe('a')
})

test('[RM3] a document with unsaved updates is never unloaded', async () => {
  const world = createWorld({ idleMs: 100 })
  const ada = new FakeClient(world, 'doc')
  await world.pass(1)
  world.steered.appendFails = new StoreError('full', 'no space')
  ada.text.insert(0, 'kept')
  ada.leave()
  await world.pass(60_000)
  expect(world.hub.rooms.map(({ phase }) => phase)).toEqual(['saving'])
  const bob = new FakeClient(world, 'doc')
  expect(bob.text.toJSON()).toBe('kept')
  bob.leave()
  world.steered.appendFails = undefined
  await world.pass(20_000)
  expect(world.hub.rooms).toEqual([])
  expect(await storedText(world.steered.inner, 'doc')).toBe('kept')
  expect(world.clock.timerCount).toBe(0)
})

test('[RM4] a newcomer within the idle time finds the room still loaded', async () => {
  const world = createWorld({ idleMs: 1_000 })
  const ada = new FakeClient(world, 'doc')
  await world.pass(1)
  ada.leave()
  await world.pass(900)
  const bob = new FakeClient(world, 'doc')
  await world.pass(5_000)
  expect(bob.isSynced).toBe(true)
  expect(world.ports.counters.loads).toBe(1)
  bob.leave()
  await world.pass(1_100)
  expect(world.hub.rooms).toEqual([])
})

test('[RM5] a failed load closes its sessions and leaves no room; the next one tries again', async () => {
  const world = createWorld()
  world.steered.openFails = new StoreError('corrupt', 'checksum')
  const ada = new FakeClient(world, 'doc')
  await world.pass(1)
  expect(ada.transport.closed?.code).toBe(4503)
  expect(ada.transport.sent).toEqual([])
  expect(world.hub.rooms).toEqual([])
  world.steered.openFails = undefined
  const bob = new FakeClient(world, 'doc')
  await world.pass(1)
  expect(bob.isSynced).toBe(true)
})

test('[RM6] a document that the store can never write does not hold up the others', async () => {
  const world = createWorld()
  const [ada, bob] = [new FakeClient(world, 'bad'), new FakeClient(world, 'good')]
  await world.pass(1)
  const append = world.steered.inner.append.bind(world.steered.inner)
  world.steered.inner.append = async (batch) => {
    if (batch.some(({ document }) => document === 'bad')) throw new StoreError('corrupt', 'bad row')
    return append(batch)
  }
  ada.text.insert(0, 'a')
  bob.text.insert(0, 'b')
  await world.pass(500)
  expect(ada.transport.closed?.code).toBe(1011)
  expect(await storedText(world.steered.inner, 'good')).toBe('b')
  expect(bob.transport.closed).toBeUndefined()
  expect(world.hub.writer.unsavedBytes).toBe(0)
})

test('[RM7] rows of another writer close the room, and the sessions come back to what is stored', async () => {
  const world = createWorld()
  const ada = new FakeClient(world, 'doc')
  await world.pass(1)
  const foreign = new Y.Doc()
  foreign.getText('content').insert(0, 'foreign ')
  await world.steered.inner.append([
    { document: named('doc'), updates: [Y.encodeStateAsUpdate(foreign)] },
  ])
  ada.text.insert(0, 'mine ')
  await world.pass(300)
  expect(ada.transport.closed?.code).toBe(1011)
  const bob = new FakeClient(world, 'doc')
  await world.pass(1)
  expect(bob.text.length).toBe('foreign mine '.length)
})

test('[RM8] a fault in a room closes its sessions, and neither the process nor another room', async () => {
  const world = createWorld()
  const [ada, bob] = [new FakeClient(world, 'broken'), new FakeClient(world, 'whole')]
  await world.pass(1)
  const room = world.hub.room(named('broken'))
  if (!room) throw new Error('no room')
  room.receive = () => {
    throw new Error('a bug')
  }
  ada.text.insert(0, 'x')
  expect(ada.transport.closed?.code).toBe(1011)
  bob.text.insert(0, 'y')
  await world.pass(300)
  expect(await storedText(world.steered.inner, 'whole')).toBe('y')
  const again = new FakeClient(world, 'broken')
  await world.pass(1)
  expect(again.isSynced).toBe(true)
})

test('[RM9] edits that would not fit in memory while the store fails are refused, not lost silently', async () => {
  const world = createWorld({ limits: { unsavedBytesMax: 2_000 } })
  world.steered.appendFails = new StoreError('full', 'no space')
  const ada = new FakeClient(world, 'doc')
  await world.pass(1)
  ada.text.insert(0, 'x'.repeat(1_500))
  ada.text.insert(0, 'y'.repeat(1_500))
  expect(ada.transport.closed?.code).toBe(1013)
  expect(world.hub.writer.unsavedCount).toBe(1)
})

test('[RM10] windows: one author at once and without an echo, many authors merged into one frame for all', async () => {
  const world = createWorld()
  const clients = Array.from(
    { length: 40 },
    (_, i) => new FakeClient(world, 'doc', { clientId: i + 1 }),
  )
  await world.pass(100)
  for (const client of clients) client.reply()
  await world.pass(300)
  const counts = () => clients.map((client) => client.documentFrames.length)
  const before = counts()
  clients[0]?.text.insert(0, 'a')
  expect(counts().map((count, i) => count - (before[i] ?? 0))).toEqual([0, ...Array(39).fill(1)])
  for (const client of clients.slice(1, 11)) client.text.insert(0, 'b')
  expect(counts().map((count, i) => count - (before[i] ?? 0))).toEqual([0, ...Array(39).fill(1)])
  await world.pass(100)
  expect(counts().map((count, i) => count - (before[i] ?? 0))).toEqual([1, ...Array(39).fill(2)])
  expect(new Set(clients.map((client) => client.text.toJSON())).size).toBe(1)
})

test('[RM10] in a large room an acknowledgement goes out in the write of the next window', async () => {
  const world = createWorld()
  const [ada, ben] = [new FakeClient(world, 'doc'), new FakeClient(world, 'doc')]
  const clients = [ada, ben, ...Array.from({ length: 8 }, () => new FakeClient(world, 'doc'))]
  await world.pass(100)
  for (const client of clients) client.reply()
  await world.pass(300)
  const together: (number | undefined)[][] = []
  Object.assign(ada.transport, {
    gather(call: () => void) {
      const before = ada.transport.sent.length
      call()
      together.push(ada.transport.sent.slice(before).map((message) => message[0]))
    },
  })
  ada.text.insert(0, 'a')
  // Stored, and the author not told by itself.
  await world.pass(10)
  expect(world.hub.writer.unsavedCount).toBe(0)
  expect(ada.saved).toBeLessThan(ada.sentSyncFrames)
  ben.text.insert(0, 'b')
  expect(together).toEqual([[messageType.sync, messageType.saved]])
  expect(ada.saved).toBe(ada.sentSyncFrames)
})

test('[RM12] shutdown takes no more edits, and what was taken is stored', async () => {
  const world = createWorld()
  const ada = new FakeClient(world, 'doc')
  const bob = new FakeClient(world, 'doc')
  await world.pass(1)
  ada.reply()
  ada.text.insert(0, 'taken')
  world.hub.stopTaking()
  expect(bob.text.toJSON()).toBe('taken')
  const sent = ada.sentSyncFrames
  ada.send(encodeUpdate(Y.encodeStateAsUpdate(new Y.Doc())))
  ada.text.insert(0, 'late ')
  const drained = world.hub.writer.drain()
  await world.pass(10)
  await drained
  expect(await storedText(world.steered.inner, 'doc')).toBe('taken')
  expect(ada.saved).toBe(sent)
  world.hub.close()
  expect(world.clock.timerCount).toBe(0)
})

test('[RM16] a document that is full takes deletions only, and is read on', async () => {
  const world = createWorld({ limits: { documentBytesMax: 20_000 } })
  const [ada, ben] = [new FakeClient(world, 'doc'), new FakeClient(world, 'doc')]
  await world.pass(1)
  ada.text.insert(0, 'x'.repeat(15_000))
  await world.pass(300)
  ada.text.insert(0, 'y'.repeat(10_000))
  await world.pass(300)
  expect(ada.transport.closed?.code).toBe(4413)
  expect(await storedText(world.steered.inner, 'doc')).toBe('x'.repeat(15_000))
  ben.text.insert(0, 'short')
  ben.text.delete(5, 14_000)
  await world.pass(300)
  expect(ben.transport.closed).toBeUndefined()
  ben.text.insert(0, 'z'.repeat(6_000))
  expect(ben.transport.closed?.code).toBe(4413)
  const eve = new FakeClient(world, 'doc')
  expect(eve.text.toJSON()).toBe(`short${'x'.repeat(1_000)}`)
  eve.text.delete(0, 5)
  await world.pass(300)
  expect(eve.transport.closed).toBeUndefined()
  expect(await storedText(world.steered.inner, 'doc')).toBe('x'.repeat(1_000))
})

test('[KN6] a client that names thousands of clients nobody here knows is answered as one that names none of them', async () => {
  const world = createWorld()
  const ada = new FakeClient(world, 'doc')
  await world.pass(1)
  ada.text.insert(0, 'kept')
  await world.pass(300)
  const others = new Map(Array.from({ length: 5_000 }, (_, i) => [i + 10, 1] as const))
  const known = Y.decodeStateVector(Y.encodeStateVector(ada.doc))
  const [odd, plain] = [new FakeClient(world, 'doc'), new FakeClient(world, 'doc')]
  for (const [client, clocks] of [
    [odd, new Map([...others, ...known])],
    [plain, known],
  ] as const) {
    const before = client.documentFrames.length
    client.send(encodeStep1(encodeStateVector(clocks)))
    expect(client.documentFrames.slice(before)).toEqual([encodeStep2(Uint8Array.of(0, 0))])
  }
  odd.send(encodeStep1(encodeStateVector(others)))
  expect(odd.documentFrames.at(-1)).toEqual(encodeStep2(Y.encodeStateAsUpdate(ada.doc)))
})

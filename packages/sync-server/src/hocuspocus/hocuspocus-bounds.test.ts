/** What one Hocuspocus socket may cost. */
import { encodeStep2, encodeUpdate } from '@quire/protocol'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { bytes, Peer, settle, updateOf } from '../../test/hocuspocus-world.ts'
import { createWorld, FakeClient, turns } from '../../test/world.ts'

test('[HC8] a socket names a bounded number of documents', async () => {
  const world = createWorld({ limits: { documentsPerSocketMax: 8 } })
  const peer = new Peer(world)
  for (let i = 0; i < 8; i++) peer.provider(`doc-${i}`).open()
  await settle(peer)
  expect(peer.socket.closed).toBeUndefined()
  peer.provider('doc-0').detach()
  peer.provider('doc-8').open()
  await settle(peer)
  expect(peer.socket.closed).toBeUndefined()
  peer.provider('doc-9').open()
  expect(peer.socket.closed?.code).toBe(4414)
  expect(world.hub.rooms.map((room) => room.sessionCount)).toEqual(world.hub.rooms.map(() => 0))
})

test('[HC8] denials are bounded, also when each address is detached again', async () => {
  const world = createWorld({
    limits: { documentsPerSocketMax: 8 },
    authorize: () => ({ denied: 'forbidden' }),
  })
  const peer = new Peer(world)
  for (let i = 0; i < 8; i++) {
    peer.provider('paper').open()
    peer.provider('paper').detach()
  }
  await settle(peer)
  expect(peer.socket.closed).toBeUndefined()
  peer.provider('paper').open()
  expect(peer.socket.closed?.code).toBe(4205)
})

test('[HC8] what waits in all documents of a socket is bounded together', async () => {
  const world = createWorld({ limits: { earlyBytesPerSocketMax: 10_000 } })
  const peer = new Peer(world)
  const update = encodeUpdate(updateOf('y'.repeat(1_500)))
  const providers = ['a', 'b', 'c'].map((name) => peer.provider(name))
  world.steered.isHoldingOpens = true
  for (const provider of providers) provider.open()
  for (let i = 0; i < 2; i++) for (const provider of providers) provider.send(update)
  await settle(peer)
  expect(peer.socket.closed).toBeUndefined()
  world.steered.letOpen()
  await settle(peer)
  // What was handled does not count any more.
  world.steered.isHoldingOpens = true
  providers.push(peer.provider('d'))
  providers[3]?.open()
  for (let i = 0; i < 6; i++) providers[3]?.send(update)
  await settle(peer)
  expect(peer.socket.closed).toBeUndefined()
  providers[3]?.send(update)
  expect(peer.socket.closed?.code).toBe(4205)
})

test('[HC8] nor may it send more messages than so many before its documents are there', async () => {
  const world = createWorld({ limits: { earlyFramesPerSocketMax: 10 } })
  const peer = new Peer(world)
  const providers = ['a', 'b'].map((name) => peer.provider(name))
  world.steered.isHoldingOpens = true
  for (const provider of providers) provider.open()
  await settle(peer)
  let sentCount = 0
  while (!peer.socket.closed && sentCount < 100) {
    providers[sentCount % 2]?.send(encodeUpdate(updateOf('z')))
    sentCount += 1
  }
  expect(peer.socket.closed?.code).toBe(4205)
  expect(sentCount).toBeLessThanOrEqual(11)
})

test('[HC8] a client that does not read is not written small answers without end', async () => {
  const world = createWorld()
  const peer = new Peer(world)
  peer.provider('paper').open()
  await settle(peer)
  peer.client.drained()
  peer.socket.bufferedBytes = world.ports.limits.outboxBytesMax + 1
  peer.client.receive(bytes('09'))
  expect(peer.socket.closed?.code).toBe(4205)
})

test('[HC8] a large document that is being read does not put the others on its socket behind', async () => {
  const world = createWorld({ limits: { outboxBytesSoft: 4_000, outboxBytesMax: 8_000 } })
  const writer = new FakeClient(world, 'large')
  const small = new FakeClient(world, 'small')
  await world.pass(50)
  writer.text.insert(0, 'z'.repeat(50_000))
  await world.pass(100)
  const peer = new Peer(world)
  const [reader, other] = [peer.provider('large'), peer.provider('small')]
  other.open()
  await settle(peer)
  reader.open()
  await turns()
  peer.socket.bufferedBytes = 50_000
  small.text.insert(0, 'now')
  await world.pass(100)
  await settle(peer)
  expect(other.text.toJSON()).toBe('now')
  expect(peer.socket.closed).toBeUndefined()
  peer.socket.bufferedBytes = 0
  peer.client.drained()
  expect(reader.text.length).toBe(50_000)
})

test('[HC8] a client that reads nothing may not open one document after the other', async () => {
  const world = createWorld({ limits: { unreadBytesPerSocketMax: 1_000, outboxBytesMax: 8_000 } })
  const peer = new Peer(world)
  const provider = peer.provider('one')
  provider.open()
  await settle(peer)
  provider.detach()
  peer.socket.bufferedBytes = 1_000
  peer.provider('two').open()
  await settle(peer)
  expect(peer.socket.closed).toBeUndefined()
  peer.socket.bufferedBytes = 1_001
  peer.provider('three').open()
  expect(peer.socket.closed?.code).toBe(4205)
})

test('[HC8] an answer that was read is not forgiven twice', async () => {
  const world = createWorld({ limits: { outboxBytesMax: 100 } })
  const writer = new FakeClient(world, 'large')
  await world.pass(50)
  writer.text.insert(0, 'z'.repeat(5_000))
  await world.pass(100)
  const peer = new Peer(world)
  peer.provider('large').open()
  await settle(peer)
  peer.provider('large').detach()
  peer.client.drained()
  peer.socket.bufferedBytes = 1_000
  peer.client.receive(bytes('09'))
  expect(peer.socket.closed?.code).toBe(4205)
})

test('[HC7] a client that brings many edits before those they stand on comes back, and is never told that it may not', async () => {
  const world = createWorld({ limits: { heldUpdatesMax: 4 } })
  const edits: Uint8Array[] = []
  const source = new Y.Doc()
  source.on('update', (update: Uint8Array) => edits.push(encodeUpdate(update)))
  // What a provider queued while it was offline, after an edit that a server has lost.
  for (const word of 'lost one two three four five'.split(' ')) {
    source.getText('content').insert(0, word)
  }
  const peer = new Peer(world)
  const provider = peer.provider('paper')
  provider.open()
  for (const edit of edits.slice(1)) provider.send(edit)
  await settle(peer)
  expect(peer.socket.closed?.code).toBe(4205)
  expect(provider.denied).toBeUndefined()

  const back = new Peer(world)
  const again = back.provider('paper')
  again.open()
  again.send(encodeStep2(Y.encodeStateAsUpdate(source)))
  await settle(back)
  expect(back.socket.closed).toBeUndefined()
  const reader = new FakeClient(world, 'paper')
  expect(reader.text.toJSON()).toBe(source.getText('content').toJSON())
})

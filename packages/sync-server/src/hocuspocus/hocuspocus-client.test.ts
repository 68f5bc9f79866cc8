/** Order, addresses and ends of Hocuspocus clients, without sockets and without real time. */
import {
  encodePresence,
  encodePresenceEntries,
  encodeQueryPresence,
  encodeUpdate,
} from '@quire/protocol'
import { expect, test } from 'vitest'
import { named, storedText } from '../../test/harness.ts'
import {
  bytes,
  FakeSocket,
  grant,
  hex,
  Peer,
  settle,
  split,
  steeredAccess,
  updateOf,
} from '../../test/hocuspocus-world.ts'
import { createWorld } from '../../test/world.ts'
import { wireFrame } from '../session/frame-writer.ts'
import { AddressedTransport } from './hocuspocus-transport.ts'

const scope = { readWrite: `02020a${hex('read-write')}`, readonly: `020208${hex('readonly')}` }
const kinds = (messages: readonly string[]) => messages.map((message) => message.slice(0, 4))

test('[HC1] a document opens in the order of the captured server, and the Step2 is acknowledged after its commit', async () => {
  const world = createWorld()
  const peer = new Peer(world)
  const ada = peer.provider('paper')
  ada.text.insert(0, 'from before')
  world.steered.appendFails = new Error('the disk sleeps')
  ada.open()
  await settle(peer)
  expect(peer.heard('paper')).toEqual([scope.readWrite, '00000100', '0001020000'])
  expect(ada.isSynced).toBe(true)
  expect(ada.unsyncedChanges).toBe(2 - 1)
  world.steered.appendFails = undefined
  await world.pass(5_000)
  await settle(peer)
  expect(peer.heard('paper').slice(3)).toEqual(['0801'])
  expect(ada.unsyncedChanges).toBe(0)
  expect(await storedText(world.ports.store, 'paper')).toBe('from before')
})

test('[HC1] a newcomer is shown who is here, and a question for it is answered', async () => {
  const world = createWorld()
  const [first, second] = [new Peer(world), new Peer(world)]
  first.provider('paper').open()
  const state = { clientId: 7, clock: 1, json: new TextEncoder().encode('{"caret":1}') }
  const shown = encodePresence(encodePresenceEntries([state]))
  first.send('paper', shown)
  await settle(first, second)
  second.provider('paper').open()
  await settle(first, second)
  const isPresence = (message: string) => message.startsWith('01')
  expect(second.heard('paper').filter(isPresence)).toEqual([Buffer.from(shown).toString('hex')])
  second.send('paper', encodeQueryPresence())
  expect(second.heard('paper').filter(isPresence)).toHaveLength(2)
  first.client.ended()
  await world.pass(500)
  expect(second.heard('paper').filter(isPresence).at(-1)).toContain(hex('null'))
})

test('[HC5] replies and broadcasts carry the address of each client, also when two have the same document on one socket', async () => {
  const world = createWorld()
  const peer = new Peer(world)
  const addresses = ['paper', 'paper\0one', 'paper\0two', 'other']
  const providers = addresses.map((address) => peer.provider(address))
  for (const provider of providers) provider.open()
  await settle(peer)
  for (const address of addresses) {
    expect(kinds(peer.heard(address)).slice(0, 3), address).toEqual(['0202', '0000', '0001'])
  }
  const [plain, one, two, other] = providers
  one?.text.insert(0, 'hello')
  await world.pass(200)
  await settle(peer)
  expect([plain, two].map((provider) => provider?.text.toJSON())).toEqual(['hello', 'hello'])
  expect(other?.text.toJSON()).toBe('')
  expect(one?.unsyncedChanges).toBe(0)
  expect(world.hub.rooms).toHaveLength(2)
})

test('[HC5] a name that is none is refused in band, and so is a document that is deleted', async () => {
  const world = createWorld()
  const peer = new Peer(world)
  for (const address of ['a/b', '..', 'ä', 'x'.repeat(100) + '!', '\0one']) {
    const provider = peer.provider(address)
    provider.open()
    await settle(peer)
    expect(provider.denied, address).toBe('bad document name')
  }
  const ada = peer.provider('paper')
  ada.open()
  ada.text.insert(0, 'x')
  await world.pass(100)
  await settle(peer)
  await world.ports.store.delete(named('paper'))
  world.hub.room(named('paper'))?.condemn('deleted', 'somebody deleted it')
  await settle(peer)
  expect(ada.denied).toBe('document deleted')
  expect(peer.socket.closed).toBeUndefined()
})

test('[HC6] an address that is detached is answered, left and free again', async () => {
  const world = createWorld()
  const peer = new Peer(world)
  const ada = peer.provider('paper')
  ada.open()
  await settle(peer)
  expect(world.hub.room(named('paper'))?.sessionCount).toBe(1)
  ada.detach()
  expect(world.hub.room(named('paper'))?.sessionCount).toBe(0)
  await world.pass(100)
  await settle(peer)
  expect(peer.heard('paper').at(-1)).toBe(`0712${hex('provider_initiated')}`)
  // A provider before 3 takes back its presence only then.
  ada.send(encodePresence(encodePresenceEntries([])))
  await world.pass(60_000)
  expect(peer.socket.closed).toBeUndefined()
  ada.open()
  await settle(peer)
  expect(world.hub.room(named('paper'))?.sessionCount).toBe(1)
})

test('[HC6] a document attached again in the tick in which it was detached is not told of the end of the old one', async () => {
  const world = createWorld()
  const peer = new Peer(world)
  peer.provider('paper').open()
  await settle(peer)
  peer.provider('paper').detach()
  // As long as a network may take to bring the rest of the tick.
  await world.pass(20)
  const again = peer.provider('paper')
  again.open()
  again.text.insert(0, 'still here')
  await settle(peer)
  await world.pass(1_000)
  await settle(peer)
  expect(again.isDetached).toBe(false)
  expect(again.unsyncedChanges).toBe(0)
  expect(world.hub.room(named('paper'))?.sessionCount).toBe(1)
})

test('[HC6] an edit for a document that is not attached brings its author back, unless a token comes in time', async () => {
  const world = createWorld()
  const peer = new Peer(world)
  const [ada, bob] = [peer.provider('paper'), peer.provider('other')]
  ada.open()
  await settle(peer)
  bob.send(encodeUpdate(updateOf('early')))
  await world.pass(5_000)
  bob.open()
  await settle(peer)
  await world.pass(60_000)
  expect(peer.socket.closed).toBeUndefined()
  ada.detach()
  ada.send(encodeUpdate(updateOf('lost')))
  await world.pass(world.ports.limits.firstGrantMsMax - 100)
  expect(peer.socket.closed).toBeUndefined()
  await world.pass(200)
  expect(peer.socket.closed?.code).toBe(4205)
})

test('[HC7] what a client mends by coming back closes the socket with the code its provider knows', async () => {
  const world = createWorld({ limits: { sessionsPerDocumentMax: 1 } })
  const full = [new Peer(world), new Peer(world)] as const
  for (const peer of full) peer.provider('full').open()
  await settle(...full)
  expect(full.map((peer) => peer.socket.closed?.code)).toEqual([undefined, 4205])
  expect(full[1].socket.closed?.reason).toBe('too many sessions')

  world.steered.openFails = new Error('no disk')
  const unlucky = new Peer(world)
  unlucky.provider('other').open()
  await settle(unlucky)
  expect(unlucky.socket.closed).toEqual({ code: 4205, reason: 'storage unavailable' })

  full[0].client.close('goingAway', 'the server shuts down')
  expect(full[0].socket.closed).toEqual({ code: 4205, reason: 'restarting' })
})

test('[HC7] what is no message ends the socket; what is too large ends the document', async () => {
  const malformed = ['00 00 01 00', '05 70 61', '05 70 61 70 65 72 0c', '05 70 61 70 65 72 06 00']
  for (const frame of [
    ...malformed,
    '05 70 61 70 65 72 02 01 00',
    '05 70 61 70 65 72 00 02 05 00',
  ]) {
    const world = createWorld()
    const peer = new Peer(world)
    peer.provider('paper').open()
    await settle(peer)
    peer.client.receive(bytes(frame))
    expect(peer.socket.closed, frame).toEqual({ code: 4400, reason: 'malformed message' })
    expect(world.hub.room(named('paper'))?.sessionCount, frame).toBe(0)
    // What is on its way is not looked at any more.
    peer.client.receive(bytes(frame))
    expect((await world.ports.store.open(named('paper'))).head, frame).toBe(0)
  }
  const world = createWorld({ limits: { updateBytesMax: 100 } })
  const peer = new Peer(world)
  const [ada, other] = [peer.provider('paper'), peer.provider('other')]
  ada.open()
  other.open()
  await settle(peer)
  ada.text.insert(0, 'x'.repeat(200))
  await settle(peer)
  expect(ada.denied).toBe('too large')
  other.text.insert(0, 'ok')
  await world.pass(100)
  await settle(peer)
  expect(other.unsyncedChanges).toBe(0)
  expect(peer.socket.closed).toBeUndefined()
})

test('[HC9] what goes to many sockets with one address is put together once', async () => {
  const world = createWorld()
  const addresses = ['paper', 'paper', 'paper', 'paper\0tab', 'paper']
  const peers = addresses.map((address) => {
    const peer = new Peer(world)
    peer.provider(address).open()
    return peer
  })
  await settle(...peers)
  for (const peer of peers) peer.socket.buffers.length = 0
  peers[0]?.send('paper', encodeUpdate(updateOf('shared')))
  await world.pass(200)
  const [, first, second, tab, last] = peers.map((peer) => peer.socket.buffers.at(-1))
  expect(first?.length).toBeGreaterThan(10)
  expect(second).toBe(first)
  expect(last).toBe(first)
  expect(tab?.length).toBe((first?.length ?? 0) + '\0tab'.length)
})

test('[HC9] a long message is not copied for an address', () => {
  const frame = wireFrame(encodeUpdate(updateOf('z'.repeat(100_000))))
  const sockets = ['paper', 'paper\0tab'].map((address) => {
    const socket = new FakeSocket()
    const transport = new AddressedTransport({
      socket,
      voice: { hasSpoken: false },
      answers: { bytes: 0 },
      address,
      isShared: true,
      onEnd: () => undefined,
    })
    transport.write(frame)
    return socket
  })
  for (const { buffers } of sockets) expect(buffers[1]).toBe(frame.messages[0])
  expect(sockets.map(({ sent }) => sent.map(split).map(({ address }) => address))).toEqual([
    ['paper'],
    ['paper\0tab'],
  ])
})

test('[HC10] pings are answered without an address, and a quiet client is kept', async () => {
  const world = createWorld()
  const peer = new Peer(world)
  peer.provider('paper').open()
  await settle(peer)
  const before = peer.socket.sent.length
  peer.client.receive(bytes('09'))
  peer.client.receive(bytes('0a'))
  expect(peer.socket.sent.slice(before)).toEqual([bytes('0a')])
  peer.client.keepAlive()
  expect(peer.heard('paper').at(-1)).toBe('010100')
  expect(peer.socket.closed).toBeUndefined()
})

test('[HC10] when a socket is gone nothing of it is left, whatever it was doing', async () => {
  const { asked, authorize } = steeredAccess()
  const world = createWorld({ authorize })
  const peer = new Peer(world)
  for (const name of ['open', 'asking', 'detached']) peer.provider(name).open()
  asked[0]?.answer(grant('edit'))
  asked[2]?.answer(grant('edit'))
  await settle(peer)
  peer.provider('detached').detach()
  peer.send('stray', encodeUpdate(updateOf('x')))
  peer.client.ended()
  const before = peer.socket.sent.length
  await world.pass(5_000)
  expect(peer.socket.sent).toHaveLength(before)
  expect([...peer.client.sessions]).toEqual([])
  expect(world.hub.rooms).toEqual([])
  expect(world.clock.timerCount).toBe(0)
})

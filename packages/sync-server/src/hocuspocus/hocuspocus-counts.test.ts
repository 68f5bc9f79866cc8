/** What Hocuspocus clients are told is saved, against what they count. */
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { storedText } from '../../test/harness.ts'
import { grant, Peer, settle, steeredAccess } from '../../test/hocuspocus-world.ts'
import { createWorld, turns } from '../../test/world.ts'

test('[HC2] each Update is acknowledged by itself, after its commit and not before', async () => {
  const world = createWorld()
  const peer = new Peer(world)
  const ada = peer.provider('paper')
  ada.open()
  await settle(peer)
  expect(ada.unsyncedChanges).toBe(0)
  world.steered.appendFails = new Error('the disk sleeps')
  const before = peer.heard('paper').length
  for (let i = 0; i < 25; i++) ada.text.insert(0, 'x')
  await settle(peer)
  await world.pass(1_000)
  await settle(peer)
  expect(ada.unsyncedChanges).toBe(25)
  world.steered.appendFails = undefined
  await world.pass(10_000)
  await settle(peer)
  expect(peer.heard('paper').slice(before)).toEqual(Array.from({ length: 25 }, () => '0801'))
  expect(ada.unsyncedChanges).toBe(0)
})

test('[HC2] a client that counts anew is not told of what it has forgotten', async () => {
  const world = createWorld()
  const peer = new Peer(world)
  const ada = peer.provider('paper')
  ada.open()
  await settle(peer)
  world.steered.appendFails = new Error('the disk sleeps')
  for (let i = 0; i < 5; i++) ada.text.insert(0, 'x')
  await settle(peer)
  ada.forceSync()
  await settle(peer)
  expect(ada.unsyncedChanges).toBe(1)
  ada.text.insert(0, 'y')
  expect(ada.unsyncedChanges).toBe(2)
  world.steered.appendFails = undefined
  await world.pass(10_000)
  await settle(peer)
  expect(ada.unsyncedChanges).toBe(0)
  for (let round = 1; round <= 3; round++) {
    ada.forceSync()
    await settle(peer)
    await world.pass(100)
    await settle(peer)
    expect(ada.unsyncedChanges).toBe(0)
  }
})

test('[HC2] a Step2 that answers a question of ours about a missing edit is not counted', async () => {
  const world = createWorld()
  const peer = new Peer(world)
  const ada = peer.provider('paper')
  ada.open()
  await settle(peer)
  const other = new Y.Doc()
  const updates: Uint8Array[] = []
  other.on('update', (update: Uint8Array) => updates.push(update))
  other.getText('content').insert(0, 'first')
  other.getText('content').insert(5, ' second')
  const [first, second] = updates as [Uint8Array, Uint8Array]
  // Another tab gave it the first; the server has not seen it yet.
  Y.applyUpdate(ada.doc, first, ada)
  Y.applyUpdate(ada.doc, second)
  expect(ada.unsyncedChanges).toBe(1)
  await world.pass(3_000)
  await settle(peer)
  await world.pass(3_000)
  await settle(peer)
  expect(await storedText(world.ports.store, 'paper')).toBe('first second')
  expect(ada.unsyncedChanges).toBe(0)
})

test('[HC2] edits that waited for a socket come after a Step1 that has them, and are not counted', async () => {
  const world = createWorld()
  const before = new Peer(world)
  const ada = before.provider('paper')
  ada.open()
  ada.text.insert(0, 'words that are here')
  await settle(before)
  await world.pass(100)
  await settle(before)
  before.client.ended()

  const peer = new Peer(world)
  const again = peer.provider('paper')
  Y.applyUpdate(again.doc, Y.encodeStateAsUpdate(ada.doc), again)
  for (let i = 0; i < 4; i++) again.text.insert(0, 'x')
  for (let i = 0; i < 3; i++) again.text.delete(0, 1)
  expect(again.unsyncedChanges).toBe(7)
  again.open()
  again.text.insert(0, 'live')
  expect(again.unsyncedChanges).toBe(2)
  await settle(peer)
  await world.pass(500)
  await settle(peer)
  expect(again.unsyncedChanges).toBe(0)
  expect(await storedText(world.ports.store, 'paper')).toBe(again.text.toJSON())
})

test('[HC2] a deletion that may have waited or not is made up for when the client is quiet, if it never counts below zero', async () => {
  for (const { version, left } of [
    { version: '4.8.0', left: 0 },
    { version: null, left: 1 },
  ]) {
    const world = createWorld()
    const peer = new Peer(world)
    const ada = peer.provider('paper')
    ada.doc.transact(() => ada.text.insert(0, 'abc'), ada)
    ada.open({ version })
    await turns()
    expect(peer.socket.sent.length).toBeGreaterThan(0)
    ada.text.delete(0, 1)
    await settle(peer)
    await world.pass(200)
    await settle(peer)
    expect(ada.unsyncedChanges, 'while it is not known to be new').toBe(1)
    peer.client.beat()
    await settle(peer)
    expect(ada.unsyncedChanges, 'it spoke since the last beat').toBe(1)
    peer.client.beat()
    await settle(peer)
    expect(ada.unsyncedChanges).toBe(left)
    peer.client.beat()
    await settle(peer)
    expect(ada.unsyncedChanges, 'once is enough').toBe(left)
    expect(await storedText(world.ports.store, 'paper')).toBe('bc')
  }
})

test('[HC2] what comes before the client can have heard anything is new, deletions too', async () => {
  const { asked, authorize } = steeredAccess()
  const world = createWorld({ authorize })
  const peer = new Peer(world)
  const ada = peer.provider('paper')
  ada.doc.transact(() => ada.text.insert(0, 'abcdefgh'), ada)
  ada.text.delete(0, 1)
  ada.text.delete(0, 1)
  ada.open({ version: null })
  for (let i = 0; i < 3; i++) ada.text.delete(0, 1)
  await turns()
  asked[0]?.answer(grant('edit'))
  await settle(peer)
  await world.pass(200)
  await settle(peer)
  expect(ada.unsyncedChanges).toBe(0)
  expect(await storedText(world.ports.store, 'paper')).toBe('fgh')
})

test('[HC2] a client that counts anew while it reads slowly is not told later of what it has forgotten', async () => {
  const world = createWorld({ limits: { outboxBytesSoft: 1_000 } })
  const [slow, other] = [new Peer(world), new Peer(world)]
  const [ada, bob] = [slow.provider('paper'), other.provider('paper')]
  ada.open()
  bob.open()
  await settle(slow, other)
  slow.client.drained()
  slow.socket.bufferedBytes = 2_000
  bob.text.insert(0, 'she does not read ')
  await world.pass(200)
  for (let i = 0; i < 4; i++) ada.text.insert(0, 'x')
  await world.pass(200)
  await settle(slow, other)
  expect(ada.unsyncedChanges).toBe(4)
  ada.forceSync()
  await world.pass(200)
  slow.socket.bufferedBytes = 0
  slow.client.drained()
  await settle(slow, other)
  await world.pass(200)
  await settle(slow, other)
  expect(ada.unsyncedChanges).toBe(0)
  expect(ada.text.toJSON()).toBe(bob.text.toJSON())
})

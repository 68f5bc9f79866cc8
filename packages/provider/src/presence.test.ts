import { encodePresence } from '@quire/protocol'
import { expect, test, vi } from 'vitest'
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import type { FakeSocket } from '../test/fake-network.ts'
import { createFakeWorld } from '../test/fake-provider.ts'

function somebody(name: string): Awareness {
  const awareness = new Awareness(new Y.Doc())
  awareness.setLocalState({ user: { name } })
  return awareness
}

function sayPresence(socket: FakeSocket, awareness: Awareness): void {
  socket.receive(encodePresence(encodeAwarenessUpdate(awareness, [awareness.clientID])))
}

/** Client ids in the presence frames that were sent since `from`, and who is there according to them. */
function said(socket: FakeSocket, from = 0) {
  const heard = new Awareness(new Y.Doc())
  heard.setLocalState(null)
  const clientIds: number[] = []
  heard.on('update', (change: Record<'added' | 'updated' | 'removed', number[]>) => {
    clientIds.push(...change.added, ...change.updated, ...change.removed)
  })
  for (const frame of socket.sent.slice(from)) {
    if (frame[0] === 1) applyAwarenessUpdate(heard, frame.subarray(2), 'test')
  }
  return { clientIds, present: [...heard.getStates().keys()] }
}

test('[PR1] what others say is not sent back, whether they come, move, leave or are asked for', () => {
  const { provider, network, serverDoc } = createFakeWorld()
  provider.awareness.setLocalState({ user: { name: 'me' } })
  network.last.sync(serverDoc)
  const before = network.last.sent.length
  const other = somebody('other')
  sayPresence(network.last, other)
  other.setLocalState({ user: { name: 'other' }, cursor: 1 })
  sayPresence(network.last, other)
  expect(provider.awareness.getStates().get(other.clientID)).toEqual(other.getLocalState())
  other.setLocalState(null)
  sayPresence(network.last, other)
  expect(network.last.sent.length).toBe(before)

  sayPresence(network.last, somebody('third'))
  network.last.receive(Uint8Array.of(3))
  expect(said(network.last, before)).toEqual({
    clientIds: [provider.doc.clientID],
    present: [provider.doc.clientID],
  })
})

test('[PR1] a presence that is too large for the wire stays here instead of ending the connection', () => {
  const { provider, network, serverDoc } = createFakeWorld()
  network.last.sync(serverDoc)
  const before = network.last.sent.length
  provider.awareness.setLocalState({ picture: 'x'.repeat(20_000) })
  expect(network.last.sent.length).toBe(before)
  provider.awareness.setLocalState({ picture: 'x' })
  expect(network.last.sent.length).toBe(before + 1)
})

test('[PR2] after a reconnect the same presence with the same clock is accepted', () => {
  const { provider, network, serverDoc, clock } = createFakeWorld()
  const other = somebody('other')
  network.last.sync(serverDoc)
  sayPresence(network.last, other)
  network.last.end(1006)
  expect(provider.awareness.getStates().has(other.clientID)).toBe(false)
  clock.advance(300)
  network.last.sync(serverDoc)
  sayPresence(network.last, other)
  expect(provider.awareness.getStates().get(other.clientID)).toEqual({ user: { name: 'other' } })
})

test('[PR3] presence leaves with close', async () => {
  const { provider, network, serverDoc } = createFakeWorld()
  provider.awareness.setLocalState({ user: { name: 'me' } })
  network.last.sync(serverDoc)
  expect(said(network.last).present).toEqual([provider.doc.clientID])
  await provider.close()
  expect(said(network.last).present).toEqual([])
})

test('[PR3] presence leaves with a hidden page and returns with it', () => {
  const { provider, network, serverDoc, page } = createFakeWorld()
  provider.awareness.setLocalState({ user: { name: 'me' } })
  network.last.sync(serverDoc)
  page.dispatchEvent(new Event('pagehide'))
  expect(said(network.last).present).toEqual([])
  page.dispatchEvent(new Event('pageshow'))
  expect(said(network.last).present).toEqual([provider.doc.clientID])
  expect(provider.awareness.getLocalState()).toEqual({ user: { name: 'me' } })
})

test('[PR4] presence moves to the new client id, and the connection can still be closed', async () => {
  const { provider, network, serverDoc, doc, type } = createFakeWorld()
  provider.awareness.setLocalState({ user: { name: 'me' } })
  network.last.sync(serverDoc)
  // Yjs says so on the console.
  const quiet = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  const before = doc.clientID
  const twin = new Y.Doc()
  twin.clientID = before
  twin.getText('t').insert(0, 'typed by a twin')
  network.last.receive(
    Uint8Array.of(0, 2, Y.encodeStateAsUpdate(twin).length, ...Y.encodeStateAsUpdate(twin)),
  )
  quiet.mockRestore()
  expect(doc.clientID).not.toBe(before)
  expect(said(network.last).present).toEqual([doc.clientID])
  type('x')
  await provider.close()
  expect(said(network.last).present).toEqual([])
})

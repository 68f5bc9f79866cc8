/** Roles, tokens and refusals of Hocuspocus clients. */
import { expect, test } from 'vitest'
import { named, storedText } from '../../test/harness.ts'
import { grant, Peer, settle, steeredAccess, tokenMessage } from '../../test/hocuspocus-world.ts'
import { createWorld, turns } from '../../test/world.ts'
import type { Authorize, Grant } from '../access/access.ts'

const kinds = (messages: readonly string[]) => messages.map((message) => message.slice(0, 4))

test('[HC3] who may only read is told that an edit is refused, and everything else is as for others', async () => {
  let role: Grant['role'] = 'edit'
  const world = createWorld({ authorize: () => grant(role) })
  const writer = new Peer(world)
  const ada = writer.provider('paper')
  ada.open()
  ada.text.insert(0, 'there')
  await settle(writer)
  await world.pass(100)
  await settle(writer)
  role = 'view'
  const peer = new Peer(world)
  const bob = peer.provider('paper')
  bob.open()
  await settle(peer)
  await world.pass(100)
  await settle(peer)
  expect(bob.scope).toBe('readonly')
  expect(bob.text.toJSON()).toBe('there')
  expect(bob.unsyncedChanges, 'a Step2 with nothing new').toBe(0)
  bob.text.insert(0, 'not ')
  await settle(peer)
  expect(peer.heard('paper').at(-1)).toBe('0800')
  await world.pass(1_000)
  await settle(peer, writer)
  expect(bob.unsyncedChanges).toBe(1)
  expect(ada.text.toJSON()).toBe('there')
  expect(await storedText(world.ports.store, 'paper')).toBe('there')
  bob.forceSync()
  await settle(peer)
  expect(peer.heard('paper').at(-1), 'a Step2 with something new').toBe('0800')
})

test('[HC3] a role that changes is told at once; who may write again begins again, so that nothing is left out', async () => {
  let role: Grant['role'] = 'edit'
  const world = createWorld({ authorize: () => grant(role) })
  const peer = new Peer(world)
  const bob = peer.provider('paper')
  bob.open()
  await settle(peer)
  const recheck = async () => {
    world.hub.access.recheck({ document: named('paper') })
    await settle(peer)
  }
  role = 'comment'
  await recheck()
  expect(bob.scope).toBe('readonly')
  role = 'edit'
  await recheck()
  expect(bob.scope).toBe('read-write')
  expect(peer.socket.closed).toBeUndefined()
  role = 'view'
  await recheck()
  bob.text.insert(0, 'refused')
  await settle(peer)
  role = 'edit'
  await recheck()
  expect(peer.socket.closed).toEqual({ code: 4205, reason: 'access changed' })
})

test('[HC4] what comes while access is decided waits, in order', async () => {
  const { asked, authorize } = steeredAccess()
  const world = createWorld({ authorize })
  const peer = new Peer(world)
  const ada = peer.provider('paper')
  ada.open({ token: 'secret' })
  ada.text.insert(0, 'a')
  ada.text.insert(1, 'b')
  await settle(peer)
  expect(asked.map(({ token }) => token)).toEqual(['secret'])
  expect(peer.socket.sent).toEqual([])
  expect(world.hub.rooms).toEqual([])
  asked[0]?.answer(grant('edit'))
  await settle(peer)
  await world.pass(100)
  await settle(peer)
  expect(ada.unsyncedChanges).toBe(0)
  expect(await storedText(world.ports.store, 'paper')).toBe('ab')
})

test('[HC4] a refused document is told in band, what it goes on to say is dropped, and another token is another chance', async () => {
  const world = createWorld({
    authorize: ({ token, document }) =>
      token === 'good' || document !== 'closed' ? grant('edit') : { denied: 'forbidden' },
  })
  const peer = new Peer(world)
  const [open, closed] = [peer.provider('open'), peer.provider('closed')]
  open.open({ token: 'bad' })
  closed.open({ token: 'bad' })
  await settle(peer)
  expect(closed.denied).toBe('forbidden')
  expect(closed.isDetached).toBe(true)
  expect(kinds(peer.heard('closed'))).toEqual(['0201', '0709'])
  for (let i = 0; i < 50; i++) closed.text.insert(0, 'x')
  open.text.insert(0, 'fine')
  await settle(peer)
  await world.pass(100)
  await settle(peer)
  expect(peer.heard('closed')).toHaveLength(2)
  expect(await storedText(world.ports.store, 'open')).toBe('fine')
  expect(await storedText(world.ports.store, 'closed')).toBe('')
  expect(peer.socket.closed).toBeUndefined()
  closed.open({ token: 'good' })
  await settle(peer)
  await world.pass(500)
  await settle(peer)
  expect(await storedText(world.ports.store, 'closed')).toBe('x'.repeat(50))
  expect(closed.unsyncedChanges).toBe(0)
})

test('[HC4] a provider before 3 that has no token begins with its Step1', async () => {
  const asked: (string | undefined)[] = []
  const world = createWorld({
    authorize: ({ token }) => {
      asked.push(token)
      return grant('edit')
    },
  })
  const peer = new Peer(world)
  const ada = peer.provider('paper')
  ada.open({ token: null })
  await settle(peer)
  expect(asked).toEqual([undefined])
  expect(ada.isSynced).toBe(true)
})

test('[HC4] a token that comes while the question without one is open replaces it', async () => {
  const { asked, authorize } = steeredAccess()
  const world = createWorld({ authorize })
  const peer = new Peer(world)
  const ada = peer.provider('paper')
  ada.forceSync()
  ada.open({ token: 'late' })
  await turns()
  asked[0]?.answer({ denied: 'unauthenticated' })
  await settle(peer)
  expect(ada.denied).toBeUndefined()
  expect(asked.map(({ token }) => token)).toEqual([undefined, 'late'])
  asked[1]?.answer(grant('edit'))
  await settle(peer)
  expect(ada.isSynced).toBe(true)
})

test('[HC4] a newer token is asked about without disturbing anybody; a bad one ends that document', async () => {
  const asked: (string | undefined)[] = []
  const world = createWorld({
    authorize: ({ token }) => {
      asked.push(token)
      return token === 'stolen' ? { denied: 'unauthenticated' } : grant('edit')
    },
  })
  const peer = new Peer(world)
  const [ada, other] = [peer.provider('paper'), peer.provider('other')]
  ada.open({ token: 'one' })
  other.open({ token: 'one' })
  await settle(peer)
  const before = peer.heard('paper').length
  ada.send(tokenMessage('two', '4.8.0'))
  await settle(peer)
  expect(asked).toEqual(['one', 'one', 'two'])
  expect(peer.heard('paper')).toHaveLength(before)
  ada.send(tokenMessage('stolen', '4.8.0'))
  await settle(peer)
  expect(ada.denied).toBe('unauthorized')
  expect(peer.socket.closed).toBeUndefined()
  other.text.insert(0, 'on')
  await world.pass(100)
  await settle(peer)
  expect(other.unsyncedChanges).toBe(0)
})

test('[HC4] before a grant ends the client is asked for a newer token', async () => {
  const world = createWorld()
  const ends = { ...grant('edit'), expiresAtMs: world.ports.clock.wallMs() + 60_000 }
  const authorize: Authorize = ({ token }) => (token === 'new' ? grant('edit') : ends)
  Object.assign(world.ports, { authorize })
  const peer = new Peer(world)
  const ada = peer.provider('paper')
  ada.open({ token: 'old' })
  await settle(peer)
  expect(ada.tokenRequests).toBe(0)
  await world.pass(40_000)
  await settle(peer)
  expect(ada.tokenRequests).toBe(1)
  ada.send(tokenMessage('new'))
  await world.pass(60_000)
  await settle(peer)
  expect(ada.denied).toBeUndefined()
})

import { silentLog } from '@quire/base'
import { encodeStateless } from '@quire/protocol'
import { createWorld, FakeClient, turns } from '../test/world.ts'
import { expect, test } from 'vitest'
import { grant, Peer, settle, steeredAccess } from '../test/hocuspocus-world.ts'
import { guardedListener, type StatelessMessage, statelessFrame } from './stateless.ts'

const stateless = (text: string): Uint8Array => encodeStateless(text)
const hexOf = (text: string): string => Buffer.from(stateless(text)).toString('hex')

test('[HC11] what is said before access is granted is heard after it, in order, and of a denied one never', async () => {
  const heard: StatelessMessage[] = []
  const { asked, authorize } = steeredAccess()
  const world = createWorld({ authorize, onStateless: (message) => heard.push(message) })
  const peer = new Peer(world)
  for (const name of ['paper', 'secret']) {
    peer.provider(name).open()
    peer.send(name, stateless('first'))
    peer.send(name, stateless('second'))
  }
  await settle(peer)
  expect(heard).toEqual([])
  asked[0]?.answer(grant('view'))
  asked[1]?.answer({ denied: 'forbidden' })
  await settle(peer)
  peer.send('paper', stateless('third'))
  peer.send('secret', stateless('third'))
  expect(heard.map(({ document, text, role }) => [document, text, role])).toEqual([
    ['paper', 'first', 'view'],
    ['paper', 'second', 'view'],
    ['paper', 'third', 'view'],
  ])
  expect(world.ports.counters.stateless).toBe(3)
  expect(peer.socket.closed).toBeUndefined()
})

test.each([
  ['over the limit', stateless('x'.repeat(64 * 1024)), 'tooLarge'],
  ['without a text', Uint8Array.of(5), 'malformed'],
  ['with bytes behind it', Uint8Array.of(5, 1, 120, 0), 'malformed'],
  ['that is not UTF-8', Uint8Array.of(5, 1, 0xff), 'malformed'],
  ['of the server: a broadcast', Uint8Array.of(6, 1, 120), 'malformed'],
] as const)('[HC11] a stateless message %s is refused and not heard', async (_, message, close) => {
  const heard: StatelessMessage[] = []
  const world = createWorld({ onStateless: (said) => heard.push(said) })
  const peer = new Peer(world)
  peer.provider('paper').open()
  await settle(peer)
  peer.send('paper', message)
  await turns()
  expect(heard).toEqual([])
  expect(world.ports.counters.closed[close]).toBe(1)
})

test('[HC11] the application reaches the Hocuspocus clients that it means, and no others', async () => {
  const world = createWorld()
  const [ada, ben] = [new Peer(world), new Peer(world)]
  const [adas, bens] = [ada.provider('paper'), ben.provider('paper\0tab')]
  const other = ben.provider('other')
  for (const provider of [adas, bens, other]) provider.open()
  const ours = new FakeClient(world, 'paper')
  const stock = new FakeClient(world, 'paper', { isQuire: false })
  await settle(ada, ben)
  const room = world.hub.rooms.find(({ document }) => document === 'paper')
  if (!room) throw new Error('no room')
  const before = [ours, stock].map(({ transport }) => transport.sent.length)
  room.open.tell(statelessFrame('to all', world.ports.limits), () => true)
  const [first] = [...room.sessions].filter(({ dialect }) => dialect.name === 'hocuspocus')
  room.open.tell(statelessFrame('to one', world.ports.limits), (session) => session === first)
  expect(ada.heard('paper').slice(-2)).toEqual([hexOf('to all'), hexOf('to one')])
  expect(ben.heard('paper\0tab').at(-1)).toBe(hexOf('to all'))
  expect(ben.heard('other')).not.toContain(hexOf('to all'))
  expect([ours, stock].map(({ transport }) => transport.sent.length)).toEqual(before)
  const tooLong = 'x'.repeat(world.ports.limits.statelessBytesMax)
  expect(() => statelessFrame(tooLong, world.ports.limits)).toThrow(RangeError)
})

test('[HC11] a listener that throws or rejects is told of and called again', async () => {
  const told: string[] = []
  const log = { ...silentLog, error: (message: string) => told.push(message) }
  let callCount = 0
  const throwing = guardedListener(() => {
    callCount += 1
    throw new Error('a bug')
  }, log)
  const rejecting = guardedListener((() => Promise.reject(new Error('a bug'))) as () => void, log)
  const world = createWorld({
    onStateless: (message) => {
      throwing(message)
      rejecting(message)
    },
  })
  const peer = new Peer(world)
  peer.provider('paper').open()
  await settle(peer)
  peer.send('paper', stateless('one'))
  peer.send('paper', stateless('two'))
  await turns()
  expect([callCount, told.length]).toEqual([2, 4])
  expect(peer.socket.closed).toBeUndefined()
})

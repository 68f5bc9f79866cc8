import { expect, test } from 'vitest'
import { createAccessWorld, enter, grantOf } from '../../test/access-world.ts'
import { createWorld, FakeClient, type World } from '../../test/world.ts'

const ada = grantOf('ada', 'edit', { user: { id: 'ada', name: 'Ada', color: '#112233' } })

/** What `watcher` was shown last of a client. */
function shown(watcher: FakeClient, clientId: number): unknown {
  const last = watcher.presence.filter((entry) => entry.clientId === clientId).at(-1)
  return last && JSON.parse(last.json)
}

function clockOf(watcher: FakeClient, clientId: number): number {
  return watcher.presence.filter((entry) => entry.clientId === clientId).at(-1)?.clock ?? -1
}

test('[PR7] who a state is of comes from the grant, whatever the client says, for those who are here and for newcomers', async () => {
  const { world, port } = createAccessWorld()
  port.answers.set('ada', ada)
  port.answers.set('eve', grantOf('eve', 'view'))
  const mallory = await enter(world, 'ada')
  const eve = await enter(world, 'eve')
  const states = [
    '{"user":{"id":"eve","name":"Eve","color":"#ffffff"},"x":1}',
    '{"x":2,"\\u0075ser":{"name":"Eve"}}',
    '{"user":{"name":"Eve"},"us\\u0065r":{"name":"Eve"},"x":3}',
    '{"x":4}',
  ]
  for (const [i, json] of states.entries()) {
    mallory.show({ clientId: 1, clock: i + 1, json })
    await world.pass(200)
    const expected = { user: { id: 'ada', name: 'Ada', color: '#112233' }, x: i + 1 }
    expect(shown(eve, 1)).toEqual(expected)
    const late = await enter(world, 'eve')
    expect(shown(late, 1)).toEqual(expected)
    late.leave()
  }
})

test('[PR7] what the grant leaves open is the choice of the guest; a reader shows itself too', async () => {
  const { world, port } = createAccessWorld()
  port.answers.set('g', grantOf('g', 'view', { user: { id: 'g', name: '' } }))
  const [guest, other] = [await enter(world, 'g'), await enter(world, 'g')]
  guest.show({
    clientId: 1,
    clock: 1,
    json: '{"user":{"id":"x","name":"Gus","color":"url(x)","avatar":"a"}}',
  })
  await world.pass(200)
  expect(shown(other, 1)).toEqual({ user: { id: 'g', name: 'Gus', avatar: 'a' } })
})

test('[PR7] a grant that changes changes what is shown, with a clock that others take for news', async () => {
  const { world, port } = createAccessWorld()
  port.answers.set('ada', ada)
  port.answers.set('eve', grantOf('eve'))
  const [client, eve] = [await enter(world, 'ada'), await enter(world, 'eve')]
  client.show({ clientId: 1, clock: 1, json: '{"x":1}' })
  await world.pass(200)
  const before = clockOf(eve, 1)
  port.answers.set('ada', grantOf('ada', 'edit', { user: { id: 'ada', name: 'Ada Lovelace' } }))
  world.hub.access.recheck({ userId: 'ada' })
  await world.pass(200)
  expect(shown(eve, 1)).toMatchObject({ user: { id: 'ada', name: 'Ada Lovelace' }, x: 1 })
  expect(clockOf(eve, 1)).toBeGreaterThan(before)
})

test('[PR7] where nobody has an identity a state is carried as it came', async () => {
  const world = createWorld()
  const [one, other] = await people(world, 2)
  const json = '{"user":{"id":"x","color":"red"},"user":7}'
  one?.show({ clientId: 1, clock: 1, json })
  await world.pass(200)
  expect(other?.presence).toEqual([{ clientId: 1, clock: 1, json }])
})

async function people(world: World, count: number): Promise<FakeClient[]> {
  const clients = Array.from(
    { length: count },
    () => new FakeClient(world, 'doc', { isQuire: false }),
  )
  await world.pass(300)
  return clients
}

const silentMs = 20_000

test('[PR8] an id that comes back on a new socket is taken over when the old one fell silent, and not before', async () => {
  const world = createWorld()
  const [old, watcher, again] = (await people(world, 3)) as [FakeClient, FakeClient, FakeClient]
  old.show({ clientId: 1, clock: 5, json: '{"x":"old"}' })
  await world.pass(silentMs - 1_000)
  again.show({ clientId: 1, clock: 5, json: '{"x":"new"}' })
  await world.pass(500)
  expect(shown(watcher, 1)).toEqual({ x: 'old' })
  await world.pass(1_000)
  again.show({ clientId: 1, clock: 6, json: '{"x":"new"}' })
  await world.pass(500)
  expect(shown(watcher, 1)).toEqual({ x: 'new' })
  const clock = clockOf(watcher, 1)
  // The old socket wakes up, says something, leaves, and ends: the new owner stays as it is.
  old.show({ clientId: 1, clock: 9, json: '{"x":"old again"}' })
  old.show({ clientId: 1, clock: 9, json: 'null' })
  await world.pass(2 * silentMs)
  old.show({ clientId: 1, clock: 10, json: '{"x":"old again"}' })
  old.leave()
  await world.pass(500)
  expect(shown(watcher, 1)).toEqual({ x: 'new' })
  expect(clockOf(watcher, 1)).toBe(clock)
  expect([old, again].map(({ transport }) => transport.closed)).toEqual([undefined, undefined])
})

test('[PR8] repeats of others never take over, however silent the owner is', async () => {
  const world = createWorld()
  const [old, watcher, stock] = (await people(world, 3)) as [FakeClient, FakeClient, FakeClient]
  old.show({ clientId: 1, clock: 5, json: '{"x":1}' })
  stock.show({ clientId: 3, clock: 1, json: '{}' })
  await world.pass(3 * silentMs)
  stock.show({ clientId: 1, clock: 5, json: '{"x":2}' })
  stock.show({ clientId: 1, clock: 500, json: '{"x":2}' })
  await world.pass(500)
  expect(shown(watcher, 1)).toEqual({ x: 1 })
  old.leave()
  await world.pass(500)
  expect(shown(watcher, 1)).toBe(null)
})

test('[PR8] the same user takes over at once, another user never', async () => {
  const { world, port } = createAccessWorld()
  for (const id of ['ada', 'eve']) port.answers.set(id, grantOf(id))
  const old = await enter(world, 'ada', 'doc', false)
  const watcher = await enter(world, 'eve', 'doc', false)
  old.show({ clientId: 1, clock: 5, json: '{"x":"old"}' })
  const mallory = await enter(world, 'eve', 'doc', false)
  await world.pass(5 * silentMs)
  mallory.show({ clientId: 1, clock: 6, json: '{"x":"mallory"}' })
  await world.pass(500)
  expect(shown(watcher, 1)).toMatchObject({ x: 'old' })
  old.show({ clientId: 1, clock: 6, json: '{"x":"old"}' })
  const again = await enter(world, 'ada', 'doc', false)
  again.show({ clientId: 1, clock: 6, json: '{"x":"new"}' })
  await world.pass(500)
  expect(shown(watcher, 1)).toMatchObject({ x: 'new', user: { id: 'ada' } })
  // And does not lose it again to the socket that it took it from.
  old.show({ clientId: 1, clock: 7, json: '{"x":"old"}' })
  old.leave()
  await world.pass(500)
  expect(shown(watcher, 1)).toMatchObject({ x: 'new' })
})

test('[PR8] clients that say what document they are need no silence: the same takes over, another never', async () => {
  const world = createWorld()
  const join = async (instance: number): Promise<FakeClient> => {
    const client = new FakeClient(world, 'doc', { clientId: 1, instance })
    await world.pass(100)
    return client
  }
  const [watcher] = await people(world, 1)
  const old = await join(1)
  old.show({ clientId: 1, clock: 1, json: '{"x":"old"}' })
  const other = await join(2)
  await world.pass(5 * silentMs)
  other.show({ clientId: 1, clock: 9, json: '{"x":"other"}' })
  const again = await join(1)
  again.show({ clientId: 1, clock: 1, json: '{"x":"new"}' })
  await world.pass(500)
  const all = watcher?.presence.map(({ json }) => json)
  expect(all).toEqual(['{"x":"old"}', '{"x":"new"}'])
})

test('[PR9] the clock that others see moves by a bounded step, so nobody is made deaf to a client', async () => {
  const jump = 1_000
  const world = createWorld({ limits: { presenceClockJumpMax: jump } })
  const [mallory, watcher] = (await people(world, 2)) as [FakeClient, FakeClient]
  mallory.show({ clientId: 1, clock: 2 ** 40, json: '{"x":1}' })
  await world.pass(200)
  expect(clockOf(watcher, 1)).toBe(jump)
  mallory.show({ clientId: 1, clock: 2 ** 50, json: '{"x":2}' })
  await world.pass(200)
  expect([shown(watcher, 1), clockOf(watcher, 1)]).toEqual([{ x: 2 }, 2 * jump])
  mallory.leave()
  await world.pass(200)
  const [victim] = await people(world, 1)
  victim?.show({ clientId: 1, clock: 3, json: '{"x":"victim"}' })
  await world.pass(200)
  expect([shown(watcher, 1), clockOf(watcher, 1)]).toEqual([{ x: 'victim' }, 2 * jump + 2])
})

test('[PR4] a client that says that it leaves and is gone in the same moment is told about once', async () => {
  const world = createWorld()
  const [ada, bob] = (await people(world, 2)) as [FakeClient, FakeClient]
  ada.show({ clientId: 1, clock: 1, json: '{"x":1}' })
  await world.pass(300)
  ada.show({ clientId: 1, clock: 1, json: 'null' })
  ada.leave()
  await world.pass(300)
  expect(bob.presence.map(({ json }) => json)).toEqual(['{"x":1}', 'null'])
})

test('[PR6] ids that were lost count as owned ones, so that two sessions cannot pass ids between them without end', async () => {
  const world = createWorld({ limits: { presenceClientsPerSessionMax: 3 } })
  const [watcher] = await people(world, 1)
  const a = new FakeClient(world, 'doc', { clientId: 1, instance: 1 })
  const b = new FakeClient(world, 'doc', { clientId: 1, instance: 1 })
  await world.pass(100)
  for (let clientId = 10; clientId < 30; clientId++) {
    for (const client of [a, b]) {
      client.doc.clientID = clientId
      client.announce(1)
    }
    a.show({ clientId, clock: 1, json: '{"x":"a"}' })
    b.show({ clientId, clock: 1, json: '{"x":"b"}' })
  }
  await world.pass(500)
  expect(new Set(watcher?.presence.map(({ clientId }) => clientId))).toEqual(new Set([10, 11, 12]))
})

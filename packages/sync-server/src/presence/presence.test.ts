import { expect, test } from 'vitest'
import { createWorld, FakeClient, type World } from '../../test/world.ts'

async function people(world: World, count: number): Promise<FakeClient[]> {
  const clients = Array.from(
    { length: count },
    (_, i) => new FakeClient(world, 'doc', { clientId: i + 1 }),
  )
  await world.pass(300)
  return clients
}

test('[PR1] a state goes to everybody else at once when quiet, and never back to its sender', async () => {
  const world = createWorld()
  const [ada, bob, eve] = (await people(world, 3)) as [FakeClient, FakeClient, FakeClient]
  ada.show({ clientId: 1, clock: 1, json: '{"x":1}' })
  const entry = { clientId: 1, clock: 1, json: '{"x":1}' }
  expect([ada.presence, bob.presence, eve.presence]).toEqual([[], [entry], [entry]])
  const late = new FakeClient(world, 'doc')
  await world.pass(1)
  expect(late.presence).toEqual([entry])
})

test('[PR2] under load the latest state wins, in one frame, and nobody gets their own', async () => {
  const world = createWorld()
  const clients = await people(world, 40)
  for (let clock = 1; clock <= 20; clock++) {
    clients.forEach((client, i) => client.show({ clientId: i + 1, clock, json: `{"x":${clock}}` }))
  }
  await world.pass(200)
  clients.forEach((client, i) => {
    const frames = client.transport.sent.filter((frame) => frame[0] === 1)
    expect(frames.length).toBeLessThan(6)
    expect(client.presence.some(({ clientId }) => clientId === i + 1)).toBe(false)
    const last = new Map(client.presence.map(({ clientId, json }) => [clientId, json]))
    expect(last.size).toBe(39)
    expect(new Set(last.values())).toEqual(new Set(['{"x":20}']))
  })
})

test('[PR3] what others say about a client that is here is dropped, also that it left', async () => {
  const world = createWorld()
  const [ada, bob, mallory] = (await people(world, 3)) as [FakeClient, FakeClient, FakeClient]
  ada.show({ clientId: 1, clock: 1, json: '{"name":"Ada"}' })
  mallory.show({ clientId: 3, clock: 1, json: '{}' })
  mallory.show({ clientId: 1, clock: 2 ** 40, json: '{"name":"Ada?"}' })
  mallory.show({ clientId: 1, clock: 2 ** 40, json: 'null' })
  ada.show({ clientId: 1, clock: 2, json: '{"name":"Ada!"}' })
  await world.pass(100)
  expect(bob.presence.filter(({ clientId }) => clientId === 1)).toEqual([
    { clientId: 1, clock: 1, json: '{"name":"Ada"}' },
    { clientId: 1, clock: 2, json: '{"name":"Ada!"}' },
  ])
  expect(mallory.transport.closed).toBeUndefined()
})

test('[PR4] a session that ends is told about at once, and repeats of it do not bring it back', async () => {
  const world = createWorld()
  const [ada, bob, eve] = (await people(world, 3)) as [FakeClient, FakeClient, FakeClient]
  ada.show({ clientId: 1, clock: 5, json: '{"x":1}' })
  eve.show({ clientId: 3, clock: 1, json: '{}' })
  await world.pass(100)
  ada.leave()
  expect(bob.presence.at(-1)).toEqual({ clientId: 1, clock: 6, json: 'null' })
  eve.show({ clientId: 1, clock: 5, json: '{"x":1}' })
  await world.pass(100)
  expect(bob.presence.at(-1)).toEqual({ clientId: 1, clock: 6, json: 'null' })
  // The same client on a new connection, with the clock it had.
  const back = new FakeClient(world, 'doc', { clientId: 1 })
  await world.pass(1)
  back.show({ clientId: 1, clock: 5, json: '{"x":1}' })
  await world.pass(100)
  expect(bob.presence.at(-1)).toEqual({ clientId: 1, clock: 7, json: '{"x":1}' })
})

test('[PR5] the rule of clocks: older and equal states are ignored, an equal clock may only leave', async () => {
  const world = createWorld()
  const [ada, bob] = (await people(world, 2)) as [FakeClient, FakeClient]
  ada.show({ clientId: 1, clock: 3, json: '{"x":3}' })
  ada.show({ clientId: 1, clock: 3, json: '{"x":0}' })
  ada.show({ clientId: 1, clock: 2, json: '{"x":2}' })
  ada.show({ clientId: 1, clock: 3, json: 'null' })
  ada.show({ clientId: 1, clock: 3, json: 'null' })
  await world.pass(100)
  expect(bob.presence.map(({ json }) => json)).toEqual(['{"x":3}', 'null'])
  const clocks = bob.presence.map(({ clock }) => clock)
  expect(clocks[1]).toBeGreaterThan(clocks[0] ?? 0)
})

test('[PR6] a session owns only so many clients', async () => {
  const world = createWorld({ limits: { presenceClientsPerSessionMax: 2 } })
  const [ada, bob] = (await people(world, 2)) as [FakeClient, FakeClient]
  for (let clientId = 10; clientId < 20; clientId++) ada.show({ clientId, clock: 1, json: '{}' })
  await world.pass(100)
  expect(bob.presence.map(({ clientId }) => clientId)).toEqual([10, 11])
  ada.send(Uint8Array.of(3))
  expect(ada.presence).toEqual([])
})

test('[PR1] a letter waits for the cursor of somebody whose cursor follows each letter, and not for long', async () => {
  const world = createWorld()
  const [ada, bob] = (await people(world, 2)) as [FakeClient, FakeClient]
  const text = ada.doc.getText('t')
  const seen = () => bob.doc.getText('t').toJSON()
  const show = (clock: number) => ada.show({ clientId: 1, clock, json: `{"x":${clock}}` })
  const type = (letter: string) => text.insert(text.length, letter)
  type('a')
  expect(seen()).toBe('a')
  show(1)
  await world.pass(100)
  type('b')
  expect(seen()).toBe('a')
  show(2)
  expect(seen()).toBe('ab')
  expect(bob.presence.at(-1)?.clock).toBe(2)
  await world.pass(100)
  type('c')
  expect(seen()).toBe('ab')
  await world.pass(2)
  expect(seen()).toBe('abc')
  await world.pass(100)
  type('d')
  expect(seen()).toBe('abcd')
})

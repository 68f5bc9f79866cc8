import { messageType } from '@quire/protocol'
import { expect, test } from 'vitest'
import { createWorld, FakeClient, type World } from '../../test/world.ts'

async function people(world: World, count: number): Promise<readonly FakeClient[]> {
  const clients = Array.from(
    { length: count },
    (_, i) => new FakeClient(world, 'doc', { clientId: i + 1 }),
  )
  await world.pass(300)
  return clients
}

/** How often something is written to the last of `clients` while the others do something every 2 ms. */
function writesIn(
  { clock }: World,
  clients: readonly FakeClient[],
  stepCount: number,
  act: (step: number) => void,
): number {
  const transport = clients.at(-1)?.transport as FakeClient['transport']
  let count = 0
  const write = transport.write.bind(transport)
  transport.write = (frame) => {
    count += 1
    write(frame)
  }
  for (let step = 1; step <= stepCount; step++) {
    act(step)
    clock.advance(2)
  }
  transport.write = write
  return count
}

test('[RM10] the larger a busy room, the longer its windows; in a quiet one of any size a letter goes at once', async () => {
  const windows: number[] = []
  for (const count of [10, 60]) {
    const world = createWorld()
    const clients = await people(world, count)
    const authors = clients.slice(0, 6)
    const reader = clients.at(-1) as FakeClient
    windows.push(
      writesIn(world, clients, 40, () => authors.forEach(({ text }) => text.insert(0, 'x'))),
    )
    await world.pass(100)
    expect(reader.text.length).toBe(240)
    // Quiet again.
    authors[0]?.text.insert(0, 'y')
    expect(reader.text.length).toBe(241)
  }
  const [small = 0, large = 0] = windows
  // Of 80 ms: each window of 1 ms, and of 6 ms.
  expect(small).toBeGreaterThan(30)
  expect(large).toBeLessThan(18)
  expect(large).toBeGreaterThan(8)
})

test('[PR2] the larger a room, the more seldom cursors are shown, and all of them at once', async () => {
  const writes: number[] = []
  for (const count of [10, 80]) {
    const world = createWorld()
    const clients = await people(world, count)
    const movers = clients.slice(0, -1)
    const reader = clients.at(-1) as FakeClient
    const move = (clock: number): void => {
      movers.forEach((client, i) => client.show({ clientId: i + 1, clock, json: `{"x":${clock}}` }))
    }
    writes.push(writesIn(world, clients, 40, move))
    await world.pass(100)
    const last = new Map(reader.presence.map(({ clientId, json }) => [clientId, json]))
    expect([...last.values()]).toEqual(movers.map(() => '{"x":40}'))
  }
  const [small = 0, large = 0] = writes
  expect(small).toBeGreaterThan(30)
  expect(large).toBeLessThan(12)
  expect(large).toBeGreaterThan(3)
})

test('[RM10] in a large room who comes back with everything is told so in the write of the next cursors', async () => {
  const world = createWorld()
  const clients = Array.from(
    { length: 10 },
    (_, i) => new FakeClient(world, 'doc', { clientId: i + 1 }),
  )
  await world.pass(100)
  const [ada, ben] = clients as [FakeClient, FakeClient]
  const together: (number | undefined)[][] = []
  Object.assign(ada.transport, {
    gather(call: () => void) {
      const before = ada.transport.sent.length
      call()
      together.push(ada.transport.sent.slice(before).map((message) => message[0]))
    },
  })
  ada.reply()
  expect(ada.saved).toBeLessThan(ada.sentSyncFrames)
  ben.show({ clientId: 2, clock: 1, json: '{}' })
  await world.pass(10)
  expect(together).toEqual([[messageType.presence, messageType.saved]])
  expect(ada.saved).toBe(ada.sentSyncFrames)
  // And soon without any.
  const [cid] = clients.slice(2) as [FakeClient]
  cid.reply()
  expect(cid.saved).toBeLessThan(cid.sentSyncFrames)
  await world.pass(100)
  expect(cid.saved).toBe(cid.sentSyncFrames)
})

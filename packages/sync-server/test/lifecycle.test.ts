/** Rooms that go for memory, loads that hang, and faults of the ports. */
import { silentLog, systemRandom } from '@quire/base'
import { compactDocument, createMemoryStore, StoreError } from '@quire/persistence'
import { createManualClock, until } from '@quire/testkit'
import { expect, test } from 'vitest'
import { allowEverybody } from '../src/access/access.ts'
import { guardedClock } from '../src/guarded-ports.ts'
import { named, RawClient, startHost, storedText } from './harness.ts'
import { createWorld, FakeClient } from './world.ts'

test('[RM13] when memory is short the room that was left first goes first, and one with something unsaved stays', async () => {
  const world = createWorld({ idleMs: 60_000, limits: { openBytesSoft: 25_000 } })
  const names = () => world.hub.rooms.map(({ document }) => String(document)).toSorted()
  for (const name of ['first', 'second', 'unsaved']) {
    const client = new FakeClient(world, name)
    await world.pass(1)
    if (name === 'unsaved') world.steered.appendFails = new StoreError('full', 'no space')
    client.text.insert(0, 'x'.repeat(10_000))
    await world.pass(200)
    client.leave()
  }
  expect(names()).toEqual(['second', 'unsaved'])
  const ada = new FakeClient(world, 'second')
  ada.reply()
  ada.text.insert(0, 'x'.repeat(10_000))
  expect(world.hub.memory.bytes).toBeGreaterThan(25_000)
  expect(names()).toEqual(['second', 'unsaved'])
  world.steered.appendFails = undefined
  await world.pass(6_000)
  expect(names()).toEqual(['second'])
  expect((await storedText(world.steered.inner, 'unsaved')).length).toBe(10_000)
  expect(world.hub.memory.evictionCount).toBe(2)
})

test('[RM14] a load that takes too long has failed, and its late answer opens nothing', async () => {
  const world = createWorld({ limits: { loadMsMax: 500 } })
  world.steered.isHoldingOpens = true
  const ada = new FakeClient(world, 'doc')
  await world.pass(480)
  expect(ada.transport.closed).toBeUndefined()
  await world.pass(20)
  expect(ada.transport.closed?.code).toBe(4503)
  expect(world.hub.rooms).toEqual([])
  world.steered.letOpen()
  await world.pass(10)
  expect(world.hub.rooms).toEqual([])
  expect(ada.transport.sent).toEqual([])
  const ben = new FakeClient(world, 'doc')
  await world.pass(10)
  expect(ben.isSynced).toBe(true)
})

test('[RM14] loads that gave up behind a failing store do not read once it works again', async () => {
  const world = createWorld({ limits: { loadMsMax: 500 } })
  const ada = new FakeClient(world, 'doc')
  await world.pass(1)
  world.steered.appendFails = new StoreError('full', 'no space')
  ada.text.insert(0, 'kept')
  await world.pass(200)
  world.hub.room(named('doc'))?.condemn('internal', 'a bug')
  for (let i = 0; i < 5; i++) {
    const client = new FakeClient(world, 'doc')
    await world.pass(600)
    expect(client.transport.closed?.code).toBe(4503)
  }
  world.steered.appendFails = undefined
  await world.pass(6_000)
  expect(world.ports.counters.loads).toBe(1)
  expect(await storedText(world.steered.inner, 'doc')).toBe('kept')
  expect(world.hub.rooms).toEqual([])
})

test('[RM8] when the first who comes in breaks the room, those who waited with it are closed too', async () => {
  const world = createWorld()
  world.steered.isHoldingOpens = true
  const clients = [1, 2, 3].map(() => new FakeClient(world, 'doc'))
  const room = world.hub.room(named('doc'))
  if (!room) throw new Error('no room')
  room.receive = () => {
    throw new Error('a bug')
  }
  world.steered.letOpen()
  await world.pass(10)
  expect(clients.map(({ transport }) => transport.closed?.code)).toEqual([1011, 1011, 1011])
  expect([room.sessionCount, world.hub.access.sessionCount]).toEqual([0, 0])
  expect(world.hub.rooms).toEqual([])
})

test('[RM15] a new document that gets no lineage is not loaded, and is made when there is randomness again', async () => {
  const world = createWorld({ idleMs: 50 })
  const { random } = world.ports
  const draw = random.bytes.bind(random)
  // A session's id is shorter.
  random.bytes = (count) => {
    if (count === 22) throw new Error('no randomness')
    return draw(count)
  }
  const ada = new FakeClient(world, 'doc')
  ada.text.insert(0, 'never taken')
  await world.pass(500)
  expect(ada.transport.closed?.code).toBe(4503)
  expect([world.hub.rooms, world.clock.timerCount]).toEqual([[], 0])
  random.bytes = draw
  const ben = new FakeClient(world, 'doc')
  await world.pass(1)
  ben.text.insert(0, 'taken')
  await world.pass(300)
  expect(await storedText(world.steered.inner, 'doc')).toBe('taken')
})

test('[RM15] a timer of one room that throws ends that room only', async () => {
  const world = createWorld({ limits: { loadMsMax: 500 } })
  const good = new FakeClient(world, 'good')
  await world.pass(1)
  world.steered.isHoldingOpens = true
  const bad = new FakeClient(world, 'bad')
  bad.transport.end = () => {
    throw new Error('the socket broke')
  }
  await world.pass(600)
  expect(world.hub.rooms.map(({ document }) => document)).toEqual(['good'])
  good.text.insert(0, 'here')
  await world.pass(300)
  expect(await storedText(world.steered.inner, 'good')).toBe('here')
})

test('[RM15] a guarded clock runs the timers after one that throws, and tells of it', () => {
  const manual = createManualClock()
  const told: unknown[] = []
  const ran: string[] = []
  const clock = guardedClock(manual, (error) => told.push(error))
  const fault = new Error('a bug')
  clock.after(10, () => {
    throw fault
  })
  clock.after(10, () => ran.push('next'))
  manual.advance(20)
  expect([told, ran]).toEqual([[fault], ['next']])
})

type Mode = 'throws' | 'rejects' | 'hangs'
const modes: readonly Mode[] = ['throws', 'rejects', 'hangs']
const ports = ['authorize', 'open', 'append', 'compact', 'compactor', 'log'] as const
type Port = (typeof ports)[number] | 'random'
const cases: { port: Port; mode: Mode }[] = ports.flatMap((port) =>
  modes.map((mode) => ({ port, mode })),
)
// Answers at once, so there is nothing to wait for.
cases.push({ port: 'random', mode: 'throws' })

test.each(cases)(
  '[RM15] $port that $mode leaves the process and the other room at work, and is used again when it works',
  async ({ port, mode }) => {
    let isFaulty = false
    let faultCount = 0
    const hanging: (() => void)[] = []
    /** Fails as it is told when `at` is the port in question. */
    const fault = (at: Port, isConcerned = true): Promise<never> | undefined => {
      if (at !== port || !isFaulty || !isConcerned) return undefined
      faultCount += 1
      if (mode === 'throws') throw new Error('a port broke')
      if (mode === 'rejects') return Promise.reject(new Error('a port broke'))
      return new Promise((_, reject) => hanging.push(() => reject(new Error('given up'))))
    }
    const inner = createMemoryStore()
    const store = {
      ...inner,
      open: (...[document]: Parameters<typeof inner.open>) =>
        fault('open', document === 'bad') ?? inner.open(document),
      append: (...[batch]: Parameters<typeof inner.append>) =>
        fault(
          'append',
          batch.some(({ document }) => document === 'bad'),
        ) ?? inner.append(batch),
      compact: (...[document, ...rest]: Parameters<typeof inner.compact>) =>
        fault('compact', document === 'bad') ?? inner.compact(document, ...rest),
      authors: inner.authors.bind(inner),
      create: inner.create.bind(inner),
      describe: inner.describe.bind(inner),
      rename: inner.rename.bind(inner),
      list: inner.list.bind(inner),
      delete: inner.delete.bind(inner),
      verify: inner.verify.bind(inner),
      close: inner.close.bind(inner),
    }
    // An async function fits where nothing is expected back.
    const say = (): void => fault('log') as unknown as void
    const log = {
      ...silentLog,
      debug: say,
      info: say,
      warn: say,
      error: say,
      channel: () => log,
    }
    const host = await startHost({
      store,
      log,
      compactor: {
        compact: (job) => fault('compactor') ?? Promise.resolve(compactDocument(job)),
        close: () => Promise.resolve(),
      },
      random: {
        unit: () => systemRandom.unit(),
        bytes: (count) => {
          void fault('random')
          return systemRandom.bytes(count)
        },
      },
      authorize: (request) =>
        fault('authorize', request.document === 'bad') ?? allowEverybody(request),
      programs: 'any',
      limits: { authorizeMsMax: 100, loadMsMax: 100, compactMsMax: 100 },
      idleMs: 100,
    })
    const [ada, ben] = [
      await RawClient.join(`${host.url}/good`),
      await RawClient.join(`${host.url}/good`),
    ]
    isFaulty = true
    const bad = await RawClient.open(`${host.url}/bad`, { protocols: ['quire.v1'] })
    bad.text.insert(0, 'x'.repeat(100_000))
    await until('the port was at fault', () => faultCount > 0)
    ada.text.insert(0, 'good')
    await until('the other room works', () => ben.text.toJSON() === 'good')
    isFaulty = false
    for (const giveUp of hanging) giveUp()
    await until('it is saved', async () => (await storedText(inner, 'good')) === 'good')
    expect([ada.closed, ben.closed]).toEqual([undefined, undefined])
    const again = await RawClient.join(`${host.url}/bad`)
    again.text.insert(0, 'again')
    await until('the document works', async () =>
      (await storedText(inner, 'bad')).includes('again'),
    )
    await host.close()
  },
)

import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { encodeStep1 } from '@quire/protocol'
import { expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { named } from '../../test/harness.ts'
import { allowEverybody } from '../access/access.ts'
import { createWorld, turns, type World } from '../../test/world.ts'
import { Connection } from './connection.ts'
import { Heartbeat } from './heartbeat.ts'

/** A socket without a network: what is written to it, and what was done to it. */
class FakeSocket extends EventEmitter {
  readonly OPEN = 1
  readonly extensions = ''
  readyState = 1
  bufferedAmount = 0
  pings = 0
  isTerminated = false
  readonly sent: { readonly frame: Uint8Array; readonly atMs: number }[] = []
  readonly #nowMs: () => number

  constructor(nowMs: () => number) {
    super()
    this.#nowMs = nowMs
  }

  send(frame: Uint8Array): void {
    this.sent.push({ frame: Uint8Array.from(frame), atMs: this.#nowMs() })
  }

  ping(): void {
    this.pings += 1
  }

  terminate(): void {
    this.isTerminated = true
  }
}

interface Connected {
  readonly socket: FakeSocket
  readonly connection: Connection
}

/** Opens with `first`; by default as y-websocket does. */
async function connect(world: World, first?: Uint8Array): Promise<Connected> {
  const connected = dial(world)
  say(connected, first)
  await world.pass(100)
  return connected
}

function say({ socket }: Connected, frame: Uint8Array = encodeStep1(Uint8Array.of(0))): void {
  socket.emit('message', Buffer.from(frame), true)
}

/** A connection on which nothing was said yet. */
function dial(world: World): Connected {
  const socket = new FakeSocket(() => world.clock.nowMs())
  const connection = new Connection({
    ws: socket as unknown as WebSocket,
    socket: Object.assign(new EventEmitter(), {
      cork: () => undefined,
      uncork: () => undefined,
    }) as unknown as Socket,
    document: named('doc'),
    isQuire: false,
    request: { token: undefined, headers: {}, address: '' },
    lineageOf: () => undefined,
    hub: world.hub,
    ports: world.ports,
    onGone: () => undefined,
  })
  return { socket, connection }
}

test('[HB1] a socket to which nothing was written hears something at least every 15 s, a busy one nothing extra', async () => {
  const world = createWorld()
  const [idle, busy] = [await connect(world), await connect(world)]
  const heartbeat = new Heartbeat(world.clock, () => [idle.connection, busy.connection])
  const before = busy.socket.sent.length
  for (let i = 0; i < 120; i++) {
    // A question for what the client has: answered with one frame.
    busy.socket.emit('message', Buffer.from(encodeStep1(Uint8Array.of(0))), true)
    world.clock.advance(1_000)
  }
  const heardMs = idle.socket.sent.map(({ atMs }) => atMs)
  for (const [i, ms] of heardMs.entries()) {
    if (i > 0) expect(ms - (heardMs[i - 1] ?? 0)).toBeLessThanOrEqual(15_000)
  }
  expect(heardMs.length).toBeGreaterThan(8)
  expect(idle.socket.sent.at(-1)?.frame).toEqual(Uint8Array.of(1, 1, 0))
  expect(busy.socket.sent.length - before).toBe(120)
  heartbeat.stop()
})

test('[HB1] one that goes on being quiet is written to no more often than that takes', async () => {
  const world = createWorld()
  const { socket, connection } = await connect(world)
  const heartbeat = new Heartbeat(world.clock, () => [connection])
  world.clock.advance(60_000)
  const before = socket.sent.length
  for (let i = 0; i < 10; i++) {
    world.clock.advance(14_000)
    socket.emit('pong')
  }
  expect(socket.sent.length - before).toBe(10)
  heartbeat.stop()
})

test('[HB1] a Hocuspocus socket hears something at least every 15 s, also when all its documents are detached', async () => {
  const world = createWorld()
  const token = Buffer.from('03646f630200026f6b', 'hex')
  const { socket, connection } = await connect(world, token)
  const heartbeat = new Heartbeat(world.clock, () => [connection])
  for (const frame of [Buffer.from('', 'hex'), Buffer.from('03646f6307', 'hex')]) {
    if (frame.length > 0) socket.emit('message', frame, true)
    const before = socket.sent.length
    for (let i = 0; i < 60; i++) {
      world.clock.advance(1_000)
      socket.emit('pong')
    }
    const heard = socket.sent.slice(before)
    expect(heard.length).toBeGreaterThan(3)
    for (const [i, { atMs }] of heard.entries()) {
      if (i > 0) expect(atMs - (heard[i - 1]?.atMs ?? 0)).toBeLessThanOrEqual(15_000)
    }
    expect(Buffer.from(heard.at(-1)?.frame ?? []).toString('hex')).toBe('03646f63010100')
  }
  heartbeat.stop()
})

test('[HB2] a peer that answers no ping is ended, one that answers stays', async () => {
  const world = createWorld()
  const [dead, alive] = [await connect(world), await connect(world)]
  const heartbeat = new Heartbeat(world.clock, () => [dead.connection, alive.connection])
  for (let i = 0; i < 30; i++) {
    world.clock.advance(7_000)
    alive.socket.emit('pong')
  }
  expect(dead.socket.isTerminated).toBe(true)
  expect(alive.socket.isTerminated).toBe(false)
  expect(alive.socket.pings).toBeGreaterThan(3)
  heartbeat.stop()
})

test('[HB3] many connections have the timers that a few have, whatever they are doing', async () => {
  const timersOf = async (count: number): Promise<Record<string, number>> => {
    const answers: (() => void)[] = []
    const world = createWorld({
      authorize: (request) =>
        new Promise((resolve) => answers.push(() => resolve(allowEverybody(request)))),
    })
    const { clock } = world
    const all = Array.from({ length: count }, () => dial(world))
    const heartbeat = new Heartbeat(clock, () => all.map(({ connection }) => connection))
    const timers: Record<string, number> = { connecting: clock.timerCount }
    for (const one of all) say(one)
    timers['waiting for access'] = clock.timerCount
    for (const answer of answers) answer()
    await turns(40)
    timers['joined'] = clock.timerCount
    await world.pass(5_000)
    timers['quiet'] = clock.timerCount
    expect(all.every(({ socket }) => socket.sent.length > 0)).toBe(true)
    heartbeat.stop()
    return timers
  }
  const [few, many] = [await timersOf(3), await timersOf(150)]
  expect(many).toEqual(few)
  expect(Math.max(...Object.values(few))).toBeLessThan(6)
})

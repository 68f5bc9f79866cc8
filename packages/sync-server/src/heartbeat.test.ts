import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { encodeStep1 } from '@quire/protocol'
import { expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { named } from '../test/harness.ts'
import { createWorld, type World } from '../test/world.ts'
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

async function connect(world: World): Promise<{ socket: FakeSocket; connection: Connection }> {
  const socket = new FakeSocket(() => world.clock.nowMs())
  const connection = new Connection({
    ws: socket as unknown as WebSocket,
    socket: new EventEmitter() as Socket,
    document: named('doc'),
    isQuire: false,
    request: { token: undefined, headers: {}, address: '' },
    hub: world.hub,
    ports: world.ports,
    onGone: () => undefined,
  })
  socket.emit('message', Buffer.from(encodeStep1(Uint8Array.of(0))), true)
  await world.pass(100)
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

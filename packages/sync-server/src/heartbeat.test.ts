import { createManualClock } from '@quire/testkit'
import { expect, test } from 'vitest'
import { FakeTransport } from '../test/world.ts'
import type { Connection } from './connection.ts'
import { Heartbeat } from './heartbeat.ts'
import { Outbox } from './outbox.ts'

function fakeConnection(clock: ReturnType<typeof createManualClock>) {
  const transport = new FakeTransport()
  const limits = { outboxBytesSoft: 1_000, outboxBytesMax: 1_000, behindMsMax: 60_000 }
  const seen = { pings: 0, isTerminated: false, overloads: 0 }
  const outbox = new Outbox({ transport, clock, limits, onOverload: () => (seen.overloads += 1) })
  const connection = {
    session: { outbox },
    hasHeard: true,
    missCount: 0,
    ping: () => (seen.pings += 1),
    terminate: () => (seen.isTerminated = true),
  }
  return { connection: connection as unknown as Connection, outbox, transport, seen }
}

test('[HB1] a socket to which nothing was written hears something at least every 15 s, a busy one nothing extra', () => {
  const clock = createManualClock()
  const [idle, busy] = [fakeConnection(clock), fakeConnection(clock)]
  const heartbeat = new Heartbeat(clock, () => [idle.connection, busy.connection])
  const heardMs: number[] = [clock.nowMs()]
  idle.transport.onFrame = () => heardMs.push(clock.nowMs())
  for (let i = 0; i < 120; i++) {
    busy.outbox.saved(i)
    clock.advance(1_000)
  }
  for (const [i, ms] of heardMs.entries()) {
    if (i > 0) expect(ms - (heardMs[i - 1] ?? 0)).toBeLessThanOrEqual(15_000)
  }
  expect(heardMs.length).toBeGreaterThan(8)
  expect(idle.transport.sent[0]).toEqual(Uint8Array.of(1, 1, 0))
  expect(busy.transport.sent).toHaveLength(120)
  heartbeat.stop()
  expect(clock.timerCount).toBe(0)
})

test('[HB2] a peer that answers no ping is ended, one that answers stays', () => {
  const clock = createManualClock()
  const [dead, alive] = [fakeConnection(clock), fakeConnection(clock)]
  const heartbeat = new Heartbeat(clock, () => [dead.connection, alive.connection])
  for (let i = 0; i < 30; i++) {
    clock.advance(7_000)
    alive.connection.hasHeard = true
  }
  expect(dead.seen.isTerminated).toBe(true)
  expect(alive.seen.isTerminated).toBe(false)
  expect(alive.seen.pings).toBeGreaterThan(3)
  heartbeat.stop()
})

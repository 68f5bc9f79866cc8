import { silentLog } from '@quire/base'
import { type CloseName, defaultLimits, type Limits } from '@quire/protocol'
import { createManualClock, type ManualClock } from '@quire/testkit'
import { expect, test } from 'vitest'
import { type GatedSocket, SocketGate } from './rate-gate.ts'
import { RateLimiter } from './rate-limiter.ts'

const everything = { bytesPerSecond: 1e9, bytesBurst: 1e9 }
const socketRate = { framesPerSecond: 10, framesBurst: 20, ...everything }

/** A socket that notes what its gate has it do. */
class FakeSocket implements GatedSocket {
  readonly gate: SocketGate
  isPaused = false
  pauseCount = 0
  closed: CloseName | undefined = undefined

  constructor(limiter: RateLimiter, address = '203.0.113.1') {
    this.gate = new SocketGate(limiter, address, this)
  }
  pause(): void {
    this.isPaused = true
    this.pauseCount += 1
  }
  resume(): void {
    this.isPaused = false
  }
  close(name: CloseName): void {
    this.closed ??= name
    this.gate.closing()
  }
}

function world(limits: Partial<Limits> = {}): { clock: ManualClock; limiter: RateLimiter } {
  const clock = createManualClock()
  const all = { ...defaultLimits, socketRate, ...limits }
  return { clock, limiter: new RateLimiter({ clock, limits: all, log: silentLog }) }
}

/** Sends one frame of `byteCount` bytes as it would come from the network. */
function send({ gate }: FakeSocket, byteCount: number): boolean {
  gate.chunk(byteCount)
  return gate.frame(byteCount)
}

test('[RT4] a burst over the rate is read after a pause, and all of it', () => {
  const { clock, limiter } = world()
  const socket = new FakeSocket(limiter)
  socket.gate.granted()
  for (let i = 0; i < 25; i++) expect(send(socket, 10)).toBe(true)
  expect(socket.isPaused).toBe(true)
  clock.advance(400)
  expect(socket.isPaused).toBe(true)
  clock.advance(150)
  expect(socket.isPaused).toBe(false)
  expect(socket.pauseCount).toBe(1)
  expect(socket.closed).toBeUndefined()
  socket.gate.ended()
  expect(clock.timerCount).toBe(0)
})

/** Sends `perSecond` frames a second for as long as the socket is read; returns after how many seconds it was closed. */
function flood(socket: FakeSocket, clock: ManualClock, perSecond: number, seconds: number): number {
  for (let second = 0; second < seconds; second++) {
    for (let i = 0; i < perSecond; i++) {
      if (!socket.isPaused && !socket.closed) send(socket, 10)
      clock.advance(1_000 / perSecond)
    }
    if (socket.closed) return second
  }
  return seconds
}

test('[RT4] who sends faster than it may for a minute is closed, who does so in bursts is not', () => {
  const { clock, limiter } = world()
  const flooder = new FakeSocket(limiter)
  flooder.gate.granted()
  const seconds = flood(flooder, clock, 200, 120)
  expect(flooder.closed).toBe('rateLimited')
  expect(seconds).toBeGreaterThanOrEqual(55)
  expect(seconds).toBeLessThan(70)

  const bursty = new FakeSocket(limiter, '203.0.113.2')
  bursty.gate.granted()
  for (let i = 0; i < 20; i++) {
    flood(bursty, clock, 60, 1)
    clock.advance(20_000)
  }
  expect(bursty.closed).toBeUndefined()
  expect(bursty.pauseCount).toBeGreaterThanOrEqual(20)
})

test('[RT4] nobody is closed for what others send', () => {
  const { clock, limiter } = world()
  const socket = new FakeSocket(limiter)
  socket.gate.granted()
  for (let second = 0; second < 300; second++) {
    socket.gate.slow(900, false)
    expect(socket.isPaused).toBe(true)
    clock.advance(1_000)
    expect(socket.isPaused).toBe(false)
  }
  expect(socket.closed).toBeUndefined()
})

test('[RT4] a flood of pings is not answered beyond the rate, and stops the reading', () => {
  const { limiter } = world()
  const socket = new FakeSocket(limiter)
  socket.gate.granted()
  let answered = 0
  for (let i = 0; i < 100; i++) if (socket.gate.control()) answered += 1
  expect(answered).toBe(2)
  expect(socket.isPaused).toBe(true)
})

test('[RT8] without a grant a socket ends in time, however busy it is; one that says nothing, sooner', () => {
  const { clock, limiter } = world({ firstFrameMsMax: 10_000, firstGrantMsMax: 20_000 })
  const silent = new FakeSocket(limiter)
  const busy = new FakeSocket(limiter, '203.0.113.2')
  const granted = new FakeSocket(limiter, '203.0.113.3')
  const late = new FakeSocket(limiter, '203.0.113.4')
  const closed = () => [silent, busy, granted, late].map((socket) => socket.closed)
  for (const socket of [busy, granted]) send(socket, 5)
  // A piece of a frame is not yet a word.
  silent.gate.chunk(1)
  clock.advance(9_900)
  expect(closed()).toEqual([undefined, undefined, undefined, undefined])
  granted.gate.granted()
  send(late, 5)
  for (let i = 0; i < 9; i++) {
    send(busy, 5)
    clock.advance(1_000)
  }
  expect(closed()).toEqual(['silent', undefined, undefined, undefined])
  clock.advance(1_200)
  expect(closed()).toEqual(['silent', 'silent', undefined, 'silent'])
  expect(clock.timerCount).toBe(0)
})

test('[RT8] a grant that comes while the socket waits for its rate does not leave it waiting', () => {
  const { clock, limiter } = world()
  const socket = new FakeSocket(limiter)
  for (let i = 0; i < 30; i++) send(socket, 1)
  expect(socket.isPaused).toBe(true)
  socket.gate.granted()
  clock.advance(2_000)
  expect(socket.isPaused).toBe(false)
})

test('[RT8] without a grant a socket may send so many bytes and frames, whole or not', () => {
  const { limiter } = world({
    openingBytesPerSocketMax: 10_000,
    openingFramesPerSocketMax: 5,
    socketRate: defaultLimits.socketRate,
  })
  const large = new FakeSocket(limiter)
  large.gate.chunk(9_000)
  expect(large.closed).toBeUndefined()
  large.gate.chunk(2_000)
  expect(large.closed).toBe('overloaded')
  const many = new FakeSocket(limiter)
  for (let i = 0; i < 5; i++) expect(send(many, 1)).toBe(true)
  expect(send(many, 1)).toBe(false)
  expect(many.closed).toBe('overloaded')
  // Single bytes cost what they cost us.
  const dripping = new FakeSocket(limiter)
  for (let i = 0; i < 40; i++) dripping.gate.chunk(1)
  expect(dripping.closed).toBe('overloaded')
  expect(limiter.openingBytes).toBe(0)
})

test('[RT8] when those who are nobody yet hold too much together, the large ones go and newcomers come in', () => {
  const { limiter } = world({ openingBytesMaxTogether: 500_000 })
  const hogs = Array.from({ length: 40 }, () => new FakeSocket(limiter))
  for (const hog of hogs) for (let i = 0; i < 20; i++) if (!hog.closed) hog.gate.chunk(1_000)
  expect(hogs.some(({ closed }) => closed === 'overloaded')).toBe(true)
  const newcomer = new FakeSocket(limiter)
  newcomer.gate.chunk(8_000)
  expect(newcomer.closed).toBeUndefined()
  expect(limiter.openingBytes).toBeLessThan(500_000 + 40 * 1_000 + 8_000)
  for (const { gate } of [...hogs, newcomer]) gate.ended()
  expect(limiter.openingBytes).toBe(0)
})

test('[RT9] messages that never end are bounded together', () => {
  const { limiter } = world({ unfinishedBytesMax: 1_000_000 })
  const sockets = Array.from({ length: 30 }, () => new FakeSocket(limiter))
  for (const { gate } of sockets) gate.granted()
  for (let i = 0; i < 10; i++) for (const { gate } of sockets) gate.chunk(10_000)
  expect(limiter.unfinishedBytes).toBeLessThanOrEqual(1_010_000)
  expect(sockets.filter(({ closed }) => closed === 'overloaded').length).toBeGreaterThan(15)
  const honest = sockets.filter(({ closed }) => !closed)
  for (const { gate } of honest) gate.frame(100_000)
  expect(limiter.unfinishedBytes).toBe(0)
})

test('[RT4] a socket that is being closed is read for its goodbye, and not for more', () => {
  const { limiter, clock } = world()
  const socket = new FakeSocket(limiter)
  socket.gate.granted()
  for (let i = 0; i < 30; i++) send(socket, 1)
  socket.close('malformed')
  expect(socket.isPaused).toBe(false)
  expect(send(socket, 100_000)).toBe(false)
  expect(socket.isPaused).toBe(false)
  socket.gate.chunk(40_000_000)
  expect(socket.isPaused).toBe(true)
  clock.advance(60_000)
  expect(socket.isPaused).toBe(true)
  expect(limiter.unfinishedBytes).toBe(0)
  socket.gate.ended()
  expect(clock.timerCount).toBe(0)
})

test('[RT7] connections, those that are nobody yet, and attempts are counted by address', () => {
  const { limiter, clock } = world({
    connectionsPerAddressMax: 3,
    openingPerAddressMax: 2,
    knockRate: { ...socketRate, framesBurst: 4 },
  })
  const address = '2001:db8::1'
  const first = [1, 2].map(() => new FakeSocket(limiter, address))
  expect(limiter.mayEnter('2001:db8::2')).toBe(false)
  expect(limiter.mayEnter('2001:db9::2')).toBe(true)
  first[0]?.gate.granted()
  first[0]?.gate.granted()
  expect(limiter.mayEnter(address)).toBe(true)
  const third = new FakeSocket(limiter, address)
  third.gate.granted()
  expect(limiter.mayEnter(address)).toBe(false)
  for (const { gate } of [...first, third]) {
    gate.ended()
    gate.ended()
  }
  expect(limiter.mayEnter(address)).toBe(true)

  const knocks = Array.from({ length: 10 }, () => limiter.mayKnock(address))
  expect(knocks.filter(Boolean).length).toBe(4)
  clock.advance(1_000)
  expect(limiter.mayKnock(address)).toBe(true)
  expect(Array.from({ length: 50 }, () => limiter.mayKnock('127.0.0.1'))).not.toContain(false)
})

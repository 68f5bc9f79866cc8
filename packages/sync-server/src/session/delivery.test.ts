/** How frames get to a session: pacing, outbox, acks, wire frames. */
import { createManualClock, createSeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import * as ws from 'ws'
import { quire } from '../client/dialect.ts'
import { FakeTransport } from '../../test/world.ts'
import { AckLedger } from './ack-ledger.ts'
import { wireFrame } from './frame-writer.ts'
import { Outbox } from './outbox.ts'
import { Pacer } from '../pacer.ts'

test('[DL1] a task runs at once when quiet, and takes no more than its share when asked for all the time', () => {
  const clock = createManualClock()
  let runs = 0
  const pacer = new Pacer({
    clock,
    atTurnEnd: (task) => task(),
    share: 0.25,
    waitMsMax: 1_000,
    task: () => {
      runs += 1
      clock.advance(2)
    },
  })
  pacer.request(0)
  expect(runs).toBe(1)
  for (let i = 0; i < 1_000; i++) {
    pacer.request(0)
    clock.advance(1)
  }
  // 2 ms of work in every 8.
  expect(runs).toBeGreaterThan(100)
  expect(runs).toBeLessThan(130)
  clock.advance(100)
  const before = runs
  pacer.request(0)
  expect(runs).toBe(before + 1)
  pacer.stop()
  expect(clock.timerCount).toBe(0)
})

test('[DL1] an expensive run delays the next one by no more than the bound; an urgent request skips the gap', () => {
  const clock = createManualClock()
  const starts: number[] = []
  const pacer = new Pacer({
    clock,
    atTurnEnd: (task) => task(),
    share: 0.01,
    waitMsMax: 80,
    task: () => {
      starts.push(clock.nowMs())
      if (starts.length === 1) clock.advance(30)
    },
  })
  pacer.request(50)
  pacer.request(50)
  clock.advance(200)
  expect(starts).toEqual([1_000, 1_110])
  pacer.request(50)
  expect(starts).toHaveLength(3)
  pacer.request(50)
  expect(starts).toHaveLength(3)
  pacer.request(0)
  expect(starts).toHaveLength(4)
})

function outboxWith(limits: {
  outboxBytesSoft: number
  outboxBytesMax: number
  behindMsMax: number
}) {
  const transport = new FakeTransport()
  const clock = createManualClock()
  const overloads: string[] = []
  const outbox = new Outbox({
    transport,
    dialect: quire,
    clock,
    limits,
    onOverload: (why) => overloads.push(why),
  })
  return { transport, clock, overloads, outbox }
}

const limits = { outboxBytesSoft: 100, outboxBytesMax: 1_000, behindMsMax: 60_000 }
const frameOf = (length: number) => wireFrame(new Uint8Array(length))

test('[DL2] past the soft bound a session gets no more frames, but a catch-up from its cursor, part by part', () => {
  const { transport, outbox, overloads } = outboxWith(limits)
  transport.isStalled = true
  for (let row = 0; row < 10; row++) outbox.document(frameOf(40), row)
  expect(transport.bufferedBytes).toBe(120)
  expect(outbox.state).toMatchObject({ kind: 'behind', cursor: 3 })
  outbox.presence([new Uint8Array(500)], 5)
  expect(transport.bufferedBytes).toBe(120)
  expect(outbox.mayAnswer(Uint8Array.of(1), 9)).toBe(false)
  expect(outbox.mayAnswer(Uint8Array.of(2), 9)).toBe(false)
  outbox.saved(4)
  outbox.saved(9)
  transport.read()
  transport.isStalled = false
  outbox.drained()
  expect(outbox.state).toMatchObject({ cursor: 3, stateVector: Uint8Array.of(2) })
  expect(transport.sent.at(-1)).toEqual(Uint8Array.of(17, 9))
  const sentCount = transport.sent.length
  outbox.catchUp([frameOf(300)], 6, false)
  outbox.document(frameOf(40), 9)
  expect(transport.sent).toHaveLength(sentCount + 1)
  outbox.drained()
  expect(outbox.state).toMatchObject({ cursor: 6, stateVector: Uint8Array.of(2) })
  outbox.saved(11)
  outbox.catchUp([frameOf(40)], 10, true)
  expect(transport.sent.at(-1)).toEqual(Uint8Array.of(17, 11))
  outbox.document(frameOf(40), 10)
  expect(transport.sent).toHaveLength(sentCount + 4)
  expect(outbox.state.kind).toBe('flowing')
  expect(overloads).toEqual([])
})

test('[DL2] the first answer is not counted, later ones are', () => {
  const { transport, outbox } = outboxWith(limits)
  transport.isStalled = true
  expect(outbox.mayAnswer(Uint8Array.of(0), 7)).toBe(true)
  outbox.answer([frameOf(5_000), frameOf(5_000)])
  outbox.document(frameOf(40), 7)
  expect(outbox.state.kind).toBe('flowing')
  outbox.answer([frameOf(200)])
  expect(outbox.mayAnswer(Uint8Array.of(0), 8)).toBe(false)
  expect(outbox.state).toMatchObject({ kind: 'behind', cursor: 8 })
})

test('[DL2] a catch-up larger than the hard bound does not end the session that reads it', () => {
  const { transport, outbox, overloads } = outboxWith(limits)
  outbox.answer([frameOf(10)])
  outbox.fallBehind(1)
  outbox.drained()
  expect(outbox.state).toMatchObject({ cursor: 1 })
  transport.isStalled = true
  outbox.catchUp([frameOf(limits.outboxBytesMax * 2)], 2, true)
  outbox.control(frameOf(10))
  expect(overloads).toEqual([])
  transport.read()
  outbox.drained()
  for (let i = 0; i < 3; i++) outbox.answer([frameOf(limits.outboxBytesMax)])
  outbox.control(frameOf(10))
  expect(overloads).toEqual(['too much is unread'])
})

test('[DL3] a session over the hard bound, or behind for too long, is let go', () => {
  const one = outboxWith(limits)
  one.transport.isStalled = true
  for (let i = 0; i < 3; i++) one.outbox.control(frameOf(400))
  expect(one.overloads).toEqual(['too much is unread'])
  const two = outboxWith(limits)
  two.outbox.fallBehind(1)
  two.outbox.look(two.clock.nowMs() + 60_000)
  expect(two.overloads).toEqual([])
  two.outbox.look(two.clock.nowMs() + 60_001)
  expect(two.overloads).toEqual(['behind for too long'])
})

test('[DL4] acks are cumulative and in order; a held frame blocks them; duplicates share an entry', () => {
  const acks = new AckLedger()
  acks.note(0)
  expect(acks.stored(0)).toBe(1)
  expect(acks.stored(0)).toBeUndefined()
  acks.note(1)
  const held = acks.note(undefined)
  acks.note(2)
  expect(acks.stored(2)).toBe(2)
  held.row = 3
  expect(acks.stored(2)).toBeUndefined()
  expect(acks.stored(3)).toBe(4)
  for (let i = 0; i < 1_000; i++) acks.note(5)
  expect(acks.stored(4)).toBeUndefined()
  expect(acks.stored(5)).toBe(1_004)
  expect(acks.isWaiting).toBe(false)
})

/** Exported at run time; the published types leave it out. */
const { Sender } = ws as unknown as {
  Sender: { frame(data: Buffer, options: object): readonly Buffer[] }
}

test('[DL5] a wire frame is the frame that ws would write', () => {
  const random = createSeededRandom(1)
  for (const length of [0, 1, 125, 126, 127, 65_535, 65_536, 200_000]) {
    const message = random.bytes(length)
    const parts = Sender.frame(Buffer.from(message), {
      fin: true,
      opcode: 2,
      mask: false,
      readOnly: true,
      rsv1: false,
    })
    const frame = wireFrame(message)
    expect(frame.framed.equals(Buffer.concat(parts)), `${length}`).toBe(true)
    expect(Buffer.concat(frame.messages).equals(Buffer.from(message))).toBe(true)
  }
})

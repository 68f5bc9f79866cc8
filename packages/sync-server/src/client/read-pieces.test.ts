/** Read pieces beside the receiver of `ws` itself, so that what it holds is what it really holds. */
import type { Writable } from 'node:stream'
import { createSeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import * as ws from 'ws'
import { ReadPieces } from './read-pieces.ts'

/** The types do not know it. */
const { Receiver } = ws as unknown as {
  Receiver: new (options: { isServer: boolean }) => Writable
}

/** One masked frame as a client sends it; `opcode` 0 goes on with a message, and one without `isLast` is not its end. */
function clientFrame(payload: Uint8Array, opcode = 2, isLast = true): Buffer {
  const { length } = payload
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10)
  head[0] = (isLast ? 0x80 : 0) | opcode
  head[1] = 0x80 | (length < 126 ? length : length < 65_536 ? 126 : 127)
  if (head.length === 4) head.writeUInt16BE(length, 2)
  if (head.length === 10) head.writeUInt32BE(length, 6)
  const mask = Buffer.from([1, 2, 3, 4])
  const masked = Buffer.from(payload)
  for (let i = 0; i < length; i++) masked[i] = (masked[i] ?? 0) ^ (mask[i % 4] ?? 0)
  return Buffer.concat([head, mask, masked])
}

/** A receiver that is fed through pieces of their own buffers, as a socket's are. */
function reader() {
  const receiver = new Receiver({ isServer: true })
  const messages: Buffer[] = []
  receiver.on('message', (data: Buffer) => messages.push(Buffer.from(data)))
  const pieces = new ReadPieces({ _receiver: receiver } as unknown as ws.WebSocket)
  const given: Uint8Array[] = []
  const read = (bytes: Uint8Array): void => {
    const piece = Buffer.allocUnsafeSlow(bytes.length)
    piece.set(bytes)
    given.push(piece)
    receiver.write(piece)
    pieces.seen(piece)
  }
  const freedCount = () => given.filter(({ length }) => length === 0).length
  return { read, messages, given, freedCount }
}

const filled = (length: number, value: number): Buffer => Buffer.alloc(length, value)

test('[MB1] a piece is freed when its messages are whole, and not while one waits for its rest', () => {
  const { read, messages, freedCount } = reader()
  const frame = clientFrame(filled(100_000, 1))
  read(frame.subarray(0, 40_000))
  read(frame.subarray(40_000, 80_000))
  expect([messages.length, freedCount()]).toEqual([0, 0])
  read(frame.subarray(80_000))
  expect([messages.length, freedCount()]).toEqual([1, 3])
  read(Buffer.concat([clientFrame(filled(30_000, 2)), frame.subarray(0, 20)]))
  expect([messages.length, freedCount()]).toEqual([2, 3])
  read(frame.subarray(20))
  expect([messages.length, freedCount()]).toEqual([3, 5])
})

test('[MB1] the parts of a message that comes in several frames are left until it is whole', () => {
  const { read, messages, given } = reader()
  read(clientFrame(filled(30_000, 1), 2, false))
  read(clientFrame(filled(30_000, 2), 0, false))
  read(clientFrame(filled(30_000, 3), 0, true))
  expect(messages).toEqual([Buffer.concat([1, 2, 3].map((value) => filled(30_000, value)))])
  // Of the first two the library held views; they are left to the collector.
  expect(given.map(({ length }) => length > 0)).toEqual([true, true, false])
})

test('[MB1] however a stream is cut, every message is what was sent, and nothing is left behind', () => {
  for (let seed = 1; seed <= 12; seed++) {
    const random = createSeededRandom(seed)
    const { read, messages, given } = reader()
    const sent: Buffer[] = []
    const frames: Buffer[] = []
    for (let i = 0; i < 30; i++) {
      const message = filled(random.below(10) < 5 ? random.below(200) : random.below(90_000), i + 1)
      sent.push(message)
      const cut = random.below(message.length + 1)
      if (random.below(5) > 0) frames.push(clientFrame(message))
      else {
        const isPinged = random.below(2) === 0
        frames.push(clientFrame(message.subarray(0, cut), 2, false))
        if (isPinged) frames.push(clientFrame(filled(5, 9), 9))
        frames.push(clientFrame(message.subarray(cut), 0, true))
      }
    }
    const stream = Buffer.concat(frames)
    for (let at = 0; at < stream.length; ) {
      const end = Math.min(stream.length, at + 1 + random.below(65_536))
      read(stream.subarray(at, end))
      at = end
    }
    expect(
      messages.map(({ length }) => length),
      `seed ${seed}`,
    ).toEqual(sent.map(({ length }) => length))
    expect(Buffer.concat(messages).equals(Buffer.concat(sent)), `seed ${seed}`).toBe(true)
    expect(given.some(({ length }) => length === 0)).toBe(true)
  }
})

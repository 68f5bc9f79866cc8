/** The same stream of frames, read by `ws` alone and with the short way beside it. */
import { createHash } from 'node:crypto'
import { createSeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import * as library from 'ws'
import type { WebSocket } from 'ws'
import { readWholeFrames } from './whole-frames.ts'

interface Receiver {
  write(chunk: Buffer): boolean
  on(event: string, listener: (data: Buffer, isBinary?: boolean) => void): void
}

/** Exported by `ws`, and not in its types. */
const { Receiver: ReceiverOfWs } = library as unknown as {
  readonly Receiver: new (options: object) => Receiver
}

const frameBytesMax = 100_000

interface Heard {
  readonly receiver: Receiver
  readonly events: string[]
  /** How many messages came the short way. */
  shortCount: number
  readonly socket: { readyState: number }
}

function listener(isShort: boolean): Heard {
  const receiver = new ReceiverOfWs({ isServer: true, maxPayload: frameBytesMax })
  const socket = { readyState: 1, OPEN: 1, extensions: '', _receiver: receiver }
  const heard: Heard = { receiver, events: [], shortCount: 0, socket }
  const hear = (kind: string, data: Buffer): void => {
    heard.events.push(`${kind} ${data.length} ${createHash('sha1').update(data).digest('hex')}`)
  }
  receiver.on('message', (data, isBinary) => hear(isBinary ? 'binary' : 'text', data))
  receiver.on('ping', (data) => hear('ping', data))
  receiver.on('error', (error) => heard.events.push(String(error)))
  if (isShort) {
    readWholeFrames(socket as unknown as WebSocket, frameBytesMax, (data) => {
      heard.shortCount += 1
      hear('binary', data)
    })
  }
  return heard
}

const random = createSeededRandom(31)

function frame(first: number, length: number, mask: readonly number[]): Buffer {
  const body = Buffer.alloc(length)
  for (let i = 0; i < length; i++) body[i] = i ^ (mask[i & 3] ?? 0)
  const head = [first, 0x80 | Math.min(length, 126)]
  if (length >= 65_536) {
    head[1] = 0x80 | 127
    head.push(0, 0, 0, 0, 0, length >> 16, (length >> 8) & 255, length & 255)
  } else if (length >= 126) head.push(length >> 8, length & 255)
  return Buffer.concat([Buffer.from([...head, ...mask]), body])
}

const aMask = (): number[] => Array.from({ length: 4 }, () => random.below(256))

/** Mostly small messages, with everything else that a stream may hold in between. */
function someFrames(): readonly Buffer[] {
  const small = (): Buffer => frame(0x82, random.below(300), aMask())
  const kinds: readonly (() => Buffer)[] = [
    small,
    small,
    small,
    () => frame(0x82, 5_000 + random.below(9_000), aMask()),
    () => (random.below(4) === 0 ? frame(0x82, 65_536 + random.below(9_000), aMask()) : small()),
    () => frame(0x81, 20, [0, 0, 0, 0]),
    () => frame(0x89, random.below(100), aMask()),
    () =>
      Buffer.concat([frame(0x02, 9, aMask()), frame(0x89, 3, aMask()), frame(0x80, 7, aMask())]),
  ]
  return Array.from({ length: 12 }, () => kinds[random.below(kinds.length)]?.() ?? small())
}

/** The stream cut anywhere, or at the ends of frames. */
function cut(frames: readonly Buffer[], isAnywhere: boolean): readonly Buffer[] {
  const stream = Buffer.concat(frames)
  if (!isAnywhere) return frames.map((bytes) => Buffer.from(bytes))
  const chunks: Buffer[] = []
  for (let at = 0; at < stream.length; at += chunks.at(-1)?.length ?? 1) {
    chunks.push(Buffer.from(stream.subarray(at, at + 1 + random.below(8_000))))
  }
  return chunks
}

test('what is heard does not depend on how it is read, wherever the stream is cut', () => {
  let shortCount = 0
  for (let round = 0; round < 90; round++) {
    const frames = someFrames()
    const plain = listener(false)
    const short = listener(true)
    plain.receiver.write(Buffer.concat(frames))
    for (const chunk of cut(frames, round % 3 > 0)) short.receiver.write(chunk)
    expect(short.events, `round ${round}`).toEqual(plain.events)
    shortCount += short.shortCount
  }
  expect(shortCount).toBeGreaterThan(100)
})

test('what breaks a rule of the standard is refused as ever, and nothing after it is heard', () => {
  const message = frame(0x82, 3, aMask())
  const broken = [
    Buffer.from([0x82, 0x03, 1, 2, 3]),
    frame(0xc2, 3, aMask()),
    frame(0x80, 3, aMask()),
    frame(0x83, 3, aMask()),
    Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0x7f, 0, 0, 0, 0, 0, 0, 0]),
  ]
  for (const bytes of broken) {
    const stream = Buffer.concat([message, bytes, message])
    const [plain, short] = [listener(false), listener(true)]
    plain.receiver.write(Buffer.from(stream))
    short.receiver.write(Buffer.from(stream))
    expect(short.events).toEqual(plain.events)
    expect(short.shortCount).toBe(1)
  }
})

test('a socket that is being closed is read by the library alone', () => {
  const heard = listener(true)
  heard.socket.readyState = 2
  heard.receiver.write(frame(0x82, 3, aMask()))
  expect(heard.events).toHaveLength(1)
  expect(heard.shortCount).toBe(0)
})

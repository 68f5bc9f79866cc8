/**
 * Small messages, read without the machinery of a stream. `ws` takes every chunk of a socket through a
 * Writable, four cuts of a buffer and two emitters before anybody hears the message; for a letter or a
 * cursor that is more than what is done with it. Whole small messages at the beginning of a chunk are read
 * here, and the rest of the chunk goes to `ws` as ever.
 *
 * 1. Only while `ws` is between two messages and has nothing waiting: the order is that of the stream.
 * 2. Only binary messages in one masked frame. Control frames, fragments, text, and whatever breaks a rule
 *    of the standard, are for `ws` to judge.
 * 3. Where `ws` does not show what has to be seen, nothing is read here. That costs speed only.
 */
import type { WebSocket } from 'ws'

/** The parts of a `ws` receiver that its documentation does not promise. */
interface Receiver {
  readonly _state?: number
  readonly _bufferedBytes?: number
  /** The opcode of a message that has begun in a fragment; else 0. */
  readonly _fragmented?: number
  readonly writable: boolean
  readonly writableLength: number
  write(chunk: Buffer): boolean
}

interface Inside {
  readonly _receiver?: Receiver
}

/** Waiting for the head of a frame. */
const betweenFrames = 0
const finalBinary = 0x82
const maskBit = 0x80
/** Says that the length is in the next two bytes; one more, in the next eight. */
const longLength = 126
const maskBytes = 4
/** Larger messages are rarer, and unmasking them costs more than the way to it. */
const smallBytesMax = 4 * 1024

/**
 * Hands small whole messages to `onMessage` and does not emit them as `message`. They are views into what
 * was read, in the order in which they came; it must not throw.
 */
export function readWholeFrames(
  ws: WebSocket,
  frameBytesMax: number,
  onMessage: (message: Buffer) => void,
): void {
  const receiver = (ws as unknown as Inside)._receiver
  if (!receiver || ws.extensions !== '') return
  const bytesMax = Math.min(smallBytesMax, frameBytesMax)
  const others = receiver.write.bind(receiver)
  receiver.write = (chunk) => {
    let at = 0
    while (ws.readyState === ws.OPEN && isBetweenMessages(receiver)) {
      const message = messageAt(chunk, at, bytesMax)
      if (!message) break
      at = message.byteOffset - chunk.byteOffset + message.length
      onMessage(message)
      if (at === chunk.length) return true
    }
    return others(at === 0 ? chunk : chunk.subarray(at))
  }
}

function isBetweenMessages({
  _state,
  _bufferedBytes,
  _fragmented,
  writable,
  writableLength,
}: Receiver): boolean {
  return (
    _state === betweenFrames &&
    _bufferedBytes === 0 &&
    _fragmented === 0 &&
    writable &&
    writableLength === 0
  )
}

/** The message in the frame at `at`, unmasked where it lies; undefined when it is for others to read. */
function messageAt(chunk: Buffer, at: number, bytesMax: number): Buffer | undefined {
  if (chunk[at] !== finalBinary) return undefined
  const second = chunk[at + 1] ?? 0
  let length = second - maskBit
  let mask = at + 2
  if (length > longLength) return undefined
  if (length === longLength) {
    if (chunk.length < at + 4) return undefined
    length = chunk.readUInt16BE(at + 2)
    mask = at + 4
  }
  const from = mask + maskBytes
  if (length <= 0 || length > bytesMax || chunk.length < from + length) return undefined
  for (let i = 0; i < length; i++) {
    chunk[from + i] = (chunk[from + i] as number) ^ (chunk[mask + (i & 3)] as number)
  }
  return chunk.subarray(from, from + length)
}

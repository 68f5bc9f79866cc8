/**
 * WebSocket frames as a client sends them, and messages of the wire inside them. Is not a product's
 * encoder: the load must not change when the code under test does.
 *
 * A client masks what it sends. The mask here is zero, which is legal and leaves the bytes as they
 * are; for small frames taking it off costs the same. Large ones have a mask (`maskedFrame`), because
 * `ws` leaves out the work where it would change nothing.
 */
import type { Dialect } from './commands.ts'

const mask = [0x5a, 0x0f, 0xc3, 0x81] as const

/** One binary frame with `payload`, ready for the socket. */
export function binaryFrame(payload: Uint8Array): Buffer {
  return frame(0x82, payload)
}

/** The same with a mask that has to be taken off, as browsers send it. */
export function maskedFrame(payload: Uint8Array): Buffer {
  const bytes = binaryFrame(payload)
  const start = bytes.length - payload.length
  bytes.set(mask, start - mask.length)
  for (let i = 0; i < payload.length; i++) {
    bytes[start + i] = (payload[i] ?? 0) ^ (mask[i & 3] ?? 0)
  }
  return bytes
}

/** A frame of any first byte (FIN and opcode). */
export function frame(first: number, payload: Uint8Array): Buffer {
  const { length } = payload
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8
  const bytes = Buffer.alloc(2 + extended + 4 + length)
  bytes[0] = first
  if (extended === 0) bytes[1] = 0x80 | length
  else if (extended === 2) {
    bytes[1] = 0x80 | 126
    bytes.writeUInt16BE(length, 2)
  } else {
    bytes[1] = 0x80 | 127
    bytes.writeBigUInt64BE(BigInt(length), 2)
  }
  bytes.set(payload, 2 + extended + 4)
  return bytes
}

/** lib0's varUint. */
export function varUint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest >= 128) {
    bytes.push((rest % 128) | 0x80)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return bytes
}

export function varBytes(bytes: Uint8Array): Uint8Array {
  return concat([varUint(bytes.length), bytes])
}

export function varText(text: string): Uint8Array {
  return varBytes(Buffer.from(text, 'utf8'))
}

export function concat(parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const all = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** A state vector as Yjs encodes it. */
export function vectorOf(clocks: ReadonlyMap<number, number>): Uint8Array {
  const parts = [...clocks].flatMap(([client, clock]) => [...varUint(client), ...varUint(clock)])
  return Uint8Array.from([...varUint(clocks.size), ...parts])
}

const message = { sync: 0, presence: 1, auth: 2 } as const
const sync = { step1: 0, step2: 1, update: 2 } as const

/** Makes the frames of one connection in its dialect. */
export class FrameMaker {
  /** Bytes that stand before each message: Hocuspocus names the document in each of them. */
  readonly #prefix: Uint8Array

  constructor(dialect: Dialect, document: string) {
    this.#prefix = dialect === 'hocuspocus' ? varText(document) : new Uint8Array()
  }

  /** How many bytes of a frame from the server stand before the message. */
  get prefixBytes(): number {
    return this.#prefix.length
  }

  step1(vector: Uint8Array): Buffer {
    return this.#make([message.sync, sync.step1], varBytes(vector))
  }

  step2(update: Uint8Array): Buffer {
    return this.#make([message.sync, sync.step2], varBytes(update))
  }

  update(update: Uint8Array): Buffer {
    return this.#make([message.sync, sync.update], varBytes(update))
  }

  presence(entries: Uint8Array): Buffer {
    return this.#make([message.presence], varBytes(entries))
  }

  /** What a Hocuspocus client sends before anything else. */
  token(): Buffer {
    return this.#make([message.auth, 0], concat([varText('token'), varText('4.7.0')]))
  }

  #make(head: readonly number[], body: Uint8Array): Buffer {
    return binaryFrame(concat([this.#prefix, head, body]))
  }
}

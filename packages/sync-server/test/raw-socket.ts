/** A TCP connection that upgrades by hand, and then sends any bytes in any pieces: what no WebSocket library would. */
import { connect, type Socket } from 'node:net'
import { until } from '@quire/testkit'

const finalBit = 0x80
const maskedBit = 0x80
export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

/** A client's frame with a mask of zeros, so that the bytes on the wire are those of `payload`. */
export function clientFrame(
  payload: Uint8Array,
  kind: number = opcode.binary,
  isFinal = true,
): Buffer {
  return Buffer.concat([frameHead(payload.length, kind, isFinal), payload])
}

/** What stands before a payload of `length` bytes, whether these follow or not. */
export function frameHead(length: number, kind: number = opcode.binary, isFinal = true): Buffer {
  const first = (isFinal ? finalBit : 0) | kind
  const mask = [0, 0, 0, 0]
  if (length < 126) return Buffer.from([first, maskedBit | length, ...mask])
  if (length < 65_536) {
    return Buffer.from([first, maskedBit | 126, length >> 8, length & 255, ...mask])
  }
  const size = Buffer.alloc(8)
  size.writeBigUInt64BE(BigInt(length))
  return Buffer.from([first, maskedBit | 127, ...size, ...mask])
}

export class RawSocket {
  readonly socket: Socket
  isClosed = false
  /** The code of the server's close frame, when one came. */
  closeCode: number | undefined = undefined
  /** What the server answered to the upgrade. */
  status: number | undefined = undefined
  /** Frames that came, by their opcode. */
  readonly counts: Map<number, number> = new Map()
  #unread = Buffer.alloc(0)

  constructor(url: string) {
    const { hostname, port } = new URL(url)
    this.socket = connect(Number(port), hostname)
    this.socket.on('error', () => undefined)
    this.socket.on('close', () => {
      this.isClosed = true
    })
    this.socket.on('data', (chunk) => this.#read(chunk))
  }

  /** Connects and upgrades on `path`. */
  static async open(url: string, path: string, headers = ''): Promise<RawSocket> {
    const raw = new RawSocket(url)
    raw.socket.write(upgradeRequest(path, headers))
    await until('the upgrade is answered', () => raw.status !== undefined || raw.isClosed)
    return raw
  }

  count(kind: number): number {
    return this.counts.get(kind) ?? 0
  }

  send(bytes: Uint8Array): void {
    if (!this.socket.destroyed) this.socket.write(bytes)
  }

  /** Resolves when the operating system has taken everything that was sent, or the connection is over. */
  async sent(): Promise<void> {
    await until(
      'everything is sent',
      () => this.isClosed || this.socket.writableLength === 0,
      60_000,
    )
  }

  destroy(): void {
    this.socket.destroy()
  }

  #read(chunk: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, chunk])
    if (this.status === undefined) {
      const end = this.#unread.indexOf('\r\n\r\n')
      if (end < 0) return
      this.status = Number(this.#unread.subarray(9, 12).toString())
      this.#unread = this.#unread.subarray(end + 4)
    }
    for (;;) {
      const frame = serverFrame(this.#unread)
      if (!frame) return
      this.counts.set(frame.kind, this.count(frame.kind) + 1)
      if (frame.kind === opcode.close && frame.payload.length >= 2) {
        this.closeCode = frame.payload.readUInt16BE(0)
      }
      this.#unread = this.#unread.subarray(frame.size)
    }
  }
}

export function upgradeRequest(path: string, headers = ''): string {
  return (
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n${headers}\r\n`
  )
}

function serverFrame(bytes: Buffer): { kind: number; payload: Buffer; size: number } | undefined {
  if (bytes.length < 2) return undefined
  const kind = (bytes[0] ?? 0) & 15
  let length = (bytes[1] ?? 0) & 127
  let at = 2
  if (length === 126) {
    if (bytes.length < 4) return undefined
    length = bytes.readUInt16BE(2)
    at = 4
  } else if (length === 127) {
    if (bytes.length < 10) return undefined
    length = Number(bytes.readBigUInt64BE(2))
    at = 10
  }
  if (bytes.length < at + length) return undefined
  return { kind, payload: bytes.subarray(at, at + length), size: at + length }
}

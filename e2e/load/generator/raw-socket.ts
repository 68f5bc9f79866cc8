/**
 * A WebSocket client over a bare TCP socket. The load generator must cost less than the servers it
 * measures, so it reads frames where they lie in the buffer and builds no objects for them.
 *
 * 1. A frame given to `onFrame` is a view that is valid during the call only.
 * 2. Every socket reads into the same buffer: Node hands each read over before the next begins.
 * 3. Each socket comes from an address of its own, as people do: servers bound what one address may.
 * 4. Answers pings and the closing handshake; a fragmented message ends the socket with an error,
 *    because none of the servers sends one.
 */
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { frame } from './client-frame.ts'

export interface RawSocketOptions {
  readonly host: string
  readonly port: number
  /** Path of the request, percent-encoded. */
  readonly path: string
  readonly protocol: string | undefined
  /** The handshake is over. */
  readonly onOpen: () => void
  readonly onFrame: (frame: Uint8Array) => void
  /** The connection is over: the code of the close frame, 1006 without one. Called once. */
  readonly onClose: (code: number, reason: string) => void
}

const readBuffer = Buffer.allocUnsafe(1024 * 1024)
const endOfHead = Buffer.from('\r\n\r\n')
const noBytes = Buffer.alloc(0)

const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

/** Linux takes all of 127.0.0.0/8 for this machine. */
const hasManyAddresses = process.platform === 'linux'

function addressOf(index: number): string {
  return `127.${1 + ((index >> 16) % 200)}.${(index >> 8) & 255}.${index & 255}`
}

export class RawSocket {
  static #count = 0
  readonly #options: RawSocketOptions
  readonly #socket: Socket
  #isOpen = false
  #isClosed = false
  /** An incomplete frame, in the pieces in which it came. */
  #pieces: Buffer[] = []
  #pieceBytes = 0
  /** How many bytes the incomplete frame has in all; 0 while its header is incomplete too. */
  #wantedBytes = 0
  #closeCode = 1006
  #closeReason = ''
  bytesIn = 0

  constructor(options: RawSocketOptions) {
    this.#options = options
    const { host, port, path, protocol } = options
    this.#socket = connect({
      host,
      port,
      noDelay: true,
      ...(hasManyAddresses ? { localAddress: addressOf(RawSocket.#count++) } : {}),
      onread: {
        buffer: readBuffer,
        callback: (byteCount) => {
          this.#read(readBuffer.subarray(0, byteCount))
          return true
        },
      },
    })
    this.#socket.on('connect', () => {
      const offered = protocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]
      this.#socket.write(
        [
          `GET ${path} HTTP/1.1`,
          `Host: ${host}:${port}`,
          'Upgrade: websocket',
          'Connection: Upgrade',
          `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
          'Sec-WebSocket-Version: 13',
          ...offered,
          '\r\n',
        ].join('\r\n'),
      )
    })
    this.#socket.on('error', (error) => {
      this.#closeReason ||= error.message
    })
    this.#socket.on('close', () => this.#ended())
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Bytes given to `write` that the operating system has not taken. */
  get unsentBytes(): number {
    return this.#socket.writableLength
  }

  write(bytes: Uint8Array): void {
    this.#socket.write(bytes)
  }

  onDrain(call: () => void): void {
    this.#socket.once('drain', call)
  }

  /** Reads nothing more until {@link resume}: the peer's bytes stay in the operating system, then with the peer. */
  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  terminate(): void {
    this.#socket.destroy()
  }

  #ended(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#options.onClose(this.#closeCode, this.#closeReason)
  }

  #read(chunk: Buffer): void {
    this.bytesIn += chunk.length
    if (this.#pieceBytes > 0) {
      // Copied because the next read overwrites the buffer.
      this.#pieces.push(Buffer.from(chunk))
      this.#pieceBytes += chunk.length
      if (this.#pieceBytes < this.#wantedBytes) return
      const whole = Buffer.concat(this.#pieces, this.#pieceBytes)
      this.#keep(noBytes)
      this.#consume(whole)
    } else this.#consume(chunk)
  }

  #keep(rest: Buffer): void {
    this.#pieces = rest.length === 0 ? [] : [Buffer.from(rest)]
    this.#pieceBytes = rest.length
    this.#wantedBytes = 0
  }

  #consume(bytes: Buffer): void {
    let at = 0
    if (!this.#isOpen) {
      const end = bytes.indexOf(endOfHead)
      if (end < 0) {
        this.#keep(bytes)
        return
      }
      const status = bytes.subarray(0, bytes.indexOf(13)).toString('latin1')
      if (!status.includes(' 101 ')) {
        this.#closeReason = status
        this.#socket.destroy()
        return
      }
      this.#isOpen = true
      at = end + 4
      this.#options.onOpen()
    }
    while (at + 2 <= bytes.length) {
      const short = bytes[at + 1] as number
      let headBytes = 2
      let length = short
      if (short === 126) headBytes = 4
      else if (short === 127) headBytes = 10
      if (at + headBytes > bytes.length) break
      if (short === 126) length = bytes.readUInt16BE(at + 2)
      else if (short === 127) length = Number(bytes.readBigUInt64BE(at + 2))
      const end = at + headBytes + length
      if (end > bytes.length) {
        this.#keep(bytes.subarray(at))
        this.#wantedBytes = headBytes + length
        return
      }
      this.#take(bytes[at] as number, bytes.subarray(at + headBytes, end))
      if (this.#isClosed) return
      at = end
    }
    if (at < bytes.length) this.#keep(bytes.subarray(at))
  }

  #take(first: number, payload: Buffer): void {
    switch (first & 0x0f) {
      case opcode.binary:
        if ((first & 0x80) === 0) this.#fail('a message came in fragments')
        else this.#options.onFrame(payload)
        return
      case opcode.ping:
        this.write(frame(0x80 | opcode.pong, payload))
        return
      case opcode.close:
        if (payload.length >= 2) {
          this.#closeCode = payload.readUInt16BE(0)
          this.#closeReason = payload.subarray(2).toString('utf8')
        } else this.#closeCode = 1005
        this.write(frame(0x80 | opcode.close, payload.subarray(0, 2)))
        this.#socket.end()
        return
      case opcode.continuation:
        this.#fail('a message came in fragments')
        return
      default:
    }
  }

  #fail(why: string): void {
    this.#closeReason = why
    this.#socket.destroy()
  }
}

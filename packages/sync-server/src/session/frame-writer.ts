/**
 * WebSocket frames, made once and written to many sockets.
 *
 * Why beside `ws`: `ws.send` builds a header for every receiver and writes header and body as two
 * chunks under a cork. For a keystroke that goes to fifty people this is most of what the server does.
 * Here the frame is one buffer, made once, handed to each socket as it is.
 *
 * 1. A server's frames are unmasked and never compressed, so the same bytes are right for every socket.
 * 2. Raw bytes go out only while the socket is open and `ws` itself has nothing half-sent; otherwise
 *    the message takes the ordinary `ws.send`. Order is kept: both end in the same stream.
 * 3. A frame that was handed over is never changed.
 * 4. What is written while somebody gathers goes out in one write, in its order, however large it is.
 * 5. Bytes that the socket has not taken yet are lent to it (`lendBytes`): whose they are may free them at
 *    any time. What is gathered is lent already.
 */
import type { Socket } from 'node:net'
import { lendBytes } from '@quire/persistence'
import type { CloseName } from '@quire/protocol'
import { WebSocket } from 'ws'

/** One message, or several, each with its WebSocket header in front, ready for any socket. */
export interface WireFrame {
  readonly framed: Buffer
  /** The messages without their headers; views into `framed` or the buffers it was made of. */
  readonly messages: readonly Uint8Array[]
}

/** Bytes of first answers that may still be unread on a socket: as large as documents are, and not the reader's fault. */
export interface UnreadAnswers {
  bytes: number
}

/** What a session needs of whatever carries its frames. */
export interface Transport {
  /** Bytes handed over that the operating system has not taken yet. */
  readonly bufferedBytes: number
  /** Shared by the sessions of one socket; absent when it carries one session. */
  readonly answers?: UnreadAnswers
  /** Takes the frame or frames; does nothing when the socket is not open. */
  write(frame: WireFrame): void
  /** Takes one message that is given in pieces, in order, so that they need not be copied together. */
  writeParts(parts: readonly Uint8Array[]): void
  /** Runs `call`; what it writes goes out together when it returns. Absent: each write goes by itself. */
  gather?(call: () => void): void
  /** Says in the client's dialect that the session is over, and why. Nothing is written afterwards. */
  end(name: CloseName): void
}

/** A socket as those see it who carry sessions on it. */
export interface SharedSocket extends Omit<Transport, 'end' | 'answers'> {
  /** Starts the closing handshake. Nothing is written afterwards. */
  close(code: number, reason: string): void
}

const finalBinary = 0x82
/** Pieces of at most this many bytes are copied into one; larger ones go as they are. A system call costs as much as copying 50 KB. */
const copiedBytesMax = 16 * 1024

function headerSize(length: number): number {
  return length < 126 ? 2 : length < 65_536 ? 4 : 10
}

function writeHeader(target: Buffer, length: number): void {
  target[0] = finalBinary
  if (length < 126) {
    target[1] = length
  } else if (length < 65_536) {
    target[1] = 126
    target.writeUInt16BE(length, 2)
  } else {
    target[1] = 127
    target.writeUInt32BE(0, 2)
    target.writeUInt32BE(length, 6)
  }
}

/** Frames one message, given whole or in pieces, in order; their bytes are copied. */
export function wireFrame(...pieces: readonly Uint8Array[]): WireFrame {
  let length = 0
  for (const piece of pieces) length += piece.length
  const start = headerSize(length)
  const framed = Buffer.allocUnsafe(start + length)
  writeHeader(framed, length)
  let at = start
  for (const piece of pieces) {
    framed.set(piece, at)
    at += piece.length
  }
  return { framed, messages: [framed.subarray(start)] }
}

/** Several frames to be written at once, in order. */
export function joinFrames(frames: readonly WireFrame[]): WireFrame {
  const [only] = frames
  if (only && frames.length === 1) return only
  return {
    framed: Buffer.concat(frames.map(({ framed }) => framed)),
    messages: frames.flatMap(({ messages }) => messages),
  }
}

/** The parts of a `ws` socket that its documentation does not promise. Absent ones only cost speed. */
interface Inside {
  readonly _socket?: Socket
  readonly _sender?: { readonly _state?: number; readonly _queue?: readonly unknown[] }
}

/** What waits to be written. */
interface Piece {
  readonly bytes: Uint8Array
  /** To be called when the socket has taken it; undefined when nobody frees it. */
  readonly giveBack: (() => void) | undefined
}

/** The pieces as they are written: small neighbours copied into one, all others as they are. */
function runsOf(pieces: readonly Piece[]): readonly Piece[] {
  if (pieces.length === 1) return pieces
  const runs: Piece[] = []
  let run: Uint8Array[] = []
  const endRun = (): void => {
    if (run.length > 0) runs.push({ bytes: Buffer.concat(run), giveBack: undefined })
    run = []
  }
  for (const piece of pieces) {
    if (!piece.giveBack && piece.bytes.length <= copiedBytesMax) {
      run.push(piece.bytes)
    } else {
      endRun()
      runs.push(piece)
    }
  }
  endRun()
  return runs
}

/** The socket of one connection, over which one session or several are carried. */
export class SocketWriter implements SharedSocket {
  readonly #ws: WebSocket
  readonly #raw: Socket | undefined
  readonly #onClosing: () => void
  #gatherDepth = 0
  #gathered: Piece[] = []
  #gatheredBytes = 0

  /** `onClosing`: the closing handshake begins. */
  constructor(ws: WebSocket, onClosing: () => void = () => undefined) {
    this.#ws = ws
    this.#onClosing = onClosing
    const { _socket, _sender } = ws as unknown as Inside
    const isKnown = _sender?._state === 0 && Array.isArray(_sender._queue) && ws.extensions === ''
    this.#raw = isKnown ? _socket : undefined
  }

  get bufferedBytes(): number {
    return this.#raw ? this.#raw.writableLength + this.#gatheredBytes : this.#ws.bufferedAmount
  }

  write(frame: WireFrame): void {
    if (this.#ws.readyState !== WebSocket.OPEN) return
    if (this.#mayWriteRaw()) this.#writeRaw(frame.framed)
    else for (const message of frame.messages) this.#send(message)
  }

  writeParts(parts: readonly Uint8Array[]): void {
    if (this.#ws.readyState !== WebSocket.OPEN) return
    const raw = this.#raw
    let length = 0
    for (const part of parts) length += part.length
    if (!raw || !this.#mayWriteRaw()) {
      this.#send(Buffer.concat(parts))
    } else if (length <= copiedBytesMax) {
      this.#writeRaw(wireFrame(...parts).framed)
    } else {
      const header = Buffer.allocUnsafe(headerSize(length))
      writeHeader(header, length)
      this.#keep(header)
      for (const part of parts) this.#keep(part)
      if (this.#gatherDepth === 0) this.#flush()
    }
  }

  gather(call: () => void): void {
    this.beginGathering()
    try {
      call()
    } finally {
      this.endGathering()
    }
  }

  /** The same in two steps. Each begin needs its end, in the same turn of the event loop. */
  beginGathering(): void {
    this.#gatherDepth += 1
  }

  endGathering(): void {
    this.#gatherDepth -= 1
    if (this.#gatherDepth === 0) this.#flush()
  }

  close(code: number, reason: string): void {
    this.#flush()
    this.#ws.close(code, reason)
    this.#onClosing()
  }

  #send(message: Uint8Array): void {
    this.#flush()
    this.#ws.send(message, { binary: true, compress: false }, lendBytes(message))
  }

  #writeRaw(framed: Buffer): void {
    if (this.#gatherDepth === 0) this.#raw?.write(framed, lendBytes(framed))
    else this.#keep(framed)
  }

  #keep(bytes: Uint8Array): void {
    this.#gathered.push({ bytes, giveBack: lendBytes(bytes) })
    this.#gatheredBytes += bytes.length
  }

  #flush(): void {
    const gathered = this.#gathered
    if (gathered.length === 0) return
    this.#gathered = []
    this.#gatheredBytes = 0
    const raw = this.#raw
    // A socket that ended meanwhile takes nothing more.
    if (!raw?.writable) {
      for (const { giveBack } of gathered) giveBack?.()
      return
    }
    const runs = runsOf(gathered)
    if (runs.length > 1) raw.cork()
    for (const { bytes, giveBack } of runs) raw.write(bytes, giveBack)
    if (runs.length > 1) raw.uncork()
  }

  #mayWriteRaw(): boolean {
    const sender = (this.#ws as unknown as Inside)._sender
    return this.#raw !== undefined && sender?._state === 0 && sender._queue?.length === 0
  }
}

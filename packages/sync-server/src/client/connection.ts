/**
 * Connection: one WebSocket. Waits for the first frame, finds out which dialect the client speaks, and
 * hands the frames to the client of that dialect. Knows nothing about documents.
 *
 * 1. Nothing is sent before the client's first frame.
 * 2. It has no timer of its own: deadlines are the gate's (`rate-gate.ts`), signs of life the heartbeat's.
 * 3. A text frame, or a first frame that no dialect begins with, closes this connection only.
 * 4. What begins with 0 is y-websocket: Hocuspocus begins with the length of a name. A socket with the
 *    subprotocol `quire.v1` speaks nothing else.
 * 5. A fault of ours while something of the socket is handled ends this connection only.
 * 6. How much is read, how fast, and for how long nothing may be said, is for the gate to say.
 * 7. A large frame that is wrong in its first bytes is refused by them (`frame-beginning.ts`).
 * 8. A large frame is freed when it was handled, and so is what it was read in: nobody keeps a view of it.
 */
import type { Socket } from 'node:net'
import { reasonOf } from '@quire/base'
import { freeBytes } from '@quire/persistence'
import { type CloseName, closeCodes, type DocumentName, messageType } from '@quire/protocol'
import type { WebSocket } from 'ws'
import type { AccessRequest } from '../access/access.ts'
import { copyOf } from '../copy.ts'
import { quire, yWebsocket } from './dialect.ts'
import { frameBeginning } from './frame-beginning.ts'
import { type SharedSocket, SocketWriter } from '../session/frame-writer.ts'
import { HocuspocusClient } from '../hocuspocus/hocuspocus-client.ts'
import type { Hub } from '../room/hub.ts'
import type { LineageOf } from './lineage.ts'
import type { Ports } from '../ports.ts'
import { ReadPieces } from './read-pieces.ts'
import { SocketGate } from '../rate/rate-gate.ts'
import type { Session } from '../session/session.ts'
import { YWebsocketClient } from './y-websocket-client.ts'

/** What a socket's frames mean, in one dialect. */
export interface Client {
  /** Those that have not ended. */
  readonly sessions: Iterable<Session>
  /** One binary frame; a view that is copied when it is kept. */
  receive(frame: Uint8Array): void
  /** Only the beginning of a frame of so many bytes is here: closes when that is enough to refuse it. */
  begun?(beginning: Uint8Array, frameBytes: number): void
  /** The socket has taken everything that was written. */
  drained(): void
  /** Writes something that every client takes for a sign of life. */
  keepAlive(): void
  /** Called from time to time, for what has to wait until the client is quiet. */
  beat?(): void
  close(name: CloseName, why: string): void
  /** The socket is gone. */
  ended(): void
}

export interface ClientOptions {
  readonly ports: Ports
  readonly hub: Hub
  readonly socket: SharedSocket
  /** Of the socket; without one nobody is made to wait. */
  readonly gate?: SocketGate | undefined
  /** Who asks; the document is added by the dialect. */
  readonly request: Omit<AccessRequest, 'document'>
  readonly lineageOf: LineageOf
  /** What the client says of its schema. */
  readonly schema?: string | undefined
}

export interface ConnectionOptions {
  readonly ws: WebSocket
  /** The socket under `ws`. */
  readonly socket: Socket
  /** The document that the URL names; undefined when it names none. */
  readonly document: DocumentName | undefined
  readonly isQuire: boolean
  readonly request: Omit<AccessRequest, 'document'>
  readonly lineageOf: LineageOf
  /** What the client says of its schema. */
  readonly schema?: string | undefined
  readonly hub: Hub
  readonly ports: Ports
  /** The socket is gone. Called once. */
  readonly onGone: (connection: Connection) => void
}

/** The first byte of a y-websocket frame that a client opens with: message type 0. */
const yWebsocketOpens = 0
/** What else a `quire.v1` client may open with: who it is, and its client id. */
const quireOpens: ReadonlySet<number | undefined> = new Set([messageType.auth, messageType.client])
/** Answers to pings stop while this much is unread. */
const unreadBytesMax = 64 * 1024
/** A frame of which this much is here and more is to come is looked at before. */
const largeFrameBytes = 64 * 1024
/** A peer that answered neither of two pings is gone. */
const missesMax = 2

export class Connection {
  readonly #options: ConnectionOptions
  readonly #gate: SocketGate
  readonly #socket: SocketWriter
  #client: Client | undefined = undefined
  /** Whether anything came since the last ping. */
  #hasHeard = true
  #missCount = 0
  /** Whether nothing but the keep-alive was written at the last beat. */
  #wasKept = false
  /** Whether the frame that is coming was looked at. */
  #hasLooked = false

  constructor(options: ConnectionOptions) {
    this.#options = options
    const { ws, socket, ports, hub, request } = options
    this.#gate = new SocketGate(hub.rates, request.address, {
      pause: () => ws.pause(),
      resume: () => ws.resume(),
      close: (name, why) => this.close(name, why),
    })
    ws.on('message', (data, isBinary) => {
      const frame = data as Buffer
      this.guard(() => this.#receive(frame, isBinary))
      freeBytes(frame)
    })
    this.#socket = new SocketWriter(ws, () => this.#gate.closing())
    // Before the library looks into it. What several messages in one chunk are answered with goes out together.
    socket.prependListener('data', (chunk: Buffer) => {
      this.#gate.chunk(chunk.length)
      this.#socket.beginGathering()
    })
    const pieces = new ReadPieces(ws)
    socket.on('data', (chunk: Buffer) => {
      this.#socket.endGathering()
      pieces.seen(chunk)
      if (this.#gate.unfinishedBytes >= largeFrameBytes) this.guard(() => this.#look())
    })
    ws.on('ping', (data) => this.guard(() => this.#answerPing(data)))
    ws.on('pong', () => {
      this.#hasHeard = true
      this.#gate.control()
    })
    // The library closes the socket itself with a code of the WebSocket standard (too large, not UTF-8 …).
    ws.on('error', (error) => {
      this.#gate.closing()
      ports.log.info('socket failed', { reason: error.message })
    })
    ws.on('close', () => this.#gone())
    socket.on('drain', () => this.guard(() => this.#client?.drained()))
  }

  get sessions(): Iterable<Session> {
    return this.#client?.sessions ?? []
  }

  close(name: CloseName, why: string): void {
    if (this.#client) {
      this.#client.close(name, why)
      return
    }
    const { counters } = this.#options.ports
    counters.closed[name] = (counters.closed[name] ?? 0) + 1
    const { code, reason } = closeCodes[name]
    this.#options.ws.close(code, reason)
    this.#gate.closing()
  }

  /**
   * Looks after the sessions: ends those that read too slowly, and keeps a quiet client from leaving. With
   * `isSpared` not one that was kept at the last beat.
   */
  beat(nowMs: number, isSpared: boolean): void {
    let hasWritten = false
    for (const { outbox } of this.sessions) {
      outbox.look(nowMs)
      if (outbox.hasWritten) hasWritten = true
      outbox.hasWritten = false
    }
    this.#client?.beat?.()
    const isKept = hasWritten || (isSpared && this.#wasKept)
    if (!isKept) this.#client?.keepAlive()
    this.#wasKept = !isKept
    for (const { outbox } of this.sessions) outbox.hasWritten = false
  }

  /** Asks the other side for a sign of life; ends the socket when it gave none for too long. */
  ping(): void {
    // Nobody is heard while nothing is read.
    if (this.#hasHeard || this.#gate.isPaused) this.#missCount = 0
    else this.#missCount += 1
    this.#hasHeard = false
    if (this.#missCount >= missesMax) this.terminate()
    else this.#options.ws.ping()
  }

  /** Runs `call`; what the library and we write in it goes out together. */
  together(call: () => void): void {
    const { socket } = this.#options
    socket.cork()
    try {
      call()
    } finally {
      socket.uncork()
    }
  }

  /** Does something with the connection; a fault of ours in it ends the connection. */
  guard(call: () => void): void {
    try {
      call()
    } catch (error) {
      this.#options.ports.log.error('a connection broke', { reason: reasonOf(error) })
      try {
        this.close('internal', 'the connection broke')
      } catch {
        this.terminate()
      }
    }
  }

  /** Ends the socket without a handshake, for a peer that does not answer. */
  terminate(): void {
    this.#options.ws.terminate()
  }

  #receive(frame: Buffer, isBinary: boolean): void {
    this.#hasHeard = true
    this.#hasLooked = false
    if (!this.#gate.frame(frame.length)) return
    if (!isBinary) {
      this.close('textFrame', 'a text frame was sent')
      return
    }
    this.#client ??= this.#begin(frame)
    this.#client?.receive(frame)
  }

  #look(): void {
    const { ws, socket } = this.#options
    const beginning = this.#hasLooked ? undefined : frameBeginning(ws)
    if (!beginning) return
    this.#hasLooked = true
    this.#client?.begun?.(beginning.bytes, beginning.messageBytes)
    if (ws.readyState === ws.OPEN) return
    // The rest is thrown away as it comes: the library would put it together first. So it does not see
    // the peer's goodbye either; ours is followed by the end of the stream.
    socket.removeAllListeners('data')
    socket.on('data', (chunk: Buffer) => {
      this.#gate.chunk(chunk.length)
      freeBytes(chunk)
    })
    socket.end()
  }

  #begin(first: Uint8Array): Client | undefined {
    const { ws, hub, document, isQuire, ports, request, lineageOf, schema } = this.#options
    if (ws.readyState !== ws.OPEN) return undefined
    const gate = this.#gate
    const options = { ports, hub, socket: this.#socket, gate, request, lineageOf, schema }
    const isOurs = isQuire && quireOpens.has(first[0])
    if (first[0] !== yWebsocketOpens && !isOurs) {
      // What is not Hocuspocus either, it refuses.
      if (!isQuire) return new HocuspocusClient(options)
      this.close('malformed', 'the first frame is of no known dialect')
      return undefined
    }
    if (!document) {
      this.close('badName', 'the URL names no document')
      return undefined
    }
    return new YWebsocketClient(options, document, isQuire ? quire : yWebsocket)
  }

  #answerPing(data: Buffer): void {
    this.#hasHeard = true
    const { ws } = this.#options
    const mayAnswer = this.#gate.control() && ws.readyState === ws.OPEN
    // A peer that does not read its answers gets no more of them.
    if (mayAnswer && ws.bufferedAmount < unreadBytesMax) ws.pong(copyOf(data))
  }

  #gone(): void {
    this.#gate.ended()
    // Whatever breaks on the way out, the connection is counted out.
    this.#options.onGone(this)
    this.guard(() => this.#client?.ended())
  }
}

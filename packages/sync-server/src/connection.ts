/**
 * Connection: one WebSocket. Waits for the first frame, finds out which dialect the client speaks, and
 * hands the frames to the client of that dialect. Knows nothing about documents.
 *
 * 1. Nothing is sent before the client's first frame.
 * 2. A client that says nothing within `firstFrameMsMax` is closed with `silent`.
 * 3. A text frame, or a first frame that no dialect begins with, closes this connection only.
 */
import type { Socket } from 'node:net'
import type { Timer } from '@quire/base'
import { type CloseName, closeCodes, type DocumentName } from '@quire/protocol'
import type { WebSocket } from 'ws'
import type { AccessRequest } from './access.ts'
import { quire, yWebsocket } from './dialect.ts'
import { SocketWriter } from './frame-writer.ts'
import type { Hub } from './hub.ts'
import type { Ports } from './ports.ts'
import type { Session } from './session.ts'
import { YWebsocketClient } from './y-websocket-client.ts'

/** What a socket's frames mean, in one dialect. */
export interface Client {
  /** Those that have not ended. */
  readonly sessions: Iterable<Session>
  /** One binary frame; a view that is copied when it is kept. */
  receive(frame: Uint8Array): void
  /** Writes something that every client takes for a sign of life. */
  keepAlive(): void
  close(name: CloseName, why: string): void
  /** The socket is gone. */
  ended(): void
}

export interface ClientOptions {
  readonly ports: Ports
  readonly hub: Hub
  readonly socket: SocketWriter
  /** Who asks; the document is added by the dialect. */
  readonly request: Omit<AccessRequest, 'document'>
}

export interface ConnectionOptions {
  readonly ws: WebSocket
  /** The socket under `ws`. */
  readonly socket: Socket
  /** The document that the URL names; undefined when it names none. */
  readonly document: DocumentName | undefined
  readonly isQuire: boolean
  readonly request: Omit<AccessRequest, 'document'>
  readonly hub: Hub
  readonly ports: Ports
  /** The socket is gone. Called once. */
  readonly onGone: (connection: Connection) => void
}

/** The first byte of a y-websocket frame that a client opens with: message type 0. */
const yWebsocketOpens = 0
/** A peer that answered neither of two pings is gone. */
const missesMax = 2

export class Connection {
  readonly #options: ConnectionOptions
  readonly #deadline: Timer
  #client: Client | undefined = undefined
  /** Whether anything came since the last ping. */
  #hasHeard = true
  #missCount = 0

  constructor(options: ConnectionOptions) {
    this.#options = options
    const { ws, socket, ports } = options
    this.#deadline = ports.clock.after(ports.limits.firstFrameMsMax, () =>
      this.close('silent', 'nothing was said in time'),
    )
    ws.on('message', (data, isBinary) => this.#receive(data as Buffer, isBinary))
    ws.on('pong', () => {
      this.#hasHeard = true
    })
    // The library closes the socket itself with a code of the WebSocket standard (too large, not UTF-8 …).
    ws.on('error', (error) => {
      ports.log.info('socket failed', { reason: error.message })
    })
    ws.on('close', () => this.#gone())
    socket.on('drain', () => {
      for (const session of this.sessions) session.drained()
    })
  }

  get sessions(): Iterable<Session> {
    return this.#client?.sessions ?? []
  }

  close(name: CloseName, why: string): void {
    this.#deadline.cancel()
    if (this.#client) {
      this.#client.close(name, why)
      return
    }
    const { counters } = this.#options.ports
    counters.closed[name] = (counters.closed[name] ?? 0) + 1
    const { code, reason } = closeCodes[name]
    this.#options.ws.close(code, reason)
  }

  /** Looks after the sessions: ends those that read too slowly, and keeps a quiet client from leaving. */
  beat(nowMs: number): void {
    let hasWritten = false
    let hasSessions = false
    for (const { outbox } of this.sessions) {
      hasSessions = true
      outbox.look(nowMs)
      if (outbox.hasWritten) hasWritten = true
      outbox.hasWritten = false
    }
    if (hasSessions && !hasWritten) this.#client?.keepAlive()
    for (const { outbox } of this.sessions) outbox.hasWritten = false
  }

  /** Asks the other side for a sign of life; ends the socket when it gave none for too long. */
  ping(): void {
    if (this.#hasHeard) this.#missCount = 0
    else this.#missCount += 1
    this.#hasHeard = false
    if (this.#missCount >= missesMax) this.terminate()
    else this.#options.ws.ping()
  }

  /** Ends the socket without a handshake, for a peer that does not answer. */
  terminate(): void {
    this.#options.ws.terminate()
  }

  #receive(frame: Buffer, isBinary: boolean): void {
    this.#hasHeard = true
    if (!isBinary) {
      this.close('textFrame', 'a text frame was sent')
      return
    }
    this.#client ??= this.#begin(frame)
    this.#client?.receive(frame)
  }

  #begin(first: Uint8Array): Client | undefined {
    this.#deadline.cancel()
    const { ws, hub, document, isQuire, ports, request } = this.#options
    if (ws.readyState !== ws.OPEN) return undefined
    if (first[0] !== yWebsocketOpens) {
      this.close('malformed', 'the first frame is of no known dialect')
      return undefined
    }
    if (!document) {
      this.close('badName', 'the URL names no document')
      return undefined
    }
    const options = { ports, hub, socket: new SocketWriter(ws), request }
    return new YWebsocketClient(options, document, isQuire ? quire : yWebsocket)
  }

  #gone(): void {
    this.#deadline.cancel()
    this.#client?.ended()
    this.#options.onGone(this)
  }
}

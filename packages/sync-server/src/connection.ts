/**
 * Connection: one WebSocket. Waits for the first frame, finds out which dialect the client speaks, and
 * hands its frames to a session. Knows nothing about documents.
 *
 * 1. Nothing is sent before the client's first frame.
 * 2. A client that says nothing within `firstFrameMsMax` is closed with `silent`.
 * 3. A text frame, or a first frame that no dialect begins with, closes this connection only.
 */
import type { Socket } from 'node:net'
import type { Timer } from '@quire/base'
import { type CloseName, closeCodes, type DocumentName } from '@quire/protocol'
import type { WebSocket } from 'ws'
import { SocketTransport } from './frame-writer.ts'
import type { Hub } from './hub.ts'
import type { Ports } from './ports.ts'
import { Session } from './session.ts'

export interface ConnectionOptions {
  readonly ws: WebSocket
  /** The socket under `ws`. */
  readonly socket: Socket
  /** The document that the URL names. */
  readonly document: DocumentName
  readonly isQuire: boolean
  readonly hub: Hub
  readonly ports: Ports
  /** The socket is gone. Called once. */
  readonly onGone: (connection: Connection) => void
}

/** The first byte of a y-websocket frame that a client opens with: message type 0. */
const yWebsocketOpens = 0

export class Connection {
  readonly #options: ConnectionOptions
  readonly #deadline: Timer
  #session: Session | undefined = undefined
  /** Whether anything came since the heartbeat looked last. */
  hasHeard = true
  /** Heartbeats in a row without a sign of life. */
  missCount = 0

  constructor(options: ConnectionOptions) {
    this.#options = options
    const { ws, socket, ports } = options
    this.#deadline = ports.clock.after(ports.limits.firstFrameMsMax, () =>
      this.close('silent', 'nothing was said in time'),
    )
    ws.on('message', (data, isBinary) => this.#receive(data as Buffer, isBinary))
    ws.on('pong', () => {
      this.hasHeard = true
    })
    // The library closes the socket itself with a code of the WebSocket standard (too large, not UTF-8 …).
    ws.on('error', (error) => {
      ports.log.info('socket failed', { reason: error.message })
    })
    ws.on('close', () => this.#gone())
    socket.on('drain', () => this.#session?.drained())
  }

  get session(): Session | undefined {
    return this.#session
  }

  close(name: CloseName, why: string): void {
    this.#deadline.cancel()
    if (this.#session) {
      this.#session.close(name, why)
      return
    }
    const { counters } = this.#options.ports
    counters.closed[name] = (counters.closed[name] ?? 0) + 1
    const { code, reason } = closeCodes[name]
    this.#options.ws.close(code, reason)
  }

  /** Asks the other side for a sign of life. */
  ping(): void {
    this.#options.ws.ping()
  }

  /** Ends the socket without a handshake, for a peer that does not answer. */
  terminate(): void {
    this.#options.ws.terminate()
  }

  #receive(frame: Buffer, isBinary: boolean): void {
    this.hasHeard = true
    if (!isBinary) {
      this.close('textFrame', 'a text frame was sent')
      return
    }
    if (!this.#session) this.#begin(frame)
    else this.#session.receive(frame)
  }

  #begin(first: Uint8Array): void {
    this.#deadline.cancel()
    const { ws, hub, document, isQuire, ports } = this.#options
    if (ws.readyState !== ws.OPEN) return
    if (first[0] !== yWebsocketOpens) {
      this.close('malformed', 'the first frame is of no known dialect')
      return
    }
    const session = new Session({ ports, transport: new SocketTransport(ws), isQuire })
    this.#session = session
    hub.join(document, session)
    session.receive(first)
  }

  #gone(): void {
    this.#deadline.cancel()
    this.#session?.ended()
    this.#options.onGone(this)
  }
}

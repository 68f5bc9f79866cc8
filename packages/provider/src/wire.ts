/**
 * Wire. The WebSocket class that y-websocket is given: a real socket inside, and a look at every
 * frame that leaves. The only file that touches a WebSocket.
 * Does not decide about connecting, and reads nothing that arrives: that is y-websocket's part, when the
 * observer says so.
 *
 * 1. Every sync frame is reported before the socket has it, in order.
 * 2. A presence frame passes `presence` first and leaves with one's own entries only, or not at all.
 * 3. After y-websocket let go of a wire, nothing of it is reported.
 * 4. What is to be said first leaves before anything that y-websocket says.
 * 5. A frame from the server that cannot be read is reported; it never throws into the page.
 */
import { messageType, syncType } from '@quire/protocol'
import type { SyncFrame } from './ledger.ts'

// Method syntax on purpose: it lets the handlers of the DOM's class and of `ws` both fit.
type Handler<E> = { handle(event: E): void }['handle'] | null

/** What is needed of a WebSocket. The class of browsers has it, and so has the one of `ws`. */
export interface WebSocketLike {
  binaryType: string
  readonly readyState: number
  readonly protocol: string
  onopen: Handler<unknown>
  onmessage: Handler<{ readonly data: unknown }>
  onclose: Handler<{ readonly code: number; readonly reason: string }>
  onerror: Handler<unknown>
  send(data: Uint8Array<ArrayBuffer>): void
  close(code?: number, reason?: string): void
}
export type WebSocketClass = new (url: string, protocols: string[]) => WebSocketLike

export interface WireObserver {
  /** The socket is open. `protocol` is the subprotocol that the server selected, or empty. */
  opened(protocol: string): void
  /** What to say before anything else, in order. `protocol` as above. */
  greeting(protocol: string): readonly Uint8Array<ArrayBuffer>[]
  /** A sync frame is about to leave. */
  sending(frame: SyncFrame): void
  /** The presence frame that may leave instead of `frame`; undefined: none. */
  presence(frame: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined
  /** A frame came; `read` gives it to y-websocket, if that still wants it. It never throws. */
  arrived(frame: Uint8Array, read: () => void): void
  /** The socket is about to be reported as closed. */
  closing(): void
  /** A frame from the server could not be read; the connection is of no more use. */
  unreadable(error: unknown): void
}

const syncFrames: ReadonlyMap<number | undefined, SyncFrame> = new Map([
  [syncType.step1, 'step1'],
  [syncType.step2, 'step2'],
  [syncType.update, 'update'],
])

/** A class for y-websocket's `WebSocketPolyfill` whose sockets are made by `Socket` and report to `observer`. */
export function createWireClass(Socket: WebSocketClass, observer: WireObserver): typeof WebSocket {
  class Wire {
    static readonly CONNECTING = 0
    static readonly OPEN = 1
    static readonly CLOSING = 2
    static readonly CLOSED = 3
    readonly OPEN = 1
    binaryType = 'arraybuffer'
    onopen: Handler<unknown> = null
    onmessage: Handler<{ readonly data: unknown }> = null
    onclose: Handler<{ readonly code: number; readonly reason: string }> = null
    onerror: Handler<unknown> = null
    readonly #socket: WebSocketLike

    constructor(url: string, protocols: string[]) {
      const socket = new Socket(url, protocols)
      this.#socket = socket
      socket.binaryType = 'arraybuffer'
      socket.onopen = (event) => {
        if (this.onopen === null) return
        observer.opened(socket.protocol)
        // Whoever heard of it may have closed it.
        if (this.onopen === null) return
        for (const frame of observer.greeting(socket.protocol)) socket.send(frame)
        this.onopen?.(event)
      }
      socket.onmessage = (event) => this.#receive(event)
      socket.onclose = (event) => {
        observer.closing()
        this.onclose?.(event)
      }
      // Stays attached to the end: Node throws an error event that nobody listens to.
      socket.onerror = (event) => this.onerror?.(event)
    }

    get readyState(): number {
      return this.#socket.readyState
    }

    get protocol(): string {
      return this.#socket.protocol
    }

    send(frame: Uint8Array<ArrayBuffer>): void {
      if (frame[0] === messageType.presence) {
        const own = observer.presence(frame)
        if (own !== undefined) this.#socket.send(own)
        return
      }
      if (frame[0] === messageType.sync) {
        const kind = syncFrames.get(frame[1])
        if (kind !== undefined) observer.sending(kind)
      }
      this.#socket.send(frame)
    }

    close(): void {
      this.#socket.close()
    }

    #receive(event: { readonly data: unknown }): void {
      if (this.onmessage === null) return
      if (typeof event.data === 'string') return observer.unreadable(new TypeError('a text frame'))
      // `binaryType` says what it is.
      observer.arrived(new Uint8Array(event.data as ArrayBuffer), () => this.#read(event))
    }

    #read(event: { readonly data: unknown }): void {
      try {
        this.onmessage?.(event)
      } catch (error) {
        observer.unreadable(error)
      }
    }
  }
  // y-websocket uses the handlers, send, close, readyState and OPEN; the rest of the DOM's class is not needed.
  return Wire as unknown as typeof WebSocket
}

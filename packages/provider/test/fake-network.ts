/** A network without a network: sockets that a test opens, feeds and closes by hand. */
import {
  type ClientMessage,
  decodeClientMessage,
  defaultLimits,
  encodeStep1,
  encodeStep2,
} from '@quire/protocol'
import * as Y from 'yjs'
import type { WebSocketClass, WebSocketLike } from '../src/index.ts'

export interface FakeSocket extends WebSocketLike {
  readonly url: string
  readonly protocols: readonly string[]
  /** Frames that the client sent, in order. */
  readonly sent: Uint8Array[]
  /** Sync frames among them. */
  readonly syncCount: number
  /** The other side accepts. */
  open(protocol?: string): void
  /** A frame arrives at the client. */
  receive(frame: Uint8Array): void
  /** The other side, or the network, ends the connection. */
  end(code: number, reason?: string): void
  /** Opens unless it is open, and goes through the exchange that makes the client synced with `doc`. */
  sync(doc: Y.Doc, protocol?: string): void
}

export interface FakeNetwork {
  readonly WebSocket: WebSocketClass
  readonly sockets: readonly FakeSocket[]
  /** The newest socket. */
  readonly last: FakeSocket
}

export function createFakeNetwork(): FakeNetwork {
  const sockets: FakeSocket[] = []

  class Socket implements FakeSocket {
    binaryType = ''
    readyState = 0
    protocol = ''
    onopen: WebSocketLike['onopen'] = null
    onmessage: WebSocketLike['onmessage'] = null
    onclose: WebSocketLike['onclose'] = null
    onerror: WebSocketLike['onerror'] = null
    readonly url: string
    readonly protocols: readonly string[]
    readonly sent: Uint8Array[] = []

    constructor(url: string, protocols: string[]) {
      this.url = url
      this.protocols = protocols
      sockets.push(this)
    }

    get syncCount(): number {
      return this.sent.filter((frame) => frame[0] === 0).length
    }

    send(data: Uint8Array<ArrayBuffer>): void {
      if (this.readyState !== 1) throw new Error('not open')
      this.sent.push(data.slice())
    }

    close(): void {
      // As a real one: the close event comes later, when y-websocket has let go.
      this.readyState = 2
    }

    open(protocol = this.protocols[0] ?? ''): void {
      this.readyState = 1
      this.protocol = protocol
      this.onopen?.({})
    }

    receive(frame: Uint8Array): void {
      this.onmessage?.({ data: frame.slice().buffer })
    }

    end(code: number, reason = ''): void {
      this.readyState = 3
      this.onclose?.({ code, reason })
    }

    sync(doc: Y.Doc, protocol?: string): void {
      if (this.readyState === 0) this.open(protocol)
      this.receive(encodeStep1(Y.encodeStateVector(doc)))
      const asked = messages(this).find(({ kind }) => kind === 'step1')
      const known = asked?.kind === 'step1' ? asked.stateVector : undefined
      this.receive(encodeStep2(Y.encodeStateAsUpdate(doc, known)))
    }
  }

  return {
    WebSocket: Socket,
    sockets,
    get last() {
      const socket = sockets.at(-1)
      if (!socket) throw new Error('nothing was dialled')
      return socket
    },
  }
}

/** What the client said, decoded. */
export function messages(socket: FakeSocket): ClientMessage[] {
  return socket.sent.map((frame) => {
    const message = decodeClientMessage(frame, defaultLimits)
    if (message.kind === 'refused') throw new Error(message.why)
    return message
  })
}

/** Applies all edits that the client sent to `doc`. */
export function takeEdits(socket: FakeSocket, doc: Y.Doc): void {
  for (const message of messages(socket)) {
    if (message.kind === 'step2' || message.kind === 'update') Y.applyUpdate(doc, message.update)
  }
}

/**
 * A client that speaks y-websocket, stock or with `quire.v1`: one document, named by the URL, one
 * session for as long as the socket lives.
 */
import {
  type CloseName,
  closeCodes,
  type DocumentName,
  encodePresence,
  encodePresenceEntries,
} from '@quire/protocol'
import type { AccessRequest } from '../access/access.ts'
import type { Client, ClientOptions } from './connection.ts'
import type { Dialect } from './dialect.ts'
import {
  type SharedSocket,
  type Transport,
  type WireFrame,
  wireFrame,
} from '../session/frame-writer.ts'
import { Session } from '../session/session.ts'

/** A presence message without entries: parsed by every client, and nothing happens. */
const keepAlive = wireFrame(encodePresence(encodePresenceEntries([])))

/** The socket, for the one session that has it to itself: it ends with the session. */
class WholeSocket implements Transport {
  readonly #socket: SharedSocket

  constructor(socket: SharedSocket) {
    this.#socket = socket
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedBytes
  }

  write(frame: WireFrame): void {
    this.#socket.write(frame)
  }

  writeParts(parts: readonly Uint8Array[]): void {
    this.#socket.writeParts(parts)
  }

  gather(call: () => void): void {
    if (this.#socket.gather) this.#socket.gather(call)
    else call()
  }

  end(name: CloseName): void {
    const { code, reason } = closeCodes[name]
    this.#socket.close(code, reason)
  }
}

export class YWebsocketClient implements Client {
  readonly #session: Session

  constructor(options: ClientOptions, document: DocumentName, dialect: Dialect) {
    const { ports, hub, socket, gate, request, lineageOf, schema } = options
    const asked: AccessRequest = { ...request, document }
    const lineage = lineageOf(document)
    this.#session = new Session({
      ports,
      hub,
      transport: new WholeSocket(socket),
      gate,
      dialect,
      request: asked,
      lineage,
      schema,
    })
  }

  get sessions(): Iterable<Session> {
    return [this.#session]
  }

  receive(frame: Uint8Array): void {
    this.#session.receive(frame)
  }

  begun(beginning: Uint8Array, frameBytes: number): void {
    this.#session.begun(beginning, frameBytes)
  }

  drained(): void {
    this.#session.drained()
  }

  keepAlive(): void {
    this.#session.outbox.control(keepAlive)
  }

  close(name: CloseName, why: string): void {
    this.#session.close(name, why)
  }

  ended(): void {
    this.#session.ended()
  }
}

/**
 * A client that speaks y-websocket, stock or with `quire.v1`: one document, named by the URL, one
 * session for as long as the socket lives.
 */
import { type CloseName, closeCodes, type DocumentName } from '@quire/protocol'
import type { AccessRequest } from '../access/access.ts'
import type { Client, ClientOptions } from './connection.ts'
import type { Dialect } from './dialect.ts'
import { wireFrame } from '../session/frame-writer.ts'
import { encodePresence, encodePresenceEntries } from '@quire/protocol'
import { Session } from '../session/session.ts'

/** A presence message without entries: parsed by every client, and nothing happens. */
const keepAlive = wireFrame(encodePresence(encodePresenceEntries([])))

export class YWebsocketClient implements Client {
  readonly #session: Session

  constructor(options: ClientOptions, document: DocumentName, dialect: Dialect) {
    const { ports, hub, socket, gate, request, lineageOf, schema } = options
    const transport = {
      get bufferedBytes() {
        return socket.bufferedBytes
      },
      write: socket.write.bind(socket),
      writeParts: socket.writeParts.bind(socket),
      ...(socket.gather && { gather: socket.gather.bind(socket) }),
      end(name: CloseName): void {
        const { code, reason } = closeCodes[name]
        socket.close(code, reason)
      },
    }
    const asked: AccessRequest = { ...request, document }
    const lineage = lineageOf(document)
    this.#session = new Session({
      ports,
      hub,
      transport,
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

/**
 * The sync server: wiring only. Takes upgraded sockets, answers numbers, shuts down in order.
 * Listens on no port itself; an HTTP server hands it upgrade requests.
 */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import {
  type Clock,
  type Log,
  type Random,
  reasonOf,
  silentLog,
  systemClock,
  systemRandom,
} from '@quire/base'
import type { Compactor, DocumentStore } from '@quire/persistence'
import {
  type CloseName,
  closeCodes,
  defaultLimits,
  type DocumentEvent,
  type DocumentName,
  documentNameFromPath,
  type Limits,
  quireSubprotocol,
} from '@quire/protocol'
import type { WebSocket, WebSocketServer } from 'ws'
import { allowEverybody, type Authorize } from './access.ts'
import { Connection } from './connection.ts'
import { Heartbeat } from './heartbeat.ts'
import { Hub } from './hub.ts'
import type { Ports } from './ports.ts'
import { newCounters, type ServerStats } from './stats.ts'
import { createUpgrader, requestOf, type UpgradeRequest } from './upgrade.ts'

export interface SyncServerOptions {
  /** Stays the caller's: close it after `shutdown`. */
  readonly store: DocumentStore
  /** Makes snapshots of long logs; without it logs only grow. Stays the caller's. */
  readonly compactor?: Compactor
  /** Who may do what; by default everybody may edit every document. */
  readonly authorize?: Authorize
  readonly limits?: Partial<Limits>
  readonly clock?: Clock
  readonly random?: Random
  readonly log?: Log
  /** First content of a document that is empty when a `quire.v1` client opens it: a constant Yjs update. */
  readonly seed?: Uint8Array
  /** How long a document nobody is in is kept in memory, in ms; 30,000 by default, which outlives a reload of the page. */
  readonly idleMs?: number
}

export interface SyncServer {
  /** For the `upgrade` event of an HTTP server, on `/sync/<document>` and `/<document>`. Never throws. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Tells every `quire.v1` client that is in the document now; nobody, when it is not open. */
  announce(document: DocumentName, event: DocumentEvent): void
  /** Ends every session of the document. Call it after the store has deleted the document. */
  closeDocument(document: DocumentName, name: 'deleted'): void
  stats(): ServerStats
  /**
   * Takes no more connections and edits, waits until everything taken is stored or `deadlineMs` is
   * over, then closes every socket with `goingAway`. `unsaved`: how many updates are not stored; none
   * of them was acknowledged. Idempotent.
   */
  shutdown(options: { readonly deadlineMs: number }): Promise<{ readonly unsaved: number }>
}

const idleMsDefault = 30_000
/** How long a peer may take for its side of the closing handshake at shutdown. */
const farewellMs = 1_000

class Server implements SyncServer {
  readonly #ports: Ports
  readonly #hub: Hub
  readonly #upgrader: WebSocketServer
  readonly #heartbeat: Heartbeat
  readonly #connections = new Set<Connection>()
  #shutdown: Promise<{ readonly unsaved: number }> | undefined = undefined
  #onEmpty: (() => void) | undefined = undefined

  constructor(options: SyncServerOptions) {
    this.#ports = {
      store: options.store,
      authorize: options.authorize ?? allowEverybody,
      compactor: options.compactor,
      limits: { ...defaultLimits, ...options.limits },
      clock: options.clock ?? systemClock,
      random: options.random ?? systemRandom,
      log: (options.log ?? silentLog).channel('sync'),
      seed: options.seed,
      idleMs: options.idleMs ?? idleMsDefault,
      counters: newCounters(),
    }
    this.#hub = new Hub(this.#ports)
    this.#upgrader = createUpgrader(this.#ports.limits)
    this.#heartbeat = new Heartbeat(this.#ports.clock, () => this.#connections)
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { log } = this.#ports
    const failed = (error: Error): void => log.info('upgrade failed', { reason: error.message })
    socket.on('error', failed)
    if (this.#shutdown) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n')
      return
    }
    try {
      this.#upgrader.handleUpgrade(request, socket, head, (ws) => {
        socket.off('error', failed)
        this.#accept(ws, socket as Socket, requestOf(request))
      })
    } catch (error) {
      log.error('upgrade failed', { reason: reasonOf(error) })
      socket.destroy()
    }
  }

  announce(document: DocumentName, event: DocumentEvent): void {
    this.#hub.room(document)?.announce(event)
  }

  closeDocument(document: DocumentName, name: 'deleted'): void {
    this.#hub.room(document)?.condemn(name, 'the document was deleted')
  }

  stats(): ServerStats {
    const { writer, rooms } = this.#hub
    const stats = { sessions: 0, behindSessions: 0, heldUpdates: 0, documentBytes: 0 }
    for (const room of rooms) {
      stats.sessions += room.sessionCount
      stats.heldUpdates += room.heldCount
      stats.documentBytes += room.documentBytes
      for (const { outbox } of room.sessions) {
        if (outbox.state.kind === 'behind') stats.behindSessions += 1
      }
    }
    return {
      ...stats,
      rooms: rooms.length,
      connections: this.#connections.size,
      unsavedBytes: writer.unsavedBytes,
      unsavedUpdates: writer.unsavedCount,
      storage: writer.health,
      counters: structuredClone(this.#ports.counters),
    }
  }

  shutdown({ deadlineMs }: { readonly deadlineMs: number }): Promise<{ readonly unsaved: number }> {
    this.#shutdown ??= this.#shutDown(deadlineMs)
    return this.#shutdown
  }

  async #shutDown(deadlineMs: number): Promise<{ readonly unsaved: number }> {
    const { writer } = this.#hub
    this.#hub.stopTaking()
    await Promise.race([writer.drain(), this.#after(deadlineMs)])
    writer.stop()
    this.#hub.acknowledge()
    for (const connection of this.#connections)
      connection.close('goingAway', 'the server shuts down')
    const empty = new Promise<void>((resolve) => {
      this.#onEmpty = resolve
      if (this.#connections.size === 0) resolve()
    })
    await Promise.race([empty, this.#after(farewellMs)])
    for (const connection of this.#connections) connection.terminate()
    this.#heartbeat.stop()
    this.#hub.close()
    return { unsaved: writer.unsavedCount }
  }

  #after(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.#ports.clock.after(delayMs, resolve))
  }

  #accept(ws: WebSocket, socket: Socket, { path, ...request }: UpgradeRequest): void {
    if (this.#connections.size >= this.#ports.limits.sessionsMax) {
      this.#refuse(ws, 'roomFull')
    } else {
      const connection = new Connection({
        ws,
        socket,
        document: documentNameFromPath(path),
        request,
        isQuire: ws.protocol === quireSubprotocol,
        hub: this.#hub,
        ports: this.#ports,
        onGone: (gone) => {
          this.#connections.delete(gone)
          if (this.#connections.size === 0) this.#onEmpty?.()
        },
      })
      this.#connections.add(connection)
    }
  }

  #refuse(ws: WebSocket, name: CloseName): void {
    const { counters, log } = this.#ports
    counters.closed[name] = (counters.closed[name] ?? 0) + 1
    ws.on('error', (error) => log.info('socket failed', { reason: error.message }))
    const { code, reason } = closeCodes[name]
    ws.close(code, reason)
  }
}

/** A sync server over a store. Owns its rooms and timers until `shutdown`. */
export function createSyncServer(options: SyncServerOptions): SyncServer {
  return new Server(options)
}

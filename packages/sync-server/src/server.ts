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
import { allowEverybody, type Authorize, onlyWithToken } from './access/access.ts'
import type { RecheckFilter } from './access/access-watch.ts'
import { Connection } from './client/connection.ts'
import { guardedClock, guardedLog } from './guarded-ports.ts'
import { Heartbeat } from './client/heartbeat.ts'
import { Hub } from './room/hub.ts'
import { checkOrigins, isOriginAllowed, type Origins } from './access/origin.ts'
import type { Ports } from './ports.ts'
import { createProxies, type Proxies } from './access/real-address.ts'
import { newCounters, type ServerStats } from './stats.ts'
import { createUpgrader, requestOf, type UpgradeRequest } from './client/upgrade.ts'

export interface SyncServerOptions {
  /** Stays the caller's: close it after `shutdown`. */
  readonly store: DocumentStore
  /** Makes snapshots of long logs; without it logs only grow. Stays the caller's. */
  readonly compactor?: Compactor
  /** Who may do what; by default everybody may edit every document. */
  readonly authorize?: Authorize
  /** Web pages that may open a socket; by default those of the server's own address. Others get 403. */
  readonly origins?: Origins
  /**
   * Clients that send no `Origin`, which no browser does. By default they need a token when there is an
   * `authorize`: a cookie alone is no proof of who sits behind a program.
   */
  readonly programs?: 'any' | 'withToken'
  /** Addresses and networks of the proxies in front, whose `X-Forwarded-For`, `-Proto` and `-Host` are believed; none by default. */
  readonly trustProxy?: readonly string[]
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
  /**
   * Has the access port asked again, now, about every session of the document, of the user, of both, or
   * about all. Call it after the rights were changed. From then on, what these sessions send waits for
   * the answer; one that is not answered within a second (`reviewMsMax`) is closed with `accessDown`.
   */
  recheck(concerned: RecheckFilter): void
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
/** What a refused peer may still send: its request, and what was on its way. */
const refusedBytesMax = 64 * 1024

class Server implements SyncServer {
  readonly #ports: Ports
  readonly #hub: Hub
  readonly #upgrader: WebSocketServer
  readonly #origins: Origins
  readonly #proxies: Proxies
  readonly #heartbeat: Heartbeat
  readonly #connections = new Set<Connection>()
  #shutdown: Promise<{ readonly unsaved: number }> | undefined = undefined
  #onEmpty: (() => void) | undefined = undefined

  constructor(options: SyncServerOptions) {
    const { authorize = allowEverybody, origins = 'same', trustProxy = [] } = options
    const programs = options.programs ?? (options.authorize ? 'withToken' : 'any')
    checkOrigins(origins)
    this.#origins = origins
    this.#proxies = createProxies(trustProxy)
    const log = guardedLog(options.log ?? silentLog).channel('sync')
    const clock = guardedClock(options.clock ?? systemClock, (error) =>
      log.error('a timer failed', { reason: reasonOf(error) }),
    )
    this.#ports = {
      store: options.store,
      authorize: programs === 'any' ? authorize : onlyWithToken(authorize),
      compactor: options.compactor,
      limits: { ...defaultLimits, ...options.limits },
      clock,
      atTurnEnd: (task) => void setImmediate(task),
      random: options.random ?? systemRandom,
      log,
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
      refuseUpgrade(socket, '503 Service Unavailable')
      return
    }
    const asked = requestOf(request, this.#proxies)
    const { address } = asked.request
    if (!this.#hub.rates.mayKnock(address)) {
      // The cheapest answer there is: whoever knocks this often is not listening.
      this.#ports.counters.knocksRefused += 1
      refuseUpgrade(socket, '429 Too Many Requests\r\nRetry-After: 5')
      return
    }
    if (!isOriginAllowed(asked, this.#origins)) {
      this.#ports.counters.originsRefused += 1
      log.info('upgrade refused: not a page of ours', { address })
      refuseUpgrade(socket, '403 Forbidden')
      return
    }
    try {
      this.#upgrader.handleUpgrade(request, socket, head, (ws) => {
        socket.off('error', failed)
        this.#accept(ws, socket as Socket, asked)
      })
    } catch (error) {
      log.error('upgrade failed', { reason: reasonOf(error) })
      socket.destroy()
    }
  }

  announce(document: DocumentName, event: DocumentEvent): void {
    this.#hub.room(document)?.announce(event)
  }

  recheck(concerned: RecheckFilter): void {
    this.#hub.access.recheck(concerned)
  }

  closeDocument(document: DocumentName, name: 'deleted'): void {
    this.#hub.room(document)?.condemn(name, 'the document was deleted')
  }

  stats(): ServerStats {
    const { writer, rooms, memory } = this.#hub
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
      roomsEvicted: memory.evictionCount,
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
    await this.#within(deadlineMs, writer.drain())
    writer.stop()
    this.#hub.acknowledge()
    for (const connection of this.#connections)
      connection.close('goingAway', 'the server shuts down')
    const empty = new Promise<void>((resolve) => {
      this.#onEmpty = resolve
      if (this.#connections.size === 0) resolve()
    })
    await this.#within(farewellMs, empty)
    for (const connection of this.#connections) connection.terminate()
    this.#heartbeat.stop()
    this.#hub.close()
    return { unsaved: writer.unsavedCount }
  }

  /** Waits for `done`, at most so long. */
  async #within(delayMs: number, done: Promise<void>): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = this.#ports.clock.after(delayMs, resolve)
      void done.then(() => {
        timer.cancel()
        resolve()
      })
    })
  }

  #accept(ws: WebSocket, socket: Socket, { path, request, lineageOf }: UpgradeRequest): void {
    const isFull = this.#connections.size >= this.#ports.limits.sessionsMax
    if (isFull || !this.#hub.rates.mayEnter(request.address)) {
      this.#refuse(ws, socket, 'roomFull')
    } else {
      const connection = new Connection({
        ws,
        socket,
        document: documentNameFromPath(path),
        request,
        lineageOf,
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

  #refuse(ws: WebSocket, socket: Socket, name: CloseName): void {
    const { counters, log } = this.#ports
    counters.closed[name] = (counters.closed[name] ?? 0) + 1
    ws.on('error', (error) => log.info('socket failed', { reason: error.message }))
    const { code, reason } = closeCodes[name]
    ws.close(code, reason)
    // It is read for its goodbye only.
    socket.on('data', () => {
      if (socket.bytesRead > refusedBytesMax) ws.terminate()
    })
  }
}

function refuseUpgrade(socket: Duplex, status: string): void {
  const answer = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`
  // Nobody else would end a socket whose peer does not.
  socket.end(answer, () => socket.destroy())
}

/** A sync server over a store. Owns its rooms and timers until `shutdown`. Throws a TypeError for an origin or a proxy that is none. */
export function createSyncServer(options: SyncServerOptions): SyncServer {
  return new Server(options)
}

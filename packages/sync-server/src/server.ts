/**
 * The sync server: wiring only. Takes upgraded sockets, answers numbers, shuts down in order.
 * Listens on no port itself; an HTTP server hands it upgrade requests.
 */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { reasonOf, silentLog, systemClock, systemRandom } from '@quire/base'
import {
  type CloseName,
  closeCodes,
  defaultLimits,
  type DocumentEvent,
  type DocumentName,
  documentNameFromPath,
  quireSubprotocol,
} from '@quire/protocol'
import type { WebSocket, WebSocketServer } from 'ws'
import { allowEverybody, onlyWithToken } from './access/access.ts'
import type { RecheckFilter } from './access/access-watch.ts'
import { Connection } from './client/connection.ts'
import { guardedClock, guardedLog } from './guarded-ports.ts'
import { Heartbeat } from './client/heartbeat.ts'
import { Hub } from './room/hub.ts'
import { checkOrigins, isOriginAllowed, type Origins } from './access/origin.ts'
import type { Ports } from './ports.ts'
import { createProxies, type Proxies } from './access/real-address.ts'
import { guardedListener, statelessFrame, type StatelessPeer } from './stateless.ts'
import { newCounters, type ServerStats } from './stats.ts'
import type { SyncServer, SyncServerOptions } from './sync-server.ts'
import { TurnBudget } from './turn-budget.ts'
import { createUpgrader, requestOf, type UpgradeRequest } from './client/upgrade.ts'

const idleMsDefault = 30_000
/** How long a peer may take for its side of the closing handshake at shutdown. */
const farewellMs = 1_000
/** Of upgrades and joins in a crowd: others are then served after about two of these, and each turn costs some 0.1 ms of its own. */
const turnBudgetMs = 12
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
    const turns = new TurnBudget({
      clock,
      budgetMs: turnBudgetMs,
      nextTurn: (task) => void setImmediate(task),
    })
    this.#ports = {
      store: options.store,
      authorize: programs === 'any' ? authorize : onlyWithToken(authorize),
      compactor: options.compactor,
      limits: { ...defaultLimits, ...options.limits },
      clock,
      atTurnEnd: (task) => void setImmediate(task),
      inTurn: (task) => turns.run(task),
      random: options.random ?? systemRandom,
      log,
      seed: options.seed,
      idleMs: options.idleMs ?? idleMsDefault,
      counters: newCounters(),
      onStateless: guardedListener(options.onStateless, log),
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
    this.#ports.inTurn(() => {
      if (this.#shutdown) {
        refuseUpgrade(socket, '503 Service Unavailable')
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
    })
  }

  announce(document: DocumentName, event: DocumentEvent): void {
    this.#hub.room(document)?.announce(event)
  }

  sendStateless(
    document: DocumentName,
    text: string,
    isMeant: (peer: StatelessPeer) => boolean = () => true,
  ): void {
    const frame = statelessFrame(text, this.#ports.limits)
    const room = this.#hub.room(document)
    if (!room || room.sessions.size === 0) return
    room.open.tell(frame, ({ sessionId, grant: { user, role } }) =>
      isMeant({ document, sessionId, user, role }),
    )
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

  #accept(
    ws: WebSocket,
    socket: Socket,
    { path, request, lineageOf, schema }: UpgradeRequest,
  ): void {
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
        schema,
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

/**
 * Connection. y-websocket's `WebsocketProvider`, unmodified, and what it does not do by itself: when
 * to try again, when to stop, what one's own presence is. The chart is in `link.ts`.
 *
 * 1. y-websocket is never left to reconnect by itself: it is wanted only while it has a socket, so
 *    its own timers find nothing to do. Every attempt is made by `dial`.
 * 2. One wait is open at a time, by the Clock. It ends early when the page wakes or goes online.
 * 3. An attempt that does not open within `openMsMax` is given up; browsers wait for minutes.
 * 4. A close code of the permanent band ends the attempts until `connect` is called. One that says that
 *    a token has ended does not, when another one can be had.
 * 5. A token is asked for before each attempt, and leaves as the first message, to servers that speak
 *    `quire.v1` only.
 * 6. After `close` there is no timer, no listener and no socket.
 *
 * Length: every reason to begin, to wait, to give up and to begin again is in here; each minds the others.
 *
 * Tabs of one browser do not exchange edits among themselves (`disableBc`): y-websocket delivers an
 * edit of another tab as if it came from the server and does not send it on, so with the other tab
 * closed nobody would know that the server lacks it, and "saved" would be a guess.
 */
import { type Clock, Disposer, type Log, type Random, reasonOf, type Timer } from '@quire/base'
import {
  closeCodes,
  decodeServerMessage,
  encodeToken,
  messageType,
  quireSubprotocol,
  schemaParameter,
  type ServerMessage,
} from '@quire/protocol'
import type { Awareness } from 'y-protocols/awareness'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { reconnectDelayMs } from './backoff.ts'
import { clientFrame, renewClientId } from './client-id.ts'
import type { DocumentFacts } from './document-facts.ts'
import type { SyncFrame } from './ledger.ts'
import { createInbox } from './inbox.ts'
import type { Acknowledges, Link } from './link.ts'
import type { Pace } from './pace.ts'
import { type PageTarget, watchPage } from './page.ts'
import { followClientId, renewClocks, leavePresence, ownPresence } from './presence.ts'
import { createTokens, type TokenSource } from './token.ts'
import type { Trace } from './trace.ts'
import { createWireClass, type WebSocketClass } from './wire.ts'

/** An attempt that takes longer is given up: a slow phone needs about 3 s for DNS, TLS and upgrade. */
export const openMsMax = 10_000

/** A server that sends what cannot be read is asked again as if this many attempts had failed: after up to 5 s. */
const unreadableFailures = 4

export interface ConnectionObserver {
  /** The link, or whether the document is synced, has changed. Called once per change, in order. */
  changed(): void
  opened(): void
  /** A sync frame is about to leave. */
  sending(frame: SyncFrame): void
  /** A message that only a Quire server sends. */
  received(message: Exclude<ServerMessage, { kind: 'tokenRequest' }>): void
  /** The connection ended, whoever ended it. Comes before `changed`. */
  cut(): void
}

export interface ConnectionOptions {
  readonly url: string
  readonly document: string
  readonly doc: Y.Doc
  readonly awareness: Awareness
  /** What is told about the document when a connection begins. */
  readonly facts: Pick<DocumentFacts, 'lineage' | 'unsavedIds'>
  /** Whether to ask for the messages by which a Quire server says what it stored. */
  readonly offersQuire: boolean
  /** What one edits with, told when a connection begins. */
  readonly schema: string | undefined
  /** Who one is, for servers that ask. */
  readonly token: TokenSource | undefined
  readonly webSocket: WebSocketClass
  readonly page: PageTarget | undefined
  /** When to take in what others wrote; at once without one. */
  readonly pace: Pace | undefined
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly trace: Trace
  readonly observer: ConnectionObserver
}

export interface Connection {
  readonly link: Link
  readonly isSynced: boolean
  /** The document may have another client id by now: presence follows, and the server is told. */
  followClientId(): void
  /** Somebody else writes under `clientId`: takes another, if it still is the document's. */
  renewClientId(clientId: number): void
  /** Whether an update with this origin came from the server. */
  isOrigin(origin: unknown): boolean
  connect(): void
  disconnect(): void
  /** Ends everything; `connect` does nothing afterwards. */
  close(): void
}

export function createConnection(options: ConnectionOptions): Connection {
  const { doc, awareness, clock, random, log, trace, observer } = options
  const disposer = new Disposer()
  let link: Link = { kind: 'off' }
  let failures = 0
  let wait: Timer | undefined
  let deadline: Timer | undefined
  let returnPresence: (() => void) | undefined
  /** What the server of the present connection was told; undefined when it is not one to tell. */
  let saidClientId: number | undefined
  const tokens =
    options.token === undefined
      ? undefined
      : createTokens({ source: options.token, clock, log, trace, msMax: openMsMax })
  /** For the attempt that is under way. */
  let token: string | undefined

  const inbox = createInbox(options.pace, (reads) => Y.transact(doc, reads, inner, false))

  const wireClass = createWireClass(options.webSocket, {
    opened(protocol) {
      deadline?.cancel()
      trace.note('open', { protocol })
      observer.opened()
      enter({ kind: 'open', acknowledges: protocol === quireSubprotocol ? 'maybe' : 'never' })
    },
    greeting(protocol) {
      if (protocol !== quireSubprotocol) return []
      saidClientId = doc.clientID
      const client = clientFrame(doc, options.facts.unsavedIds, random)
      return token === undefined ? [client] : [new Uint8Array(encodeToken(token)), client]
    },
    sending: (frame) => observer.sending(frame),
    presence: (frame) => ownPresence(frame, awareness.clientID),
    arrived: (frame, read) => inbox.arrived(frame, read),
    closing: () => inbox.flush(),
    unreadable(error) {
      trace.note('unreadable frame', { reason: reasonOf(error) })
      log.warn('unreadable frame', { reason: reasonOf(error) })
      // It synced, so the next attempt would come at once, and meet the same frame.
      failures = Math.max(failures, unreadableFailures)
      drop('unreadable frame')
    },
  })

  const room = options.document.split('/').map(encodeURIComponent).join('/')
  const inner = new WebsocketProvider(options.url, room, doc, {
    connect: false,
    awareness,
    protocols: options.offersQuire ? [quireSubprotocol] : [],
    WebSocketPolyfill: wireClass,
    disableBc: true,
    // Its timers still run once after each close, and should be gone soon.
    maxBackoffTime: 0,
    shouldReconnect: () => true,
  })

  const ours = [messageType.session, messageType.saved, messageType.event, messageType.auth]
  for (const type of options.offersQuire ? ours : []) {
    inner.messageHandlers[type] = (_encoder, decoder) => receive(decoder.arr)
  }

  inner.on('sync', (isSynced: boolean) => {
    if (isSynced) {
      failures = 0
      trace.note('synced')
      if (link.kind === 'open' && link.acknowledges === 'maybe') learn('never')
    }
    observer.changed()
  })

  // Called before y-websocket lets go of the socket, with null when it was closed from this side.
  inner.on('connection-close', (event) => {
    inner.shouldConnect = false
    deadline?.cancel()
    failures += 1
    const code = event?.code
    trace.note('closed', { code, reason: event?.reason })
    saidClientId = undefined
    // One that was asked for on this connection would keep the next from asking.
    tokens?.cancel()
    const wasAdmitted = link.kind === 'open' && link.acknowledges === 'yes'
    observer.cut()
    if (link.kind === 'off') return
    const mayRenew = wasAdmitted && tokens?.isRenewable && code === closeCodes.unauthorized.code
    if (!mayRenew && code !== undefined && code >= 4400 && code < 4500) {
      const known = Object.values(closeCodes).find((row) => row.code === code)
      enter({ kind: 'refused', code, reason: event?.reason || known?.reason || 'refused' })
      return
    }
    waitFor(reconnectDelayMs(failures, random, code))
    enter({ kind: 'lost' })
  })

  function enter(next: Link): void {
    link = next
    observer.changed()
  }

  function learn(acknowledges: Acknowledges): void {
    if (link.kind !== 'open' || link.acknowledges === acknowledges) return
    enter({ kind: 'open', acknowledges })
  }

  function receive(frame: Uint8Array): void {
    const message = decodeServerMessage(frame)
    if (message.kind === 'refused') throw new Error(message.why)
    if (message.kind === 'tokenRequest') return renewToken()
    observer.received(message)
    if (message.kind === 'session' || message.kind === 'saved') learn('yes')
  }

  /** The server asks for a newer token, on the connection that stands. */
  function renewToken(): void {
    const socket = inner.ws
    tokens?.ask({
      arrived(newer) {
        if (inner.ws !== socket || link.kind !== 'open') return
        trace.note('token renewed')
        socket?.send(new Uint8Array(encodeToken(newer)))
      },
      // The session goes on until the server ends it.
      failed: () => undefined,
    })
  }

  function follow(): void {
    if (saidClientId !== undefined && saidClientId !== doc.clientID) {
      // Before presence, so that the server knows whose it is.
      saidClientId = doc.clientID
      inner.ws?.send(clientFrame(doc, options.facts.unsavedIds, random))
    }
    followClientId(awareness, doc)
  }

  function waitFor(delayMs: number): void {
    wait?.cancel()
    wait = clock.after(delayMs, dial)
  }

  function dial(): void {
    wait?.cancel()
    if (disposer.isDisposed || link.kind === 'off' || link.kind === 'refused') return
    // Still inside a close of y-websocket: once it is over, nothing stands in the way.
    if (inner.ws !== null) return waitFor(0)
    if (!tokens) return open()
    // Woken while the application still looks for one.
    if (tokens.isAsking) return
    tokens.ask({
      arrived(given) {
        token = given
        open()
      },
      failed,
    })
  }

  function open(): void {
    followClientId(awareness, doc)
    renewClocks(awareness)
    const { lineage } = options.facts
    const { schema } = options
    inner.params = {
      ...(lineage !== undefined && { lineage }),
      ...(options.offersQuire && schema !== undefined && { [schemaParameter]: schema }),
    }
    trace.note('dial', { failures })
    deadline?.cancel()
    deadline = clock.after(openMsMax, () => drop('does not open'))
    try {
      inner.connect()
    } catch (error) {
      // The browser forbids this address, for example ws: on an https: page.
      deadline.cancel()
      inner.shouldConnect = false
      trace.note('cannot dial', { reason: reasonOf(error) })
      log.warn('cannot dial', { reason: reasonOf(error) })
      failed()
    }
  }

  /** The attempt ended before there was a connection. */
  function failed(): void {
    failures += 1
    waitFor(reconnectDelayMs(failures, random))
    enter({ kind: 'lost' })
  }

  /** Lets go of the socket without waiting for the other side, which may be out of reach. */
  function drop(why: string): void {
    // Not wanted means y-websocket is letting go of it already.
    if (inner.ws === null || !inner.shouldConnect) return
    trace.note('drop', { why })
    followClientId(awareness, doc)
    inner.disconnect()
  }

  function disconnect(): void {
    if (link.kind === 'off') return
    wait?.cancel()
    deadline?.cancel()
    tokens?.cancel()
    link = { kind: 'off' }
    drop('asked to')
    observer.changed()
  }

  if (options.page) {
    disposer.add(
      watchPage(options.page, {
        woke(why) {
          if (why === 'shown') {
            returnPresence?.()
            returnPresence = undefined
          }
          if (link.kind !== 'lost') return
          // What was dialled before the network came back would hang until its deadline.
          if (why === 'online') drop('online again')
          if (inner.ws === null) dial()
        },
        offline: () => drop('the browser is offline'),
        hidden() {
          returnPresence ??= leavePresence(awareness)
        },
      }),
    )
  }

  return {
    get link() {
      return link
    },
    get isSynced() {
      return inner.synced
    },
    followClientId: follow,
    renewClientId(clientId) {
      if (disposer.isDisposed || doc.clientID !== clientId) return
      renewClientId(doc, random)
      trace.note('client id renewed')
      follow()
    },
    isOrigin: (origin) => origin === inner,
    connect() {
      if (disposer.isDisposed || (link.kind !== 'off' && link.kind !== 'refused')) return
      failures = 0
      enter({ kind: 'connecting' })
      dial()
    },
    disconnect,
    close() {
      if (disposer.isDisposed) return
      inbox.flush()
      disconnect()
      disposer.dispose()
      followClientId(awareness, doc)
      inner.destroy()
    },
  }
}

/**
 * Connection. y-websocket's `WebsocketProvider`, unmodified, and what it does not do by itself: when
 * to try again, when to stop, what one's own presence is. The chart is in `link.ts`.
 *
 * 1. y-websocket is never left to reconnect by itself: it is wanted only while it has a socket, so
 *    its own timers find nothing to do. Every attempt is made by `dial`.
 * 2. One wait is open at a time, by the Clock. It ends early when the page wakes or goes online.
 * 3. An attempt that does not open within `openMsMax` is given up; browsers wait for minutes.
 * 4. A close code of the permanent band ends the attempts until `connect` is called.
 * 5. After `close` there is no timer, no listener and no socket.
 *
 * Tabs of one browser do not exchange edits among themselves (`disableBc`): y-websocket delivers an
 * edit of another tab as if it came from the server and does not send it on, so with the other tab
 * closed nobody would know that the server lacks it, and "saved" would be a guess.
 */
import { type Clock, Disposer, type Log, type Random, reasonOf, type Timer } from '@quire/base'
import {
  closeCodes,
  decodeServerMessage,
  messageType,
  quireSubprotocol,
  type ServerMessage,
} from '@quire/protocol'
import type { Awareness } from 'y-protocols/awareness'
import { WebsocketProvider } from 'y-websocket'
import type * as Y from 'yjs'
import { reconnectDelayMs } from './backoff.ts'
import type { SyncFrame } from './ledger.ts'
import type { Acknowledges, Link } from './link.ts'
import { type PageTarget, watchPage } from './page.ts'
import { followClientId, renewClocks, leavePresence, ownPresence } from './presence.ts'
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
  received(message: ServerMessage): void
  /** The connection ended, whoever ended it. Comes before `changed`. */
  cut(): void
}

export interface ConnectionOptions {
  readonly url: string
  readonly document: string
  readonly doc: Y.Doc
  readonly awareness: Awareness
  /** Whether to ask for the messages by which a Quire server says what it stored. */
  readonly offersQuire: boolean
  readonly webSocket: WebSocketClass
  readonly page: PageTarget | undefined
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly trace: Trace
  readonly observer: ConnectionObserver
}

export interface Connection {
  readonly link: Link
  readonly isSynced: boolean
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

  const wireClass = createWireClass(options.webSocket, {
    opened(protocol) {
      deadline?.cancel()
      trace.note('open', { protocol })
      observer.opened()
      enter({ kind: 'open', acknowledges: protocol === quireSubprotocol ? 'maybe' : 'never' })
    },
    sending: (frame) => observer.sending(frame),
    presence: (frame) => ownPresence(frame, awareness.clientID),
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

  for (const type of [messageType.session, messageType.saved, messageType.event]) {
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
    observer.cut()
    if (link.kind === 'off') return
    if (code !== undefined && code >= 4400 && code < 4500) {
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
    if (message.kind === 'session' || message.kind === 'saved') learn('yes')
    observer.received(message)
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
    followClientId(awareness, doc)
    renewClocks(awareness)
    trace.note('dial', { failures })
    deadline?.cancel()
    deadline = clock.after(openMsMax, () => drop('does not open'))
    try {
      inner.connect()
    } catch (error) {
      // The browser forbids this address, for example ws: on an https: page.
      deadline.cancel()
      inner.shouldConnect = false
      failures += 1
      trace.note('cannot dial', { reason: reasonOf(error) })
      log.warn('cannot dial', { reason: reasonOf(error) })
      waitFor(reconnectDelayMs(failures, random))
      enter({ kind: 'lost' })
    }
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
      disconnect()
      disposer.dispose()
      followClientId(awareness, doc)
      inner.destroy()
    },
  }
}

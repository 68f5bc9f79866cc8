/**
 * A hub with a manual clock, a store that does what it is told, and clients without sockets. For the
 * tests beside the sources, which never wait for real time.
 *
 * Length: one world; each test file would otherwise bring a part of its own.
 */
import { silentLog } from '@quire/base'
import {
  type Compactor,
  createMemoryStore,
  type DocumentStore,
  MemoryDisk,
  lendBytes,
} from '@quire/persistence'
import {
  type CloseName,
  closeCodes,
  decodeServerMessage,
  defaultLimits,
  encodeClient,
  encodePresence,
  encodePresenceEntries,
  encodeStep1,
  encodeStep2,
  encodeUpdate,
  instanceBytes,
  type Limits,
  type PresenceEntry,
  parsePresence,
} from '@quire/protocol'
import { createManualClock, createSeededRandom, type ManualClock } from '@quire/testkit'
import * as Y from 'yjs'
import { allowEverybody, type Authorize } from '../src/access/access.ts'
import { quire, yWebsocket } from '../src/client/dialect.ts'
import type { Transport, WireFrame } from '../src/session/frame-writer.ts'
import { Hub } from '../src/room/hub.ts'
import type { Ports } from '../src/ports.ts'
import { Session } from '../src/session/session.ts'
import { newCounters } from '../src/stats.ts'
import { bodyOf, named } from './harness.ts'

/** Lets promises that are ready run; no time passes. */
export async function turns(count = 12): Promise<void> {
  for (let i = 0; i < count; i++) await Promise.resolve()
}

/** A store over memory whose calls wait until they are let through, or fail. */
export class SteeredStore {
  readonly inner: DocumentStore
  openFails: Error | undefined = undefined
  appendFails: Error | undefined = undefined
  /** While set, opens wait. */
  isHoldingOpens = false
  appendCount = 0
  #held: (() => void)[] = []

  constructor(disk: MemoryDisk = new MemoryDisk()) {
    this.inner = createMemoryStore({ disk })
  }

  letOpen(): void {
    this.isHoldingOpens = false
    for (const go of this.#held.splice(0)) go()
  }

  get store(): DocumentStore {
    const { inner } = this
    return {
      open: async (document) => {
        if (this.isHoldingOpens) await new Promise<void>((go) => this.#held.push(go))
        if (this.openFails) throw this.openFails
        return inner.open(document)
      },
      append: async (batch) => {
        this.appendCount += 1
        if (this.appendFails) throw this.appendFails
        return inner.append(batch)
      },
      compact: (...args) => inner.compact(...args),
      create: (...args) => inner.create(...args),
      authors: (...args) => inner.authors(...args),
      describe: (...args) => inner.describe(...args),
      rename: (...args) => inner.rename(...args),
      list: (...args) => inner.list(...args),
      delete: (...args) => inner.delete(...args),
      verify: () => inner.verify(),
      close: () => inner.close(),
    }
  }
}

/** A socket that keeps what it is given; `isStalled` makes it a reader that does not read. */
export class FakeTransport implements Transport {
  readonly sent: Uint8Array[] = []
  bufferedBytes = 0
  isStalled = false
  closed: { readonly code: number; readonly reason: string } | undefined = undefined
  onFrame: ((frame: Uint8Array) => void) | undefined = undefined
  /** Lent, as to a socket: whose bytes they are may free them meanwhile. */
  #unread: { readonly frame: Uint8Array; readonly giveBack: (() => void) | undefined }[] = []

  write(frame: WireFrame): void {
    for (const message of frame.messages) this.#take(message)
  }

  writeParts(parts: readonly Uint8Array[]): void {
    this.#take(new Uint8Array(Buffer.concat(parts)))
  }

  end(name: CloseName): void {
    this.closed ??= closeCodes[name]
  }

  /** Reads everything there is; true when there was something. */
  read(): boolean {
    const frames = this.#unread.splice(0)
    this.bufferedBytes = 0
    for (const { frame, giveBack } of frames) {
      this.#deliver(frame)
      giveBack?.()
    }
    return frames.length > 0
  }

  #take(frame: Uint8Array): void {
    if (this.closed) throw new Error('written after close')
    if (!this.isStalled) {
      this.#deliver(frame)
      return
    }
    this.bufferedBytes += frame.length
    this.#unread.push({ frame, giveBack: lendBytes(frame) })
  }

  #deliver(written: Uint8Array): void {
    const frame = Uint8Array.from(written)
    this.sent.push(frame)
    this.onFrame?.(frame)
  }
}

/** A well-behaved client in the same process: a document, and what it was told. */
export class FakeClient {
  readonly transport: FakeTransport = new FakeTransport()
  readonly session: Session
  readonly doc: Y.Doc
  saved = 0
  sentSyncFrames = 0
  isSynced = false
  readonly #replies: Uint8Array[] = []

  constructor(
    world: World,
    document: string,
    options: {
      isQuire?: boolean
      clientId?: number
      token?: string
      /** What the client has already. */
      doc?: Y.Doc
      lineage?: string
      /** Given: the client says its client id, with this instance. */
      instance?: number
      /** With `instance`: ids under which the device wrote before. */
      earlier?: readonly number[]
    } = {},
  ) {
    this.doc = options.doc ?? new Y.Doc()
    if (options.clientId !== undefined) this.doc.clientID = options.clientId
    this.session = new Session({
      ports: world.ports,
      hub: world.hub,
      transport: this.transport,
      dialect: (options.isQuire ?? true) ? quire : yWebsocket,
      request: { document: named(document), token: options.token, headers: {}, address: '' },
      lineage: options.lineage,
    })
    this.transport.onFrame = (frame) => this.#receive(frame)
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this) this.#sync(encodeUpdate(update))
    })
    this.session.open()
    if (options.instance !== undefined) this.announce(options.instance, options.earlier)
    this.#sync(encodeStep1(Y.encodeStateVector(this.doc)))
    this.reply()
  }

  get text(): Y.Text {
    return this.doc.getText('content')
  }

  /** The document updates and answers it was sent. */
  get documentFrames(): readonly Uint8Array[] {
    return this.transport.sent.filter((frame) => frame[0] === 0 && frame[1] !== 0)
  }

  /** The ids it was told to give up. */
  get renewals(): readonly number[] {
    return this.transport.sent.flatMap((frame) => {
      const message = decodeServerMessage(frame)
      if (message.kind !== 'event' || message.event.kind !== 'renewClientId') return []
      return [message.event.clientId]
    })
  }

  /** The lineages it was told, in order. */
  get lineages(): readonly (string | null)[] {
    return this.transport.sent.flatMap((frame) => {
      const message = decodeServerMessage(frame)
      return message.kind === 'session' ? [message.session.lineage] : []
    })
  }

  /** All presence entries it was sent, in order. */
  get presence(): readonly { clientId: number; clock: number; json: string }[] {
    return this.transport.sent
      .filter((frame) => frame[0] === 1)
      .flatMap((frame) => {
        const body = bodyOf(Uint8Array.from([0, ...frame]))
        const entries = parsePresence(body, defaultLimits)
        if ('kind' in entries) throw new Error(entries.why)
        return entries.map(({ clientId, clock, json }) => ({
          clientId,
          clock,
          json: Buffer.from(json).toString(),
        }))
      })
  }

  send(frame: Uint8Array): void {
    this.session.receive(frame)
  }

  show(entry: Omit<PresenceEntry, 'json'> & { json: string }): void {
    const json = new TextEncoder().encode(entry.json)
    this.send(encodePresence(encodePresenceEntries([{ ...entry, json }])))
  }

  /** Says under which client id it writes. */
  announce(instance: number, earlier: readonly number[] = []): void {
    const bytes = new Uint8Array(instanceBytes).fill(instance)
    this.send(encodeClient(this.doc.clientID, earlier, bytes))
  }

  /** Answers the server's questions; kept back so that a frame is never handled inside another. */
  reply(): void {
    for (const frame of this.#replies.splice(0)) this.#sync(frame)
  }

  leave(): void {
    this.session.ended()
  }

  #sync(frame: Uint8Array): void {
    this.sentSyncFrames += 1
    this.session.receive(frame)
  }

  #receive(frame: Uint8Array): void {
    const special = decodeServerMessage(frame)
    if (special.kind === 'saved') this.saved = special.frameCount
    if (frame[0] !== 0) return
    const body = bodyOf(frame)
    if (frame[1] === 0) this.#replies.push(encodeStep2(Y.encodeStateAsUpdate(this.doc, body)))
    else {
      Y.applyUpdate(this.doc, body, this)
      if (frame[1] === 1) this.isSynced = true
    }
  }
}

export interface World {
  readonly clock: ManualClock
  readonly steered: SteeredStore
  readonly ports: Ports
  readonly hub: Hub
  /** Time passes, and everything that was waiting for it happens. */
  pass(byMs: number): Promise<void>
}

export function createWorld(
  options: {
    limits?: Partial<Limits>
    idleMs?: number
    seed?: Uint8Array
    disk?: MemoryDisk
    compactor?: Compactor
    authorize?: Authorize
    onStateless?: Ports['onStateless']
  } = {},
): World {
  const clock = createManualClock()
  const steered = new SteeredStore(options.disk)
  const ports: Ports = {
    store: steered.store,
    authorize: options.authorize ?? allowEverybody,
    compactor: options.compactor,
    limits: { ...defaultLimits, ...options.limits },
    clock,
    atTurnEnd: (task) => task(),
    inTurn: (task) => task(),
    random: createSeededRandom(1),
    log: silentLog,
    seed: options.seed,
    idleMs: options.idleMs ?? 1_000,
    counters: newCounters(),
    onStateless: options.onStateless ?? (() => undefined),
  }
  const hub = new Hub(ports)
  return {
    clock,
    steered,
    ports,
    hub,
    async pass(byMs) {
      await turns()
      for (let left = byMs; left > 0; left -= 20) {
        clock.advance(Math.min(20, left))
        await turns()
      }
    },
  }
}

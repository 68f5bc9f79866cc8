/**
 * Hocuspocus clients without sockets, for the tests beside the sources: a socket that keeps what is
 * written, and providers on it that count as the real ones do.
 */
import {
  encodeHocuspocusAddress,
  encodeStep1,
  encodeStep2,
  encodeUpdate,
  hocuspocusType,
} from '@quire/protocol'
import * as Y from 'yjs'
import type { AccessAnswer, Authorize, Grant } from '../src/access/access.ts'
import type { SharedSocket, WireFrame } from '../src/session/frame-writer.ts'
import { HocuspocusClient } from '../src/hocuspocus/hocuspocus-client.ts'
import { bodyOf } from './harness.ts'
import { turns, type World } from './world.ts'

const decoder = new TextDecoder()

/** Bytes as a provider writes a text. */
export function varText(text: string): Uint8Array {
  return encodeHocuspocusAddress(text)
}

/** The bytes that are written in hex. */
export function bytes(written: string): Uint8Array {
  return Uint8Array.from(Buffer.from(written.replaceAll(' ', ''), 'hex'))
}

export function hex(text: string): string {
  return Buffer.from(text).toString('hex')
}

/** An update that inserts `text` into an empty document. */
export function updateOf(text: string): Uint8Array {
  const doc = new Y.Doc()
  doc.getText('content').insert(0, text)
  return Y.encodeStateAsUpdate(doc)
}

export function grant(role: Grant['role']): Grant {
  return { user: { id: 'u', name: 'U' }, role }
}

/** An access port that answers when the test says so. */
export function steeredAccess(): {
  readonly asked: {
    readonly token: string | undefined
    readonly answer: (given: AccessAnswer) => void
  }[]
  readonly authorize: Authorize
} {
  const asked: { token: string | undefined; answer: (given: AccessAnswer) => void }[] = []
  const authorize: Authorize = ({ token }) =>
    new Promise((resolve) => asked.push({ token, answer: resolve }))
  return { asked, authorize }
}

/** What a provider says first. */
export function tokenMessage(token: string, version?: string): Uint8Array {
  const parts = [Uint8Array.of(hocuspocusType.auth, 0), varText(token)]
  if (version !== undefined) parts.push(varText(version))
  return new Uint8Array(Buffer.concat(parts))
}

/** Address and message of a frame from the server; of a pong the address is empty. */
export function split(frame: Uint8Array): { address: string; message: Uint8Array } {
  if (frame.length === 1) return { address: '', message: frame }
  const length = frame[0] as number
  if (length >= 0x80) throw new Error('the tests have short addresses')
  return {
    address: decoder.decode(frame.subarray(1, 1 + length)),
    message: frame.subarray(1 + length),
  }
}

export class FakeSocket implements SharedSocket {
  /** Every frame, as it was written. */
  readonly sent: Uint8Array[] = []
  /** The buffers that were handed over, to see which are shared. */
  readonly buffers: Uint8Array[] = []
  bufferedBytes = 0
  closed: { readonly code: number; readonly reason: string } | undefined = undefined
  #unread: Uint8Array[] = []

  write(frame: WireFrame): void {
    this.buffers.push(frame.framed)
    for (const message of frame.messages) this.#take(message)
  }

  writeParts(parts: readonly Uint8Array[]): void {
    this.buffers.push(...parts)
    this.#take(new Uint8Array(Buffer.concat(parts)))
  }

  close(code: number, reason: string): void {
    this.closed ??= { code, reason }
  }

  /** What came since the last call. */
  read(): Uint8Array[] {
    return this.#unread.splice(0)
  }

  #take(frame: Uint8Array): void {
    if (this.closed) throw new Error('written after close')
    this.sent.push(Uint8Array.from(frame))
    this.#unread.push(Uint8Array.from(frame))
  }
}

/** One socket of a Hocuspocus client. */
export class Peer {
  readonly socket: FakeSocket = new FakeSocket()
  readonly client: HocuspocusClient
  readonly providers: Map<string, FakeProvider> = new Map()

  constructor(world: World) {
    this.client = new HocuspocusClient({
      ports: world.ports,
      hub: world.hub,
      socket: this.socket,
      request: { token: undefined, headers: {}, address: '' },
      lineageOf: () => undefined,
    })
  }

  /** A provider for the address, which has said nothing yet. */
  provider(address: string): FakeProvider {
    const made = new FakeProvider(this, address)
    this.providers.set(address, made)
    return made
  }

  send(address: string, message: Uint8Array): void {
    this.client.receive(new Uint8Array(Buffer.concat([varText(address), message])))
  }

  /** The messages to the address, in hex. */
  heard(address: string): string[] {
    return this.socket.sent
      .map(split)
      .filter((frame) => frame.address === address)
      .map(({ message }) => Buffer.from(message).toString('hex'))
  }

  /** Reads what came; true when there was something. */
  read(): boolean {
    const frames = this.socket.read()
    for (const frame of frames) {
      const { address, message } = split(frame)
      this.providers.get(address)?.receive(message)
    }
    return frames.length > 0
  }
}

/** A provider as `@hocuspocus/provider` 4 is, one document of one socket. */
export class FakeProvider {
  readonly doc: Y.Doc = new Y.Doc()
  readonly address: string
  /** What was written here, not elsewhere. */
  readonly edits: Uint8Array[] = []
  /** As the provider counts; below zero, too, unless {@link neverBelowZero}. */
  unsyncedChanges = 0
  /** Providers from 3 on stay at zero. */
  neverBelowZero = false
  isSynced = false
  scope: string | undefined = undefined
  denied: string | undefined = undefined
  isDetached = false
  tokenRequests = 0
  #peer: Peer
  readonly #queue: Uint8Array[] = []
  #isOpen = false

  constructor(peer: Peer, address: string) {
    this.#peer = peer
    this.address = address
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === this) return
      this.edits.push(update)
      this.unsyncedChanges += 1
      if (this.#isOpen) this.send(encodeUpdate(update))
      else this.#queue.push(encodeUpdate(update))
    })
  }

  get text(): Y.Text {
    return this.doc.getText('content')
  }

  send(message: Uint8Array): void {
    this.#peer.send(this.address, message)
  }

  /** Says who it is and asks for what it lacks. Without a token it is a provider before 3, without a version one before 4. */
  open(options: { readonly token?: string | null; readonly version?: string | null } = {}): void {
    const { token = 'tok', version = '4.8.0' } = options
    if (token !== null) this.send(tokenMessage(token, version ?? undefined))
    this.#isOpen = true
    this.forceSync()
  }

  forceSync(): void {
    this.unsyncedChanges = 1
    this.send(encodeStep1(Y.encodeStateVector(this.doc)))
  }

  /** The socket is gone; what is edited now waits for the next one. */
  cut(): void {
    this.#isOpen = false
    this.isSynced = false
    this.#peer.providers.delete(this.address)
    this.#peer.client.ended()
  }

  /** There is another socket. */
  reconnect(peer: Peer, options: { readonly version?: string | null } = {}): void {
    this.#peer = peer
    peer.providers.set(this.address, this)
    this.open(options)
  }

  detach(): void {
    this.#isOpen = false
    this.send(Uint8Array.of(hocuspocusType.close))
  }

  receive(message: Uint8Array): void {
    // What was edited without a socket goes out after the first message.
    for (const frame of this.#queue.splice(0)) this.send(frame)
    switch (message[0]) {
      case hocuspocusType.sync:
        if (message[1] === 0) {
          this.send(encodeStep2(Y.encodeStateAsUpdate(this.doc, bodyOf(message))))
        } else {
          Y.applyUpdate(this.doc, bodyOf(message), this)
          if (message[1] === 1) this.isSynced = true
        }
        break
      case hocuspocusType.auth:
        if (message[1] === 0) this.tokenRequests += 1
        else if (message[1] === 1) this.denied = decoder.decode(message.subarray(3))
        else this.scope = decoder.decode(message.subarray(3))
        break
      case hocuspocusType.close:
        this.isDetached = true
        break
      case hocuspocusType.syncStatus:
        if (message[1] === 1 && !(this.neverBelowZero && this.unsyncedChanges === 0)) {
          this.unsyncedChanges -= 1
        }
        break
      case undefined:
      default:
    }
  }
}

/** Lets everything happen that needs no time. */
export async function settle(...peers: readonly Peer[]): Promise<void> {
  for (let round = 0; round < 50; round++) {
    await turns()
    const hasRead = peers.map((peer) => peer.read())
    if (!hasRead.includes(true)) return
  }
  throw new Error('they do not come to rest')
}

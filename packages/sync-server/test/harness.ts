/** A sync server on a port of its own, and clients to talk to it. For the tests in this folder. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createMemoryStore, type DocumentStore } from '@quire/persistence'
import {
  decodeServerMessage,
  type DocumentName,
  encodeStep1,
  encodeStep2,
  encodeUpdate,
  parseDocumentName,
} from '@quire/protocol'
import { until } from '@quire/testkit'
import { WebSocket } from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { createSyncServer, type SyncServer, type SyncServerOptions } from '../src/index.ts'

export function named(name: string): DocumentName {
  const document = parseDocumentName(name)
  if (!document) throw new Error(`${name} is no document name`)
  return document
}

export interface Host {
  readonly sync: SyncServer
  readonly store: DocumentStore
  readonly url: string
  /** Cuts every connection, as a network does, and lets none in until {@link mend}. */
  cut(): void
  mend(): void
  /** Ends server and sockets. */
  close(): Promise<void>
}

export async function startHost(options: Partial<SyncServerOptions> = {}): Promise<Host> {
  const store = options.store ?? createMemoryStore()
  const sync = createSyncServer({ ...options, store })
  const http: Server = createServer((_, response) => response.end('here'))
  const sockets = new Set<Socket>()
  let isCut = false
  http.on('connection', (socket) => {
    if (isCut) {
      socket.destroy()
      return
    }
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  http.on('upgrade', (request, socket, head) => sync.handleUpgrade(request, socket, head))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  return {
    sync,
    store,
    url: `ws://127.0.0.1:${port}`,
    cut() {
      isCut = true
      for (const socket of sockets) socket.destroy()
    },
    mend() {
      isCut = false
    },
    async close() {
      const closed = new Promise<void>((resolve) => http.close(() => resolve()))
      await sync.shutdown({ deadlineMs: 1_000 })
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** The stock client of the ecosystem, over `ws`. */
export function stockClient(url: string, document: string): WebsocketProvider {
  return new WebsocketProvider(url, document, new Y.Doc(), {
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
  })
}

/** A client that speaks frames: sees everything the server sends, says exactly what it is told to. */
export class RawClient {
  readonly ws: WebSocket
  readonly doc: Y.Doc = new Y.Doc()
  readonly frames: Uint8Array[] = []
  /** The newest count of message 17. */
  saved = 0
  isSynced = false
  closed: { readonly code: number; readonly reason: string } | undefined = undefined
  #isSilent = false

  constructor(url: string, options: { protocols?: string[]; isSilent?: boolean } = {}) {
    this.#isSilent = options.isSilent ?? false
    this.ws = new WebSocket(url, options.protocols ?? [])
    this.ws.binaryType = 'nodebuffer'
    this.ws.on('message', (data) => this.#receive(new Uint8Array(data as Buffer)))
    this.ws.on('error', () => undefined)
    this.ws.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() }
    })
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this) this.send(encodeUpdate(update))
    })
  }

  static async open(
    url: string,
    options: { protocols?: string[]; isSilent?: boolean } = {},
  ): Promise<RawClient> {
    const client = new RawClient(url, options)
    await until('the socket is open', () => client.ws.readyState !== WebSocket.CONNECTING)
    return client
  }

  /** Opens and synchronises, as a well-behaved client does. */
  static async join(url: string, protocols: string[] = ['quire.v1']): Promise<RawClient> {
    const client = await RawClient.open(url, { protocols })
    client.send(encodeStep1(Y.encodeStateVector(client.doc)))
    await until('the client is synced', () => client.isSynced)
    return client
  }

  send(frame: Uint8Array | string): void {
    if (this.ws.readyState === WebSocket.OPEN) this.ws.send(frame)
  }

  get text(): Y.Text {
    return this.doc.getText('content')
  }

  async close(): Promise<void> {
    this.ws.close()
    await until('the socket is closed', () => this.closed !== undefined)
  }

  #receive(frame: Uint8Array): void {
    this.frames.push(frame)
    if (this.#isSilent) return
    const special = decodeServerMessage(frame)
    if (special.kind === 'saved') this.saved = special.frameCount
    if (frame[0] !== 0) return
    const body = bodyOf(frame)
    if (frame[1] === 0) this.send(encodeStep2(Y.encodeStateAsUpdate(this.doc, body)))
    else {
      Y.applyUpdate(this.doc, body, this)
      if (frame[1] === 1) this.isSynced = true
    }
  }
}

/** The byte array after the two type numbers of a sync frame. */
export function bodyOf(frame: Uint8Array): Uint8Array {
  let at = 2
  let length = 0
  let factor = 1
  for (;;) {
    const byte = frame[at++] ?? 0
    length += (byte & 0x7f) * factor
    factor *= 128
    if (byte < 0x80) break
  }
  return frame.subarray(at, at + length)
}

/** The text that the store would give to the next reader. */
export async function storedText(store: DocumentStore, document: string): Promise<string> {
  const { snapshot, tail } = await store.open(named(document))
  const doc = new Y.Doc()
  if (snapshot) Y.applyUpdate(doc, snapshot.update)
  for (const { update } of tail) Y.applyUpdate(doc, update)
  return doc.getText('content').toJSON()
}

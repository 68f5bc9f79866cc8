/** The real sync server over a memory disk, on a real port, with hands to hold its commits back and to kill it. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createMemoryStore, type DocumentStore, MemoryDisk } from '@quire/persistence'
import { type DocumentName, parseDocumentName } from '@quire/protocol'
import { createSyncServer, type SyncServer, type SyncServerOptions } from '@quire/sync-server'
import { onTestFinished } from 'vitest'
import * as Y from 'yjs'

export interface QuireServer {
  /** The base address, the same after a restart. */
  readonly url: string
  readonly sync: SyncServer
  /** What is on the disk of a document at this moment, decoded. */
  stored(document: string): Promise<Y.Doc>
  /** Commits wait until `release`. */
  hold(): void
  release(): void
  /** Breaks every connection; the server lives on. */
  cutConnections(): void
  /** The process dies: nothing is flushed, no goodbye. What was not committed is gone. */
  kill(): Promise<void>
  /** SIGTERM: flushes, says goodbye. */
  shutDown(): Promise<void>
  /** A new process on the same disk and port. */
  start(): Promise<void>
  /** The disk is gone; `start` begins with an empty one. */
  loseDisk(): void
}

export function nameOf(document: string): DocumentName {
  const name = parseDocumentName(document)
  if (!name) throw new Error(`${document} is not a name`)
  return name
}

/** Runs until the test ends. */
export async function startQuireServer(
  options: Partial<SyncServerOptions> = {},
): Promise<QuireServer> {
  let disk = new MemoryDisk()
  let port = 0
  let http: Server
  let sync: SyncServer
  let store: DocumentStore
  let isHeld = false
  let releases: (() => void)[] = []

  function gated(inner: DocumentStore): DocumentStore {
    return new Proxy(inner, {
      get(target, key) {
        if (key === 'append') {
          return async (batch: Parameters<DocumentStore['append']>[0]) => {
            if (isHeld) await new Promise<void>((resolve) => releases.push(resolve))
            return target.append(batch)
          }
        }
        const value: unknown = Reflect.get(target, key)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }

  async function start(): Promise<void> {
    store = createMemoryStore({ disk })
    sync = createSyncServer({ ...options, store: gated(store) })
    http = createServer()
    const current = sync
    http.on('upgrade', (request, socket, head) => current.handleUpgrade(request, socket, head))
    await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve))
    port = (http.address() as AddressInfo).port
    watchSockets(http)
  }

  const sockets = new Set<{ destroy(): void }>()
  function watchSockets(server: Server): void {
    server.on('connection', (socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    })
  }
  const cutConnections = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  const stopListening = (): Promise<void> =>
    new Promise((resolve) => {
      http.close(() => resolve())
      cutConnections()
    })
  function release(): void {
    isHeld = false
    for (const go of releases) go()
    releases = []
  }
  async function kill(): Promise<void> {
    // From here on the old store can write nothing: another one holds the disk.
    store = createMemoryStore({ disk })
    await stopListening()
    release()
    await sync.shutdown({ deadlineMs: 0 })
  }

  await start()
  onTestFinished(kill)
  return {
    url: `ws://127.0.0.1:${port}/sync`,
    get sync() {
      return sync
    },
    async stored(document) {
      const { snapshot, tail } = await store.open(nameOf(document))
      const doc = new Y.Doc()
      if (snapshot) Y.applyUpdate(doc, snapshot.update)
      for (const { update } of tail) Y.applyUpdate(doc, update)
      return doc
    },
    hold() {
      isHeld = true
    },
    release,
    cutConnections,
    kill,
    async shutDown() {
      await sync.shutdown({ deadlineMs: 5_000 })
      await stopListening()
    },
    start,
    loseDisk() {
      disk = new MemoryDisk()
    },
  }
}

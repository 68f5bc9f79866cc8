/**
 * Unmodified Hocuspocus providers as clients of the simulation, and what they believe is saved.
 *
 * A provider counts its own edits that are not acknowledged. Within a connection in which the count was
 * once zero it is exact: the last so many of its edits are not saved, and all before them are. Before
 * that it counts everything that it brought on connecting as one, which says nothing about single edits.
 *
 * The packages are loaded by name at run time: they offer their sources under the same export condition
 * as ours, which do not pass our compiler.
 */
import WebSocket from 'ws'
import * as Y from 'yjs'

const packages = { 'hocuspocus 3': 'hocuspocus-provider-3', 'hocuspocus 4': '@hocuspocus/provider' }

export type HocuspocusKind = keyof typeof packages

interface HocuspocusModule {
  readonly HocuspocusProvider: new (
    configuration: object,
  ) => {
    readonly synced: boolean
    readonly unsyncedChanges: number
    readonly hasUnsyncedChanges: boolean
    on(event: 'unsyncedChanges' | 'close', listener: () => void): unknown
    on(event: 'authenticationFailed', listener: (told: { reason: string }) => void): unknown
    attach(): void
    destroy(): void
  }
  readonly HocuspocusProviderWebsocket: new (
    configuration: object,
  ) => {
    readonly status: string
    on(event: 'close', listener: (closed: { event: { code: number } }) => void): unknown
    destroy(): void
  }
}

export interface HocuspocusClient {
  readonly doc: Y.Doc
  readonly isSynced: boolean
  readonly isConnected: boolean
  /** What the application would show: whether something is not saved. */
  readonly hasUnsaved: boolean
  /** How many of its own updates, from its first on, it has ever been told are saved. */
  readonly savedCount: number
  /** For a message: what became of its last connections. */
  readonly history: string
  close(): void
}

/** A socket as in browsers: one that is refused throws nothing that nobody catches. */
class BrowserLikeSocket extends WebSocket {
  constructor(url: string, protocols?: string[]) {
    super(url, protocols)
    this.on('error', () => undefined)
  }
}

/** `ownCount`: how many updates were made on `doc` here, the one included that is being made. */
export async function openHocuspocusClient(
  kind: HocuspocusKind,
  { url, document, doc }: { readonly url: string; readonly document: string; readonly doc: Y.Doc },
  ownCount: () => number,
): Promise<HocuspocusClient> {
  const name: string = packages[kind]
  const { HocuspocusProvider, HocuspocusProviderWebsocket } = (await import(
    name
  )) as HocuspocusModule
  const socket = new HocuspocusProviderWebsocket({
    url,
    WebSocketPolyfill: BrowserLikeSocket,
    delay: 30,
    minDelay: 30,
    maxDelay: 200,
  })
  const provider = new HocuspocusProvider({
    websocketProvider: socket,
    name: document,
    document: doc,
    token: 'nobody asks for it',
    broadcast: false,
  })
  const history: string[] = []
  socket.on('close', ({ event }) => history.push(`closed ${event.code}`))
  provider.on('authenticationFailed', ({ reason }) => history.push(reason))
  let isExact = false
  let savedCount = 0
  provider.on('unsyncedChanges', () => {
    if (provider.unsyncedChanges === 0) isExact = true
    if (isExact) savedCount = Math.max(savedCount, ownCount() - provider.unsyncedChanges)
  })
  provider.on('close', () => {
    isExact = false
  })
  provider.attach()
  return {
    doc,
    get isSynced() {
      return provider.synced
    },
    get isConnected() {
      return socket.status === 'connected'
    },
    get hasUnsaved() {
      return provider.hasUnsyncedChanges
    },
    get savedCount() {
      return savedCount
    },
    get history() {
      const { synced, unsyncedChanges } = provider
      const now = `${socket.status}, synced ${synced}, ${unsyncedChanges} unsynced`
      return [...history.slice(-5), now].join('; ')
    },
    close() {
      provider.destroy()
      socket.destroy()
      doc.destroy()
    },
  }
}

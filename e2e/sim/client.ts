/**
 * A client without a screen: a Y.Doc and the real provider over a real socket. And the same with a
 * stock y-websocket provider, for comparison.
 */
import { type Random, systemRandom } from '@quire/base'
import { createProvider, type Provider, type WebSocketClass } from '@quire/provider'
import { until } from '@quire/testkit'
import WebSocket from 'ws'
import { Awareness } from 'y-protocols/awareness'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'

export interface Client {
  readonly doc: Y.Doc
  readonly provider: Provider
  /** Waits until the server has everything of this client on disk, and the client everything of the server. */
  saved(): Promise<void>
  close(): Promise<void>
}

export interface ClientOptions {
  /** `ws://host:port/sync` */
  readonly syncUrl: string
  readonly document: string
  readonly doc?: Y.Doc
  readonly webSocket?: WebSocketClass
  /** What the client says it edits with. */
  readonly schema?: string
}

/** Reconnects after a fiftieth of the usual waits: tests restart servers often, and a handful of clients is no herd. */
const hasty: Random = {
  unit: () => systemRandom.unit() / 50,
  bytes: (byteCount) => systemRandom.bytes(byteCount),
}

// Every y-websocket provider listens for the end of the process; Node takes eleven of them for a leak.
process.setMaxListeners(0)

/** How long a client may need to come back after a restart, on a busy machine. */
export const reconnectMsMax = 60_000

export function openClient(options: ClientOptions): Client {
  const doc = options.doc ?? new Y.Doc()
  const awareness = new Awareness(doc)
  awareness.setLocalState(null)
  const provider = createProvider({
    url: options.syncUrl,
    document: options.document,
    doc,
    awareness,
    webSocket: options.webSocket ?? WebSocket,
    schema: options.schema,
    random: hasty,
  })
  return {
    doc,
    provider,
    saved: () =>
      until(
        `client of ${options.document} is saved and synced (now ${JSON.stringify(provider.status)})`,
        () => provider.synced && provider.status.kind === 'saved',
        reconnectMsMax,
      ).then(() => undefined),
    async close() {
      await provider.close()
      awareness.destroy()
      doc.destroy()
    },
  }
}

/** A client that joins, has everything the server has, and is gone again. */
export async function freshJoiner(syncUrl: string, document: string): Promise<Y.Doc> {
  const client = openClient({ syncUrl, document })
  try {
    await until('a fresh joiner is synced', () => client.provider.synced, reconnectMsMax)
    const doc = new Y.Doc()
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(client.doc))
    return doc
  } finally {
    await client.close()
  }
}

export interface StockClient {
  readonly doc: Y.Doc
  readonly provider: WebsocketProvider
  close(): void
}

/** An unmodified y-websocket client. `baseUrl`: what it puts `/<document>` behind. */
export function openStockClient(baseUrl: string, document: string, doc = new Y.Doc()): StockClient {
  const provider = new WebsocketProvider(baseUrl, document, doc, {
    WebSocketPolyfill: WebSocket as never,
    disableBc: true,
    maxBackoffTime: 200,
  })
  return {
    doc,
    provider,
    close() {
      provider.destroy()
      doc.destroy()
    },
  }
}

/** True when all documents hold the same: same clocks, same deletions, same pending nothing. */
export function areEqual(docs: readonly Y.Doc[]): boolean {
  const [first, ...rest] = docs
  if (first === undefined) return true
  const snapshot = Y.snapshot(first)
  return rest.every((doc) => Y.equalSnapshots(snapshot, Y.snapshot(doc)))
}

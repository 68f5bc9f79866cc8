/**
 * Those who type while the server is killed (`kill-rounds.ts`): clients of every kind behind one
 * interface, and what each was told is saved.
 */
import { unreachable } from '@quire/base'
import * as Y from 'yjs'
import { areEqual, openClient, openStockClient } from './client.ts'
import type { Gateway } from './gateway.ts'
import { mergedUpdate } from './history-runs.ts'
import { type HocuspocusKind, openHocuspocusClient } from './hocuspocus-client.ts'

/** Of which kind somebody's client is: ours, or an unmodified provider. */
export type WriterKind = 'ours' | 'y-websocket' | HocuspocusKind

/** One who types words `<name><number>;` and scribbles elsewhere, and remembers what was acknowledged. */
export interface Writer {
  readonly name: string
  readonly doc: Y.Doc
  wordCount: number
  /** Own updates in their order. */
  readonly updates: Uint8Array[]
  /** The first of them, as many as were acknowledged at the last kill, and their merged bytes. */
  acked: { readonly count: number; readonly merged: Uint8Array }
  readonly connection: WriterConnection
}

/** What the rounds ask of a client, of whatever kind. */
export interface WriterConnection {
  readonly isSynced: boolean
  /** Whether it believes that all it wrote is saved; true for one that is told nothing. */
  readonly isSaved: boolean
  /** How many of the writer's own updates, from the first, it was told are saved; undefined for one that is told nothing. */
  readonly savedCount: number | undefined
  /** Whether it has seen that nobody answers. */
  readonly isAway: boolean
  /** For a message, where there is more to say. */
  readonly history?: string
  close(): Promise<void> | void
}

export async function makeWriter(
  name: string,
  document: string,
  gateway: Gateway,
  kind: WriterKind,
): Promise<Writer> {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  // Before the provider listens: its own count then never knows of an update that is not in here.
  doc.on(
    'update',
    (update: Uint8Array, _origin: unknown, _doc: Y.Doc, { local }: Y.Transaction) => {
      if (local) updates.push(update)
    },
  )
  return {
    name,
    doc,
    wordCount: 0,
    updates,
    acked: { count: 0, merged: mergedUpdate([]) },
    connection: await connect(kind, gateway, document, doc, () => updates.length),
  }
}

async function connect(
  kind: WriterKind,
  { syncUrl }: Gateway,
  document: string,
  doc: Y.Doc,
  ownCount: () => number,
): Promise<WriterConnection> {
  switch (kind) {
    case 'ours': {
      const client = openClient({ syncUrl, document, doc })
      const { provider } = client
      return {
        get isSynced() {
          return provider.synced
        },
        get isSaved() {
          return provider.status.kind === 'saved'
        },
        get savedCount() {
          const { status } = provider
          return ownCount() - ('unsaved' in status ? status.unsaved : 0)
        },
        get isAway() {
          return !provider.synced || provider.status.kind === 'offline'
        },
        close: () => client.close(),
      }
    }
    case 'y-websocket': {
      const client = openStockClient(syncUrl, document, doc)
      const { provider } = client
      return {
        get isSynced() {
          return provider.synced
        },
        isSaved: true,
        savedCount: undefined,
        get isAway() {
          return !provider.wsconnected
        },
        close: () => client.close(),
      }
    }
    case 'hocuspocus 3':
    case 'hocuspocus 4': {
      const client = await openHocuspocusClient(kind, { url: syncUrl, document, doc }, ownCount)
      return {
        get isSynced() {
          return client.isConnected && client.isSynced
        },
        get isSaved() {
          return !client.hasUnsaved
        },
        get savedCount() {
          return client.savedCount
        },
        get isAway() {
          return !client.isConnected
        },
        get history() {
          return client.history
        },
        close: () => client.close(),
      }
    }
    default:
      return unreachable(kind)
  }
}

/** For a message: who is where, and whether it has what the first has. */
export function describe(writers: readonly Writer[]): string {
  const [first] = writers
  return JSON.stringify(
    writers.map(({ name, doc, updates, connection }) => ({
      name,
      isSynced: connection.isSynced,
      isSaved: connection.isSaved,
      history: connection.history,
      savedCount: connection.savedCount,
      ownCount: updates.length,
      isEqual: first !== undefined && areEqual([first.doc, doc]),
    })),
  )
}

/**
 * The provider, as its users see it. `create-provider.ts` makes one.
 *
 * 1. `saved` is said only when the server acknowledged every edit of this device (SPEC).
 * 2. Listeners are called synchronously, after the property of the same name has its new value.
 */
import type { Clock, Log, Random } from '@quire/base'
import type { DocumentEvent, SessionInfo } from '@quire/protocol'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import type { CopyState } from './offline-copy.ts'
import type { Pace } from './pace.ts'
import type { PageTarget } from './page.ts'
import type { SaveStatus } from './status.ts'
import type { TokenSource } from './token.ts'
import type { TraceEntry } from './trace.ts'
import type { WebSocketClass } from './wire.ts'

export interface ProviderOptions {
  /** Where the sync server listens, without the document: `wss://host/sync`. */
  readonly url: string
  readonly document: string
  readonly doc: Y.Doc
  /** Given: stays the caller's to destroy. Otherwise the provider makes one and destroys it. */
  readonly awareness?: Awareness | undefined
  /**
   * Who one is, for servers that ask: a token, or a function that gets one. The function is called
   * before each connection, and when the server asks for a newer one because the present one ends; one
   * that rejects, or takes longer than 10 s, is a connection that failed, and is tried again. The token
   * is sent as the first message, never in the address; a `stock` server has no such message.
   */
  readonly token?: TokenSource | undefined
  /**
   * What one edits with, as `schemaHash` of `@quire/document` or `schemaHashOf` of `@quire/editor` makes it.
   * With it one learns who may write with another schema (`otherSchemas`). Throws a TypeError for what is
   * no such hash. A stock server has no place for it and is not told.
   */
  readonly schema?: string | undefined
  /** Keeps a copy in this browser's IndexedDB. Default: false. */
  readonly offlineCopy?: boolean | undefined
  /** What the server speaks. `stock`: plain y-websocket, which never says what it stored. Default: `quire`. */
  readonly dialect?: 'quire' | 'stock' | undefined
  /** The class to open sockets with. Default: the global one; in Node 20, the one of `ws`. */
  readonly webSocket?: WebSocketClass | undefined
  /** Where page events are heard. Default: the window, where there is one. */
  readonly page?: PageTarget | undefined
  /**
   * When to take in what others wrote and to write the copy, so that neither delays a key. Default: where
   * there is a window, after the frame of the key that is under way, a tenth of a second late at most;
   * elsewhere at once.
   */
  readonly pace?: Pace | undefined
  /** Connects at once. Default: true. */
  readonly connect?: boolean | undefined
  readonly clock?: Clock | undefined
  readonly random?: Random | undefined
  readonly log?: Log | undefined
}

export interface ProviderEvents {
  /** `status` became another value. */
  readonly status: SaveStatus
  readonly synced: boolean
  /** `loaded` became true; once. */
  readonly loaded: true
  /** Something about the document changed, says the server. */
  readonly event: DocumentEvent
  /** Who one is to the server; again after each reconnect and when the role changes. */
  readonly session: SessionInfo
  readonly copy: CopyState
  /** `otherSchemas` became others. */
  readonly otherSchemas: readonly string[]
}

export interface Provider {
  readonly document: string
  readonly doc: Y.Doc
  readonly awareness: Awareness
  readonly status: SaveStatus
  /** The document holds all that the server has, on the present connection. */
  readonly synced: boolean
  /** The document was filled, by the server or from the offline copy, and can be shown. Never becomes false again. */
  readonly loaded: boolean
  /** What the server last said about this session; undefined before, and with a stock server. */
  readonly session: SessionInfo | undefined
  readonly copy: CopyState
  /**
   * Hashes of other schemas with which people may write here now, a few of them at most; empty without
   * `schema` and while there is no connection. They see content that this page locks, or the other way round.
   */
  readonly otherSchemas: readonly string[]
  /** Closing the page now would lose edits: they are neither acknowledged nor known to be in the offline copy. For `beforeunload`. */
  readonly hasUnsaved: boolean
  /** Calls `listener` at each event, synchronously and in order, until the returned function is called. A listener that throws is logged and disturbs nobody. */
  on<K extends keyof ProviderEvents>(
    name: K,
    listener: (value: ProviderEvents[K]) => void,
  ): () => void
  /** Connects, also after `disconnect` and after a refusal. Nothing happens when it is connected or trying. */
  connect(): void
  /** Leaves, and stays away until `connect`. Edits are counted, and kept in the offline copy. */
  disconnect(): void
  /** Deletes the offline copy of this document from this device and keeps none from now on. Rejects when the browser refuses. */
  forget(): Promise<void>
  /** Leaves for good: presence goes, the copy is written to the end, no timer or listener stays. Idempotent. */
  close(): Promise<void>
  /** The last 200 things that happened, without content, for bug reports. */
  trace(): readonly TraceEntry[]
}

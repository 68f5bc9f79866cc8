/**
 * Clients of every kind behind one interface: three generations of Hocuspocus' provider and of
 * y-websocket, unmodified, and a client with `quire.v1`. For `matrix*.test.ts`.
 *
 * The packages are loaded by name at run time: they offer their sources under the same export condition
 * as ours, which do not pass our compiler.
 */
import { until } from '@quire/testkit'
import type { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { BrowserLikeSocket, QuireEditor } from './quire-editor.ts'

/** One person in one document, as an application sees it. */
export interface Editor {
  readonly kind: Kind
  readonly doc: Y.Doc
  readonly text: Y.Text
  readonly awareness: Awareness
  readonly isSynced: boolean
  /** How long the text was each time the client said that it is synced. */
  readonly lengthsWhenSynced: readonly number[]
  /** What the client thinks is not saved; undefined for one that does not count. */
  readonly unsynced: number | undefined
  /** With which codes its sockets were closed. */
  readonly closedWith: readonly number[]
  /** Why it was told that it may not, in band. */
  readonly denied: readonly string[]
  /** What it was told that it may do: "read-write", "readonly" or a role; undefined when its dialect has no word for it. */
  readonly scope: string | undefined
  destroy(): void
}

export interface EditorOptions {
  readonly url: string
  readonly document: string
  /** Asked for again with each connection. */
  readonly token: () => string
}

/** What the tests use of `HocuspocusProviderWebsocket`, in all versions. */
export interface HocuspocusSocket {
  readonly status: string
  readonly configuration: { readonly providerMap: ReadonlyMap<string, unknown> }
  on(event: 'close', listener: (closed: { event: { code: number } }) => void): unknown
  on(event: 'message', listener: (message: { data: ArrayBuffer }) => void): unknown
  disconnect(): void
  connect(): unknown
  destroy(): void
}

/** What the tests use of `HocuspocusProvider`, in all versions. */
export interface HocuspocusProvider {
  readonly document: Y.Doc
  readonly awareness: Awareness
  readonly synced: boolean
  readonly unsyncedChanges: number
  readonly hasUnsyncedChanges: boolean
  readonly authorizedScope: string | undefined
  readonly sessionId?: string
  on(event: 'synced', listener: (synced: { state: boolean }) => void): unknown
  on(event: 'authenticationFailed', listener: (denied: { reason: string }) => void): unknown
  on(event: 'unsyncedChanges' | 'close', listener: (value: unknown) => void): unknown
  attach?(): void
  sendToken?(): Promise<void>
  forceSync(): void
  sendStateless(payload: string): void
  destroy(): void
}

interface HocuspocusModule {
  readonly HocuspocusProvider: new (configuration: object) => HocuspocusProvider
  readonly HocuspocusProviderWebsocket: new (configuration: object) => HocuspocusSocket
}

interface YWebsocketProvider {
  readonly doc: Y.Doc
  readonly awareness: Awareness
  readonly synced: boolean
  on(event: 'sync', listener: (isSynced: boolean) => void): unknown
  on(event: 'connection-close', listener: (event: { code: number } | null) => void): unknown
  destroy(): void
}

interface YWebsocketModule {
  readonly WebsocketProvider: new (
    url: string,
    document: string,
    doc: Y.Doc,
    options: object,
  ) => YWebsocketProvider
}

const packages = {
  'hocuspocus 4.8.0': '@hocuspocus/provider',
  'hocuspocus 3.4.4': 'hocuspocus-provider-3',
  'hocuspocus 2.15.3': 'hocuspocus-provider-2',
  'y-websocket 3.1.0': 'y-websocket',
  'y-websocket 3.0.0': 'y-websocket-3-0',
  'y-websocket 2.1.0': 'y-websocket-2',
} as const

export type HocuspocusKind = Extract<keyof typeof packages, `hocuspocus ${string}`>
export type YWebsocketKind = Extract<keyof typeof packages, `y-websocket ${string}`>
export type Kind = keyof typeof packages | 'quire.v1'

export const hocuspocusKinds: readonly HocuspocusKind[] = [
  'hocuspocus 4.8.0',
  'hocuspocus 3.4.4',
  'hocuspocus 2.15.3',
]
export const yWebsocketKinds: readonly YWebsocketKind[] = [
  'y-websocket 3.1.0',
  'y-websocket 3.0.0',
  'y-websocket 2.1.0',
]
export const kinds: readonly Kind[] = [...hocuspocusKinds, ...yWebsocketKinds, 'quire.v1']

export function isHocuspocus(kind: Kind): kind is HocuspocusKind {
  return kind.startsWith('hocuspocus')
}

async function load<Module>(kind: keyof typeof packages): Promise<Module> {
  const name: string = packages[kind]
  return (await import(name)) as Module
}

export async function openEditor(kind: Kind, options: EditorOptions): Promise<Editor> {
  if (kind === 'quire.v1') return new QuireEditor(options)
  return isHocuspocus(kind) ? openHocuspocus(kind, options) : openYWebsocket(kind, options)
}

/** A socket of the provider that comes back quickly, as the tests have no time. */
export async function openHocuspocusSocket(
  kind: HocuspocusKind,
  url: string,
): Promise<HocuspocusSocket> {
  const { HocuspocusProviderWebsocket } = await load<HocuspocusModule>(kind)
  return new HocuspocusProviderWebsocket({
    url,
    WebSocketPolyfill: BrowserLikeSocket,
    delay: 30,
    minDelay: 30,
    maxDelay: 200,
  })
}

/** A provider on that socket; `rest` is added to its configuration. */
export async function openHocuspocusProvider(
  kind: HocuspocusKind,
  websocketProvider: HocuspocusSocket,
  { document, token }: Pick<EditorOptions, 'document' | 'token'>,
  rest: object = {},
): Promise<HocuspocusProvider> {
  const { HocuspocusProvider } = await load<HocuspocusModule>(kind)
  const provider = new HocuspocusProvider({
    websocketProvider,
    name: document,
    document: new Y.Doc(),
    token,
    broadcast: false,
    ...rest,
  })
  provider.attach?.()
  return provider
}

async function openHocuspocus(kind: HocuspocusKind, options: EditorOptions): Promise<Editor> {
  const socket = await openHocuspocusSocket(kind, options.url)
  const closedWith: number[] = []
  socket.on('close', ({ event }) => closedWith.push(event.code))
  const provider = await openHocuspocusProvider(kind, socket, options)
  const denied: string[] = []
  const lengthsWhenSynced: number[] = []
  const text = provider.document.getText('content')
  provider.on('authenticationFailed', ({ reason }) => denied.push(reason))
  provider.on('synced', ({ state }) => {
    if (state) lengthsWhenSynced.push(text.length)
  })
  return {
    kind,
    doc: provider.document,
    text,
    awareness: provider.awareness,
    get isSynced() {
      return provider.synced
    },
    lengthsWhenSynced,
    get unsynced() {
      return provider.unsyncedChanges
    },
    closedWith,
    denied,
    get scope() {
      return provider.authorizedScope
    },
    destroy() {
      provider.destroy()
      socket.destroy()
    },
  }
}

async function openYWebsocket(kind: YWebsocketKind, options: EditorOptions): Promise<Editor> {
  const { WebsocketProvider } = await load<YWebsocketModule>(kind)
  const doc = new Y.Doc()
  // Read anew for each connection, as an application does that renews it.
  const params = {
    get token() {
      return options.token()
    },
  }
  const provider = new WebsocketProvider(options.url, options.document, doc, {
    WebSocketPolyfill: BrowserLikeSocket,
    disableBc: true,
    maxBackoffTime: 200,
    params,
  })
  const closedWith: number[] = []
  const lengthsWhenSynced: number[] = []
  const text = doc.getText('content')
  provider.on('connection-close', (event) => {
    if (event) closedWith.push(event.code)
  })
  provider.on('sync', (isSynced) => {
    if (isSynced) lengthsWhenSynced.push(text.length)
  })
  return {
    kind,
    doc,
    text,
    awareness: provider.awareness,
    get isSynced() {
      return provider.synced
    },
    lengthsWhenSynced,
    unsynced: undefined,
    closedWith,
    denied: [],
    scope: undefined,
    destroy() {
      provider.destroy()
    },
  }
}

/** Waits until all have the same text, and that is what `stored` says. */
export async function untilConverged(
  editors: readonly Editor[],
  stored: () => Promise<string>,
): Promise<string> {
  const [first] = editors
  if (!first) throw new Error('nobody is there')
  await until('all have the same', () =>
    editors.every(({ text }) => text.toJSON() === first.text.toJSON()),
  )
  return await until('it is stored', async () => {
    const expected = first.text.toJSON()
    const isSame = editors.every(({ text }) => text.toJSON() === expected)
    return isSame && (await stored()) === expected ? `${expected}` || ' ' : undefined
  })
}

/** Our provider as a client of the real server, closed when the test ends. All write into one text. */
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { createProvider, type Provider, type ProviderOptions } from '../src/index.ts'
import type { QuireServer } from './quire-server.ts'

export function join(
  server: Pick<QuireServer, 'url'>,
  options: Partial<ProviderOptions> = {},
): Provider {
  const doc = new Y.Doc()
  const provider = createProvider({
    url: server.url,
    document: 'd',
    doc,
    webSocket: WebSocket,
    ...options,
  })
  onTestFinished(async () => {
    await provider.close()
    doc.destroy()
  })
  return provider
}

export const textOf = (provider: Provider): Y.Text => provider.doc.getText('t')
/** One edit, at the end. */
export const type = (provider: Provider, text: string): void =>
  textOf(provider).insert(textOf(provider).length, text)
export const isSaved = (provider: Provider): boolean => provider.status.kind === 'saved'

/** A client that is y-websocket as it is. */
export function joinStock(
  server: QuireServer,
  webSocket: typeof WebSocket = WebSocket,
): { readonly doc: Y.Doc; readonly provider: WebsocketProvider } {
  const doc = new Y.Doc()
  const provider = new WebsocketProvider(server.url, 'd', doc, {
    WebSocketPolyfill: webSocket as never,
    disableBc: true,
  })
  onTestFinished(() => {
    provider.awareness.destroy()
    provider.destroy()
    doc.destroy()
  })
  return { doc, provider }
}

/** Remote people who type all the time: clients in this process, each in one block. */
import { createSeededRandom, until } from '@quire/testkit'
import type * as Y from 'yjs'
import { openClient, openStockClient } from '../../sim/client.ts'

export interface Typist {
  readonly doc: Y.Doc
  /** Resolves when it has everything that the server has. */
  synced(): Promise<unknown>
  close(): Promise<void>
}

/** A client of our provider, or an unmodified one of y-websocket, as the editor in the page has. */
export function openTypist(kind: 'quire' | 'stock', syncUrl: string, document: string): Typist {
  if (kind === 'quire') {
    const client = openClient({ syncUrl, document })
    return { doc: client.doc, synced: () => client.saved(), close: () => client.close() }
  }
  const client = openStockClient(syncUrl, document)
  return {
    doc: client.doc,
    synced: () => until('a typist is synced', () => client.provider.synced, 60_000),
    close: async () => client.close(),
  }
}

/** Types at the end of a text, `keysPerSecond` on average, until the returned function is called. */
export function typeRemotely(
  text: () => Y.XmlText | undefined,
  { keysPerSecond, seed }: { readonly keysPerSecond: number; readonly seed: number },
): () => void {
  const random = createSeededRandom(seed)
  let timer: ReturnType<typeof setTimeout> | undefined
  const key = (): void => {
    const target = text()
    if (target === undefined) throw new Error('a remote typist has lost the block')
    target.insert(target.length, 'etaoin shrdlu'.charAt(Math.floor(random.unit() * 13)))
    timer = setTimeout(key, (1000 / keysPerSecond) * (0.5 + random.unit()))
  }
  key()
  return () => clearTimeout(timer)
}

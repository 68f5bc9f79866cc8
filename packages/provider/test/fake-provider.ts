/** A provider in a world that a test owns: network, clock, randomness, page. Closed when the test ends. */
import { createManualClock, createSeededRandom, type ManualClock } from '@quire/testkit'
import { onTestFinished } from 'vitest'
import * as Y from 'yjs'
import {
  createProvider,
  type Provider,
  type ProviderOptions,
  type SaveStatus,
} from '../src/index.ts'
import { createFakeNetwork, type FakeNetwork } from './fake-network.ts'

export interface FakeWorld {
  readonly provider: Provider
  readonly network: FakeNetwork
  readonly clock: ManualClock
  readonly page: EventTarget
  readonly doc: Y.Doc
  /** What a server that stores nothing by itself holds. */
  readonly serverDoc: Y.Doc
  /** Every status that was announced, in order. */
  readonly announced: SaveStatus[]
  /** One edit. */
  readonly type: (text: string) => void
}

export function createFakeWorld(options: Partial<ProviderOptions> = {}): FakeWorld {
  const network = createFakeNetwork()
  const clock = createManualClock()
  const page = new EventTarget()
  const doc = options.doc ?? new Y.Doc()
  const announced: SaveStatus[] = []
  const provider = createProvider({
    url: 'ws://quire.test/sync',
    document: 'd',
    webSocket: network.WebSocket,
    clock,
    page,
    random: createSeededRandom(1),
    ...options,
    doc,
  })
  provider.on('status', (status) => announced.push(status))
  onTestFinished(() => provider.close())
  const text = doc.getText('t')
  return {
    provider,
    network,
    clock,
    page,
    doc,
    serverDoc: new Y.Doc(),
    announced,
    type: (typed) => text.insert(text.length, typed),
  }
}

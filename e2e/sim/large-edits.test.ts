/**
 * Large edits in one document, by clients of every kind of which some stop reading for a while, with
 * people who come and go and a server that is killed in the middle: nobody finds anything missing or
 * empty. The server frees large buffers at their last use, and a use that it forgot would show here.
 */
import { must } from '@quire/base'
import { createSeededRandom, until } from '@quire/testkit'
import { afterAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import * as Y from 'yjs'
import { areEqual, freshJoiner, openClient, openStockClient, reconnectMsMax } from './client.ts'
import { makeDataFolder, readStored, removeDataFolder } from './data-folder.ts'
import { openHocuspocusClient } from './hocuspocus-client.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'

const data = makeDataFolder()
afterAll(() => removeDataFolder(data))

const seed = Number(process.env['QUIRE_SEED'] ?? 1)
const stepCount = 100
const document = 'large'

/** A socket that can stop reading. */
class PausableSocket extends WebSocket {
  static readonly open = new Set<PausableSocket>()
  constructor(...args: ConstructorParameters<typeof WebSocket>) {
    super(...args)
    PausableSocket.open.add(this)
    this.on('close', () => PausableSocket.open.delete(this))
  }
}

test(`[MB1] large edits reach everybody whole, whoever reads slowly, joins or leaves (seed ${seed})`, async () => {
  const random = createSeededRandom(seed)
  let server: ServerProcess = await startServerProcess({ data })
  const { port, syncUrl } = server
  // The first and the stock one read always.
  const ours = Array.from({ length: 4 }, (_, i) =>
    openClient({ syncUrl, document, webSocket: i === 0 ? WebSocket : (PausableSocket as never) }),
  )
  const first = must(ours[0], 'a client')
  const stock = openStockClient(syncUrl, document)
  const hocuspocus = await openHocuspocusClient(
    'hocuspocus 4',
    { url: `ws://127.0.0.1:${port}`, document, doc: new Y.Doc() },
    () => 0,
  )
  const docs = [...ours, stock, hocuspocus].map(({ doc }) => doc)
  const joiners: Promise<Y.Doc>[] = []
  let written = 0

  const edit = (): void => {
    const doc = must(docs[random.below(docs.length)], 'a document')
    const text = doc.getText('t')
    const size = random.below(3) === 0 ? 1 + random.below(200) : random.below(400_000)
    written += 1
    if (random.below(5) === 0 && text.length > 0) {
      const from = random.below(text.length)
      text.delete(from, random.below(text.length - from))
    } else if (random.below(2) === 0) {
      text.insert(random.below(text.length + 1), `<${written}>`.padEnd(size, 'żx'))
    } else doc.getMap('m').set(`${random.below(5)}`, `<${written}>`.padEnd(size, 'y'))
  }

  try {
    await until(
      'all are there',
      () => ours.every(({ provider }) => provider.synced),
      reconnectMsMax,
    )
    for (let step = 0; step < stepCount; step++) {
      edit()
      const sockets = [...PausableSocket.open]
      const socket = sockets[random.below(sockets.length)]
      if (socket && random.below(3) === 0) {
        if (socket.isPaused) socket.resume()
        else if (socket.readyState === WebSocket.OPEN) socket.pause()
      }
      if (random.below(10) === 0) joiners.push(freshJoiner(syncUrl, document))
      if (step === stepCount / 2) {
        await server.stop('SIGKILL')
        server = await startServerProcess({ data, port })
      }
      first.doc.getMap('m').set('step', step)
      await until(
        'a step is seen',
        () => stock.doc.getMap('m').get('step') === step,
        reconnectMsMax,
      )
    }
    for (const socket of PausableSocket.open) if (socket.isPaused) socket.resume()
    for (const one of ours) await one.saved()
    await until('all have everything', () => areEqual(docs), reconnectMsMax)
    for (const one of ours) await one.saved()
    expect(areEqual([...docs, await freshJoiner(syncUrl, document)])).toBe(true)
    await Promise.all(joiners)
  } finally {
    for (const one of ours) await one.close()
    for (const one of [stock, hocuspocus]) one.close()
    await server.stop('SIGTERM')
  }
  const stored = await readStored(data, document)
  expect(areEqual([must(docs[0], 'a document'), stored])).toBe(true)
}, 240_000)

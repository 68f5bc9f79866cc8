import { createMemoryStore, type DocumentStore, StoreError } from '@quire/persistence'
import { decodeServerMessage, encodeStep1, encodeStep2, encodeUpdate } from '@quire/protocol'
import { until } from '@quire/testkit'
import { afterEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import { type Host, named, RawClient, startHost, stockClient, storedText } from './harness.ts'

let host: Host
afterEach(() => host.close())

const quire = ['quire.v1']

/** A store whose next operations fail as told. */
function faulty(inner: DocumentStore = createMemoryStore()): {
  store: DocumentStore
  fail: { append?: Error | undefined; open?: Error | undefined }
} {
  const fail: { append?: Error | undefined; open?: Error | undefined } = {}
  const store: DocumentStore = {
    open: async (document) => {
      if (fail.open) throw fail.open
      return inner.open(document)
    },
    append: async (batch) => {
      if (fail.append) throw fail.append
      return inner.append(batch)
    },
    compact: (...args) => inner.compact(...args),
    create: (...args) => inner.create(...args),
    authors: (...args) => inner.authors(...args),
    describe: (...args) => inner.describe(...args),
    rename: (...args) => inner.rename(...args),
    list: (...args) => inner.list(...args),
    delete: (...args) => inner.delete(...args),
    verify: () => inner.verify(),
    close: () => inner.close(),
  }
  return { store, fail }
}

const special = (client: RawClient) =>
  client.frames.map((frame) => decodeServerMessage(frame)).filter(({ kind }) => kind !== 'other')

test('[SY6] a quire client is told who it is before anything else, and what is durable after the commit', async () => {
  host = await startHost()
  const ada = await RawClient.join(`${host.url}/sync/acks`)
  expect(ada.ws.protocol).toBe('quire.v1')
  expect(special(ada)[0]).toMatchObject({ kind: 'session', session: { role: 'edit' } })
  // Step1, and the Step2 that answers the server's Step1.
  await until('the handshake is durable', () => ada.saved === 2)
  ada.text.insert(0, 'a')
  ada.text.insert(1, 'b')
  await until('both edits are durable', () => ada.saved === 4)
  expect(await storedText(host.store, 'acks')).toBe('ab')
})

test('[SY7] while the store fails nothing is acknowledged, clients are told, and it resumes by itself', async () => {
  const { store, fail } = faulty()
  host = await startHost({ store })
  const ada = await RawClient.join(`${host.url}/sync/full`)
  const bob = await RawClient.join(`${host.url}/sync/full`)
  await until('the handshake is durable', () => ada.saved === 2)
  fail.append = new StoreError('full', 'no space left')
  ada.text.insert(0, 'kept')
  const states = () =>
    special(ada).flatMap((message) =>
      message.kind === 'event' && message.event.kind === 'storage' ? [message.event.state] : [],
    )
  await until('ada knows that the store fails', () => states().includes('failing'))
  await until('bob has the edit', () => bob.text.toJSON() === 'kept')
  expect(ada.saved).toBe(2)
  expect(host.sync.stats()).toMatchObject({ unsavedUpdates: 1, storage: { state: 'failing' } })
  const late = await RawClient.join(`${host.url}/sync/full`)
  expect(late.text.toJSON()).toBe('kept')
  fail.append = undefined
  await until('the edit is durable', () => ada.saved === 3)
  expect(states()).toEqual(['failing', 'ok'])
  expect(await storedText(store, 'full')).toBe('kept')
  expect(host.sync.stats()).toMatchObject({ unsavedBytes: 0, storage: { state: 'ok' } })
})

test('[SY8] a document that cannot be loaded is refused, never empty, and opens once it can', async () => {
  const { store, fail } = faulty()
  host = await startHost({ store })
  const ada = await RawClient.join(`${host.url}/sync/load`)
  ada.text.insert(0, 'there')
  await until('it is durable', () => ada.saved === 3)
  await ada.close()
  await host.close()
  host = await startHost({ store })
  fail.open = new StoreError('io', 'disk gone')
  const bob = await RawClient.open(`${host.url}/sync/load`, { protocols: quire })
  bob.send(encodeStep1(Uint8Array.of(0)))
  await until('bob is refused', () => bob.closed)
  expect(bob.closed).toEqual({ code: 4503, reason: 'storage unavailable' })
  expect(bob.frames).toEqual([])
  fail.open = undefined
  const late = await RawClient.join(`${host.url}/sync/load`)
  expect(late.text.toJSON()).toBe('there')
})

test('[SY9] the seed is the first row of a document that a quire client opens, once, and of no stock document', async () => {
  const seedDoc = new Y.Doc()
  seedDoc.clientID = 1
  seedDoc.getText('content').insert(0, 'seed')
  const seed = Y.encodeStateAsUpdate(seedDoc)
  host = await startHost({ seed })
  const all = await Promise.all([1, 2, 3].map(() => RawClient.join(`${host.url}/sync/seeded`)))
  for (const client of all) expect(client.text.toJSON()).toBe('seed')
  await until('it is stored', async () => (await storedText(host.store, 'seeded')) === 'seed')
  expect((await host.store.open(named('seeded'))).tail.map(({ update }) => update)).toEqual([seed])
  const stock = await RawClient.join(`${host.url}/sync/plain`, [])
  expect(stock.text.toJSON()).toBe('')
})

test('[SY10] an update that arrives before its predecessor is held, unacknowledged, and taken when it came', async () => {
  host = await startHost()
  const ada = await RawClient.join(`${host.url}/sync/race`)
  const bob = await RawClient.join(`${host.url}/sync/race`)
  const reader = await RawClient.join(`${host.url}/sync/race`)
  await until('the handshakes are durable', () => ada.saved === 2 && bob.saved === 2)
  const source = new Y.Doc()
  const updates: Uint8Array[] = []
  source.on('update', (update: Uint8Array) => updates.push(update))
  source.getText('content').insert(0, 'first ')
  source.getText('content').insert(6, 'second')
  const [first, second] = updates as [Uint8Array, Uint8Array]
  bob.send(encodeUpdate(second))
  await until('it is held', () => host.sync.stats().heldUpdates === 1)
  expect(await storedText(host.store, 'race')).toBe('')
  ada.send(encodeUpdate(first))
  await until('the reader has both', () => reader.text.toJSON() === 'first second')
  await until('both are durable', () => ada.saved === 3 && bob.saved === 3)
  expect(host.sync.stats().heldUpdates).toBe(0)
})

test('[SY10] a session that holds too much is sent away to begin again, and nothing of it is stored', async () => {
  host = await startHost({ limits: { heldUpdatesMax: 8 } })
  const bad = await RawClient.join(`${host.url}/sync/gaps`)
  const source = new Y.Doc()
  const updates: Uint8Array[] = []
  source.on('update', (update: Uint8Array) => updates.push(update))
  for (let i = 0; i < 12; i++) source.getText('content').insert(i, 'x')
  for (const update of updates.slice(2)) bad.send(encodeUpdate(update))
  await until('it is closed', () => bad.closed)
  expect(bad.closed?.code).toBe(1013)
  expect(await storedText(host.store, 'gaps')).toBe('')
  expect(host.sync.stats().heldUpdates).toBe(0)

  const again = await RawClient.join(`${host.url}/sync/gaps`)
  again.send(encodeStep2(Y.encodeStateAsUpdate(source)))
  await until('it is there', async () => (await storedText(host.store, 'gaps')) === 'x'.repeat(12))
})

test('[SY11] a deleted document closes its sessions and is not opened again', async () => {
  host = await startHost()
  const ada = await RawClient.join(`${host.url}/sync/gone`)
  ada.text.insert(0, 'x')
  await until('it is durable', () => ada.saved === 3)
  await host.store.delete(named('gone'))
  host.sync.closeDocument(named('gone'), 'deleted')
  await until('ada is told', () => ada.closed)
  expect(ada.closed?.code).toBe(4410)
  const bob = await RawClient.open(`${host.url}/sync/gone`, { protocols: quire })
  bob.send(encodeStep1(Uint8Array.of(0)))
  await until('bob is told', () => bob.closed)
  expect(bob.closed?.code).toBe(4410)
  expect(bob.frames).toEqual([])
})

test('[SY11] an edit of a document that another process deleted is refused by the store, and the session is told', async () => {
  host = await startHost()
  const ada = await RawClient.join(`${host.url}/sync/late`)
  ada.text.insert(0, 'x')
  await until('it is durable', () => ada.saved === 3)
  await host.store.delete(named('late'))
  ada.text.insert(1, 'y')
  await until('ada is told', () => ada.closed)
  expect(ada.closed?.code).toBe(4410)
  expect(host.sync.stats().unsavedUpdates).toBe(0)
})

test('[SY12] shutdown stores everything it took, says so, and closes with a code that brings clients back', async () => {
  host = await startHost()
  const ada = await RawClient.join(`${host.url}/sync/down`)
  for (let i = 0; i < 50; i++) ada.text.insert(i, 'x')
  await until('the server took all', () => host.sync.stats().counters.updatesTaken === 50)
  const result = await host.sync.shutdown({ deadlineMs: 5_000 })
  expect(result).toEqual({ unsaved: 0 })
  await until('ada is told', () => ada.closed)
  expect(ada.closed?.code).toBe(1012)
  expect(ada.saved).toBe(52)
  expect(await storedText(host.store, 'down')).toBe('x'.repeat(50))
})

test('[SY12] shutdown with a store that does not recover ends at its deadline and tells what is unsaved', async () => {
  const { store, fail } = faulty()
  host = await startHost({ store })
  const ada = await RawClient.join(`${host.url}/sync/stuck`)
  await until('the handshake is durable', () => ada.saved === 2)
  fail.append = new StoreError('full', 'no space left')
  ada.text.insert(0, 'x')
  await until('the server took it', () => host.sync.stats().unsavedUpdates === 1)
  expect(await host.sync.shutdown({ deadlineMs: 300 })).toEqual({ unsaved: 1 })
  expect(ada.saved).toBe(2)
  const refused = new RawClient(`${host.url}/sync/stuck`)
  await until('a newcomer is not let in', () => refused.closed)
})

test('[SY13] a title reaches the quire clients in the document, and no stock client', async () => {
  host = await startHost()
  const ada = await RawClient.join(`${host.url}/sync/titled`)
  const stock = await RawClient.join(`${host.url}/sync/titled`, [])
  host.sync.announce(named('titled'), { kind: 'title', title: 'Plan' })
  await until('ada knows', () => special(ada).some(({ kind }) => kind === 'event'))
  expect(special(ada).at(-1)).toEqual({ kind: 'event', event: { kind: 'title', title: 'Plan' } })
  expect(special(stock)).toEqual([])
})

test('[SY5] another subprotocol that a client offers is selected, so that browsers do not fail', async () => {
  host = await startHost()
  const client = await RawClient.open(`${host.url}/sync/other`, { protocols: ['yauth-token', 'x'] })
  expect(client.ws.protocol).toBe('yauth-token')
})

test('[SY14] sockets cut at random moments of their join leave nothing behind', async () => {
  host = await startHost({ idleMs: 0 })
  const ada = await RawClient.join(`${host.url}/sync/cut`)
  ada.text.insert(0, 'x'.repeat(1000))
  for (let i = 0; i < 40; i++) {
    const client = new RawClient(`${host.url}/sync/${i % 2 ? 'cut' : `cut-${i}`}`, {
      protocols: quire,
    })
    client.ws.on('open', () => {
      client.send(encodeStep1(Uint8Array.of(0)))
      if (i % 3 > 0) client.ws.terminate()
      else setImmediate(() => client.ws.terminate())
    })
  }
  const one = stockClient(`${host.url}/sync`, 'cut')
  await until('a good client is served', () => one.doc.getText('content').length === 1000)
  one.destroy()
  await until('only ada is left', () => {
    const { connections, sessions, rooms } = host.sync.stats()
    return connections === 1 && sessions === 1 && rooms === 1
  })
})

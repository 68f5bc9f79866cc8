import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { encodeSaved, encodeSession, encodeUpdate } from '@quire/protocol'
import { until } from '@quire/testkit'
import { beforeEach, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { messages, takeEdits } from '../test/fake-network.ts'
import { createFakeWorld, type FakeWorld } from '../test/fake-provider.ts'

beforeEach(() => {
  // Nobody's copy outlives a test.
  globalThis.indexedDB = new IDBFactory()
})

const session = { role: 'edit', user: { id: 'u1', name: 'Ada' }, lineage: null } as const

/** A provider whose copy has opened, so that it has dialled. */
async function openWorld(options: Parameters<typeof createFakeWorld>[0] = {}): Promise<FakeWorld> {
  const world = createFakeWorld({ offlineCopy: true, ...options })
  await until('the copy opens', () => world.network.sockets.length > 0)
  return world
}

const isKept = ({ provider }: FakeWorld): boolean =>
  provider.status.kind === 'offline' && provider.status.keptOnDevice

test('[CP1] an edit is kept on the device only when its transaction has completed', async () => {
  const world = await openWorld()
  const { provider, network, type } = world
  expect(provider.copy).toEqual({ kind: 'ready' })
  network.last.end(1006)
  expect(isKept(world)).toBe(true)
  type('a')
  expect(provider.status).toEqual({ kind: 'offline', unsaved: 1, keptOnDevice: false })
  expect(provider.hasUnsaved).toBe(true)
  type('b')
  await until('both are written', () => isKept(world))
  expect(provider.status).toEqual({ kind: 'offline', unsaved: 2, keptOnDevice: true })
  expect(provider.hasUnsaved).toBe(false)
})

test('[CP1] an edit made while another is being written is not kept with it', async () => {
  const { provider, network, type } = await openWorld()
  network.last.end(1006)
  const add = vi.spyOn(IDBObjectStore.prototype, 'add')
  const addsWhenKept: number[] = []
  provider.on('status', (status) => {
    if (status.kind === 'offline' && status.keptOnDevice) addsWhenKept.push(add.mock.calls.length)
  })
  type('a')
  type('b')
  await until('both are written', () => !provider.hasUnsaved)
  add.mockRestore()
  expect(addsWhenKept).toEqual([2])
})

test('[CP1] an edit made before the copy has opened is not kept because the copy has loaded', async () => {
  const first = await openWorld()
  first.type('first')
  await first.provider.close()
  const { provider, type } = createFakeWorld({ offlineCopy: true })
  type('early')
  const seen: [string, boolean][] = []
  provider.on('loaded', () => seen.push(['loaded', provider.hasUnsaved]))
  provider.on('copy', (copy) => seen.push([copy.kind, provider.hasUnsaved]))
  await until('it is written', () => !provider.hasUnsaved)
  expect(seen).toEqual([
    ['loaded', true],
    ['ready', true],
  ])
})

test('[CP2] [LE2] a document edited offline has its edits after a reload, and is not saved before they are acknowledged', async () => {
  const first = await openWorld()
  first.type('typed offline')
  await first.provider.close()

  const { provider, network, doc, serverDoc, announced } = await openWorld()
  expect(doc.getText('t').toJSON()).toBe('typed offline')
  expect(provider.loaded).toBe(true)
  expect(provider.synced).toBe(false)
  expect(provider.status).toEqual({ kind: 'saving', unsaved: 1 })
  expect(provider.hasUnsaved).toBe(false)
  network.last.open()
  network.last.receive(encodeSession(session))
  network.last.sync(serverDoc)
  expect(messages(network.last).map((message) => message.kind)).not.toContain('update')
  takeEdits(network.last, serverDoc)
  expect(serverDoc.getText('t').toJSON()).toBe('typed offline')
  network.last.receive(encodeSaved(1))
  expect(announced.map((status) => status.kind)).not.toContain('saved')
  network.last.receive(encodeSaved(2))
  expect(provider.status).toEqual({ kind: 'saved' })
})

test('[CP2] what others wrote is in the copy too, and a hundred edits in a row are', async () => {
  const first = await openWorld()
  first.serverDoc.getText('t').insert(0, 'theirs ')
  first.network.last.sync(first.serverDoc)
  for (let i = 0; i < 100; i++) first.type('x')
  await first.provider.close()
  const second = await openWorld()
  expect(second.doc.getText('t').toJSON()).toBe(`theirs ${'x'.repeat(100)}`)
})

/** Rows in the only database. */
async function rows(): Promise<IDBObjectStore> {
  const name = (await indexedDB.databases())[0]?.name ?? 'none'
  const request = indexedDB.open(name)
  await new Promise((resolve) => {
    request.onsuccess = resolve
  })
  return request.result.transaction(['updates'], 'readwrite').objectStore('updates')
}

async function rowCount(): Promise<number> {
  const store = await rows()
  const request = store.count()
  await new Promise((resolve) => {
    request.onsuccess = resolve
  })
  store.transaction.db.close()
  return request.result
}

test('[CP2] a copy of many rows is trimmed, and loses nothing', async () => {
  const first = await openWorld()
  first.type('first')
  await first.provider.close()
  const store = await rows()
  const author = new Y.Doc()
  author.on('update', (update: Uint8Array) => store.add(update))
  for (let i = 0; i < 600; i++) author.getText('t').insert(i, String(i % 10))
  await new Promise((resolve) => {
    store.transaction.oncomplete = resolve
  })
  store.transaction.db.close()

  const second = await openWorld()
  second.type('last')
  const text = second.doc.getText('t').toJSON()
  await until('it is trimmed', async () => (await rowCount()) < 10)
  second.type('!')
  await second.provider.close()
  const third = await openWorld()
  expect(text.length).toBe(609)
  expect(third.doc.getText('t').toJSON()).toBe(`${text}!`)
})

test('[CP2] changes of others are written within a second, and together', async () => {
  const { network, serverDoc, clock, provider } = await openWorld()
  network.last.sync(serverDoc)
  await until('what the sync brought is written', () => provider.copy.kind === 'ready')
  const before = await rowCount()
  for (let i = 0; i < 50; i++) {
    serverDoc.getText('t').insert(0, 'x')
    network.last.receive(encodeUpdate(Y.encodeStateAsUpdate(serverDoc)))
  }
  expect(await rowCount()).toBe(before)
  clock.advance(1_000)
  await until('they are written', async () => (await rowCount()) === before + 1)
})

test('[CP2] edits made before the copy has opened are in it', async () => {
  const world = createFakeWorld({ offlineCopy: true })
  world.type('early')
  expect(world.provider.hasUnsaved).toBe(true)
  await world.provider.close()
  const { doc } = await openWorld()
  expect(doc.getText('t').toJSON()).toBe('early')
})

test('[CP3] without IndexedDB there is a connection and no copy, and it says why', async () => {
  vi.stubGlobal('indexedDB', undefined)
  const world = await openWorld()
  vi.unstubAllGlobals()
  expect(world.provider.copy).toEqual({
    kind: 'failed',
    reason: 'Error: there is no IndexedDB here',
  })
  world.type('a')
  world.network.last.end(1006)
  expect(world.provider.status).toEqual({ kind: 'offline', unsaved: 1, keptOnDevice: false })
  expect(world.provider.hasUnsaved).toBe(true)
})

test('[CP3] a browser that refuses to open a database costs only the copy', async () => {
  vi.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new DOMException('private mode', 'SecurityError')
  })
  const { provider } = await openWorld()
  expect(provider.copy).toEqual({ kind: 'failed', reason: 'SecurityError: private mode' })
})

test('[CP3] a full disk is not kept on the device; when there is room again, a later edit brings everything', async () => {
  const world = await openWorld()
  const { provider, network, type, clock } = world
  network.last.end(1006)
  const add = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError')
  })
  type('a')
  expect(provider.copy).toEqual({ kind: 'failed', reason: 'QuotaExceededError: full' })
  type('b')
  expect(isKept(world)).toBe(false)
  add.mockRestore()
  type('c')
  expect(isKept(world)).toBe(false)
  clock.advance(10_000)
  type('d')
  await until('all are written', () => isKept(world) || provider.copy.kind === 'ready')
  await provider.close()
  const { doc } = await openWorld()
  expect(doc.getText('t').toJSON()).toBe('abcd')
})

test('[CP3] a transaction that the browser aborts is a failure, not a kept edit', async () => {
  const world = await openWorld()
  const { provider, network, type } = world
  network.last.end(1006)
  const add = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(function (
    this: IDBObjectStore,
  ) {
    this.transaction.abort()
    return null as never
  })
  type('a')
  await until('the copy fails', () => provider.copy.kind === 'failed')
  add.mockRestore()
  expect(isKept(world)).toBe(false)
  expect(provider.hasUnsaved).toBe(true)
})

test('[CP4] forget deletes the copy, and nothing is kept from then on', async () => {
  const { provider, type } = await openWorld()
  type('secret')
  await until('written', () => !provider.hasUnsaved)
  await provider.forget()
  expect(provider.copy).toEqual({ kind: 'none' })
  expect(await indexedDB.databases()).toEqual([])
  type('more')
  expect(provider.hasUnsaved).toBe(true)
  await provider.close()
  expect(await indexedDB.databases()).toEqual([])
})

test('[CP4] a copy that another tab forgets is not kept any more', async () => {
  const first = await openWorld()
  first.type('a')
  await until('written', () => !first.provider.hasUnsaved)
  const second = await openWorld()
  await second.provider.forget()
  first.network.last.end(1006)
  expect(first.provider.copy.kind).toBe('failed')
  expect(isKept(first)).toBe(false)
  first.type('b')
  expect(first.doc.getText('t').toJSON()).toBe('ab')
})

test('[CP5] the first attempt waits for the copy, but not for one that never answers', async () => {
  vi.spyOn(indexedDB, 'open').mockImplementation(() => ({}) as IDBOpenDBRequest)
  const { provider, network, clock } = createFakeWorld({ offlineCopy: true })
  expect(provider.status).toEqual({ kind: 'saving', unsaved: 0 })
  expect(network.sockets.length).toBe(0)
  clock.advance(5_000)
  await until('it dials', () => network.sockets.length > 0)
  expect(provider.copy).toEqual({
    kind: 'failed',
    reason: 'Error: the database does not answer',
  })
})

test('[CP5] disconnect and close while the copy opens dial nothing', async () => {
  const { provider, network } = createFakeWorld({ offlineCopy: true })
  provider.disconnect()
  expect(provider.status.kind).toBe('offline')
  await until('the copy opens', () => provider.copy.kind === 'ready')
  expect(network.sockets.length).toBe(0)
  await provider.close()
  expect(network.sockets.length).toBe(0)
})

test('copies of two documents and of two servers are apart', async () => {
  const first = await openWorld({ document: 'one' })
  first.type('one')
  await first.provider.close()
  const other = await openWorld({ document: 'two' })
  const elsewhere = await openWorld({ document: 'one', url: 'ws://else.test/sync' })
  expect(other.doc.getText('t').toJSON() + elsewhere.doc.getText('t').toJSON()).toBe('')
  expect(Y.encodeStateVector(other.doc).length).toBe(1)
})

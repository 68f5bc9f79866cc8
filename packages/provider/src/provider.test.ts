import { encodeEvent, encodeSaved, encodeSession, encodeUpdate } from '@quire/protocol'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { messages, takeEdits } from '../test/fake-network.ts'
import { createFakeWorld } from '../test/fake-provider.ts'
import { createProvider } from './index.ts'

const session = {
  role: 'edit',
  user: { id: 'u1', name: 'Ada' },
  lineage: null,
} as const

test('[ST1] [LE2] a new provider says saving, and saved when the first Step2 is acknowledged; each once', () => {
  const { provider, network, serverDoc, announced } = createFakeWorld()
  expect(provider.status).toEqual({ kind: 'saving', unsaved: 0 })
  network.last.open()
  network.last.receive(encodeSession(session))
  network.last.sync(serverDoc)
  expect(provider.synced).toBe(true)
  expect(provider.status).toEqual({ kind: 'saving', unsaved: 0 })
  network.last.receive(encodeSaved(network.last.syncCount))
  expect(announced).toEqual([{ kind: 'saved' }])
})

function savedWorld() {
  const world = createFakeWorld()
  const { network, serverDoc } = world
  network.last.open()
  network.last.receive(encodeSession(session))
  network.last.sync(serverDoc)
  network.last.receive(encodeSaved(network.last.syncCount))
  expect(world.provider.status).toEqual({ kind: 'saved' })
  world.announced.length = 0
  return world
}

test('[LE4] [ST1] an edit is unsaved until its own frame is acknowledged', () => {
  const { provider, network, announced, type } = savedWorld()
  type('a')
  type('b')
  network.last.receive(encodeSaved(network.last.syncCount - 1))
  network.last.receive(encodeSaved(network.last.syncCount))
  expect(announced).toEqual([
    { kind: 'saving', unsaved: 1 },
    { kind: 'saving', unsaved: 2 },
    { kind: 'saving', unsaved: 1 },
    { kind: 'saved' },
  ])
  expect(provider.hasUnsaved).toBe(false)
})

test('[LE5] [LE7] edits that lost their ack, and edits made offline, go up in one Step2 and wait for its ack', () => {
  const { provider, network, serverDoc, clock, type } = savedWorld()
  type('a')
  network.last.end(1006)
  type('b')
  expect(provider.status).toEqual({ kind: 'offline', unsaved: 2, keptOnDevice: false })
  clock.advance(300)
  expect(network.sockets.length).toBe(2)
  network.last.open()
  network.last.receive(encodeSession(session))
  expect(provider.status).toEqual({ kind: 'saving', unsaved: 2 })
  network.last.sync(serverDoc)
  takeEdits(network.last, serverDoc)
  expect(serverDoc.getText('t').toJSON()).toBe('ab')
  expect(provider.status).toEqual({ kind: 'saving', unsaved: 2 })
  network.last.receive(encodeSaved(network.last.syncCount))
  expect(provider.status).toEqual({ kind: 'saved' })
})

test('[LE2] content that the document held before the provider came counts as unsaved', () => {
  const doc = new Y.Doc()
  doc.getText('t').insert(0, 'before')
  const { provider, network, serverDoc } = createFakeWorld({ doc })
  expect(provider.status).toEqual({ kind: 'saving', unsaved: 1 })
  network.last.sync(serverDoc)
  network.last.receive(encodeSession(session))
  network.last.receive(encodeSaved(1))
  expect(provider.status).toEqual({ kind: 'saving', unsaved: 1 })
  network.last.receive(encodeSaved(2))
  expect(provider.status).toEqual({ kind: 'saved' })
})

test("[LE8] an observer's answer to a change of the server is sent and counted", () => {
  const { provider, network, doc, serverDoc } = savedWorld()
  doc.getText('t').observe((_event, transaction) => {
    if (!transaction.local) doc.getMap('seen').set('length', doc.getText('t').length)
  })
  const before = network.last.syncCount
  serverDoc.getText('t').insert(0, 'from elsewhere')
  network.last.receive(encodeUpdate(Y.encodeStateAsUpdate(serverDoc)))
  expect(provider.status).toEqual({ kind: 'saving', unsaved: 1 })
  expect(network.last.syncCount).toBe(before + 1)
  takeEdits(network.last, serverDoc)
  expect(serverDoc.getMap('seen').toJSON()).toEqual({ length: 14 })
})

test('[LE1] edits of others are not edits of this device', () => {
  const { provider, network, serverDoc, announced } = savedWorld()
  serverDoc.getText('t').insert(0, 'from elsewhere')
  network.last.receive(encodeUpdate(Y.encodeStateAsUpdate(serverDoc)))
  expect(announced).toEqual([])
  expect(provider.doc.getText('t').toJSON()).toBe('from elsewhere')
})

test('[LE6] an ack for what was not sent does not make anything saved', () => {
  const { provider, network, type } = savedWorld()
  type('a')
  network.last.receive(encodeSaved(99))
  expect(provider.status).toEqual({ kind: 'saving', unsaved: 1 })
})

test('[ST2] a server that selects no subprotocol is unconfirmed from the start', () => {
  const { provider, network, serverDoc, type } = createFakeWorld({ dialect: 'stock' })
  expect(network.last.protocols).toEqual([])
  network.last.open('')
  expect(provider.status).toEqual({ kind: 'unconfirmed', unsaved: 0 })
  type('a')
  network.last.sync(serverDoc, '')
  expect(provider.status).toEqual({ kind: 'unconfirmed', unsaved: 1 })
})

test('[ST2] a server that selects quire.v1 because it was offered, and speaks none of it, is unconfirmed once synced', () => {
  const { provider, network, serverDoc } = createFakeWorld()
  network.last.open('quire.v1')
  expect(provider.status).toEqual({ kind: 'saving', unsaved: 0 })
  network.last.sync(serverDoc)
  expect(provider.status).toEqual({ kind: 'unconfirmed', unsaved: 0 })
})

test('[ST3] a permanent close code is refused, with the reason, and nothing is tried until connect', () => {
  const { provider, network, clock, type } = savedWorld()
  network.last.end(4404)
  type('a')
  expect(provider.status).toEqual({
    kind: 'refused',
    code: 4404,
    reason: 'bad document name',
    unsaved: 1,
  })
  clock.advance(600_000)
  expect(network.sockets.length).toBe(1)
  provider.connect()
  expect(network.sockets.length).toBe(2)
  expect(provider.status).toEqual({ kind: 'saving', unsaved: 1 })
})

test('[ST3] every other end is offline and tried again', () => {
  for (const code of [1000, 1006, 1011, 1012, 1013, 4503, 4529]) {
    const { provider, network, clock } = savedWorld()
    network.last.end(code)
    expect(provider.status).toEqual({ kind: 'offline', unsaved: 0, keptOnDevice: false })
    clock.advance(5_000)
    expect(network.sockets.length).toBe(2)
  }
})

test('[ST4] the first attempt is saving; its failure is offline, and later attempts stay offline', () => {
  const { provider, network, clock, announced } = createFakeWorld()
  network.last.end(1006)
  clock.advance(300)
  expect(network.sockets.length).toBe(2)
  expect(announced).toEqual([{ kind: 'offline', unsaved: 0, keptOnDevice: false }])
  provider.disconnect()
  expect(provider.status.kind).toBe('offline')
  clock.advance(600_000)
  expect(network.sockets.length).toBe(2)
})

test('[ST5] an edit that no server has and no copy holds would be lost with the page', () => {
  const { provider, network, type } = savedWorld()
  expect(provider.hasUnsaved).toBe(false)
  type('a')
  expect(provider.hasUnsaved).toBe(true)
  network.last.end(4410)
  expect(provider.hasUnsaved).toBe(true)
})

test('[CO7] session and event messages are handed on, and a listener that throws disturbs nobody', () => {
  const { provider, network } = createFakeWorld()
  const seen: unknown[] = []
  provider.on('event', () => {
    throw new Error('mine')
  })
  provider.on('event', (event) => seen.push(event))
  const stop = provider.on('session', (info) => seen.push(info.role))
  network.last.open()
  network.last.receive(encodeSession(session))
  stop()
  network.last.receive(encodeSession(session))
  network.last.receive(encodeEvent({ kind: 'title', title: 'Plan' }))
  expect(seen).toEqual(['edit', { kind: 'title', title: 'Plan' }])
  expect(provider.session).toEqual(session)
})

test('a trace tells what happened, without content, and stays short', () => {
  const { provider, network, serverDoc, clock, type } = savedWorld()
  type('secret')
  expect(provider.trace().map((entry) => entry.what)).toEqual([
    'dial',
    'open',
    'session',
    'synced',
    'status',
    'status',
  ])
  for (let i = 0; i < 200; i++) {
    network.last.end(1006)
    clock.advance(30_000)
    network.last.sync(serverDoc)
  }
  expect(provider.trace().length).toBe(200)
  expect(JSON.stringify(provider.trace())).not.toContain('secret')
})

test('an address that is not one of a sync server is a TypeError', () => {
  const doc = new Y.Doc()
  expect(() => createProvider({ url: 'https://host', document: 'd', doc })).toThrow(TypeError)
  expect(() => createProvider({ url: '/sync', document: 'd', doc })).toThrow(TypeError)
})

test('the document name is one or more path segments, percent-encoded', () => {
  const { network } = createFakeWorld({ document: 'a b/ä?', url: 'ws://quire.test/sync//' })
  expect(network.last.url).toBe('ws://quire.test/sync/a%20b/%C3%A4%3F')
  expect(messages(network.last)).toEqual([])
})

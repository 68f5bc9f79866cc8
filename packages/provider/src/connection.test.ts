import { encodeSaved, encodeSession, encodeStep1 } from '@quire/protocol'
import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { createFakeWorld } from '../test/fake-provider.ts'

const visibility = new Event('visibilitychange')

test('[CO1] each failure waits longer, and a sync sets it back', () => {
  const { network, clock, serverDoc } = createFakeWorld({
    random: { unit: () => 0.999_999, bytes: (byteCount) => new Uint8Array(byteCount) },
  })
  const waits: number[] = []
  for (let attempt = 0; attempt < 9; attempt++) {
    const from = clock.nowMs()
    const { length } = network.sockets
    network.last.end(1006)
    while (network.sockets.length === length) clock.advance(100)
    waits.push(clock.nowMs() - from)
  }
  expect(waits).toEqual([300, 600, 1200, 2400, 4800, 9600, 19_200, 30_000, 30_000])
  network.last.sync(serverDoc)
  network.last.end(1006)
  clock.advance(300)
  expect(network.last.readyState).toBe(0)
})

test('[CO1] y-websocket does not reconnect by timers of its own', async () => {
  const { network } = createFakeWorld()
  network.last.end(1006)
  // Its timer was set for the next turn.
  await new Promise((resolve) => setTimeout(resolve, 2))
  expect(network.sockets.length).toBe(1)
})

test('[CO2] going online, being shown and being looked at end the wait at once', () => {
  for (const event of [new Event('online'), new Event('pageshow'), visibility]) {
    const { network, page } = createFakeWorld()
    network.last.end(1006)
    expect(network.sockets.length).toBe(1)
    page.dispatchEvent(event)
    expect(network.sockets.length).toBe(2)
    // Not one more while that attempt is under way.
    page.dispatchEvent(visibility)
    expect(network.sockets.length).toBe(2)
  }
})

test('[CO2] an attempt from before the network came back is not waited for', () => {
  const { provider, network, page, clock } = createFakeWorld()
  network.last.end(1006)
  clock.advance(300)
  expect(network.sockets.length).toBe(2)
  page.dispatchEvent(new Event('online'))
  expect(network.sockets.length).toBe(3)
  network.sockets[1]?.open()
  expect(provider.status.kind).toBe('offline')
  expect(network.last.sent).toEqual([])
})

test('[CO2] a connection that stands is left alone, and so is one that nobody wants', () => {
  const { provider, network, page, serverDoc } = createFakeWorld()
  network.last.sync(serverDoc)
  page.dispatchEvent(new Event('online'))
  page.dispatchEvent(visibility)
  expect(network.sockets.length).toBe(1)
  provider.disconnect()
  page.dispatchEvent(new Event('online'))
  expect(network.sockets.length).toBe(1)
})

test('[CO3] a browser that is offline is believed before the socket notices', () => {
  const { provider, network, page, serverDoc, clock } = createFakeWorld()
  network.last.sync(serverDoc)
  page.dispatchEvent(new Event('offline'))
  expect(provider.status.kind).toBe('offline')
  expect(provider.synced).toBe(false)
  // The browser may be wrong: a server on this machine is still there.
  clock.advance(300)
  expect(network.sockets.length).toBe(2)
})

test('[CO4] an attempt that does not open is given up after ten seconds', () => {
  const { provider, network, clock } = createFakeWorld()
  clock.advance(9_999)
  expect(provider.status.kind).toBe('saving')
  clock.advance(1)
  expect(provider.status.kind).toBe('offline')
  clock.advance(300)
  expect(network.sockets.length).toBe(2)
})

test('[CO5] frames that cannot be read end the connection, and the next attempt takes its time', () => {
  const bad = [
    Uint8Array.of(16, 5, 1),
    Uint8Array.of(18, 2, 123, 125, 0),
    Uint8Array.of(0, 9, 0),
    Uint8Array.of(1, 3, 1, 1, 1),
    Uint8Array.of(),
  ]
  for (const frame of bad.slice(0, 1).concat(bad.slice(2))) {
    const { provider, network, serverDoc, clock } = createFakeWorld({
      random: { unit: () => 0.999_999, bytes: (byteCount) => new Uint8Array(byteCount) },
    })
    network.last.sync(serverDoc)
    network.last.receive(frame)
    expect(provider.status.kind).toBe('offline')
    clock.advance(4_000)
    expect(network.sockets.length).toBe(1)
    clock.advance(1_000)
    expect(network.sockets.length).toBe(2)
  }
})

test('[CO5] a text frame ends the connection', () => {
  const { provider, network, serverDoc } = createFakeWorld()
  network.last.sync(serverDoc)
  network.last.onmessage?.({ data: 'hello' })
  expect(provider.status.kind).toBe('offline')
})

test('an address that the browser forbids is offline, and tried again', () => {
  let tries = 0
  class Forbidden {
    constructor() {
      tries += 1
      throw new DOMException('insecure', 'SecurityError')
    }
  }
  const { provider, clock } = createFakeWorld({ webSocket: Forbidden as never })
  expect(provider.status.kind).toBe('offline')
  clock.advance(1_000)
  expect(tries).toBeGreaterThan(1)
})

test('[CO6] close leaves no timer, no listener and no socket, however often it is called', async () => {
  const added = vi.spyOn(EventTarget.prototype, 'addEventListener')
  const removed = vi.spyOn(EventTarget.prototype, 'removeEventListener')
  const { provider, network, clock, doc, page, serverDoc } = createFakeWorld()
  network.last.sync(serverDoc)
  network.last.end(1006)
  expect(clock.timerCount).toBe(1)
  await Promise.all([provider.close(), provider.close()])
  const on = (calls: typeof added.mock) => calls.contexts.filter((it) => it === page).length
  expect(on(added.mock)).toBe(5)
  expect(on(removed.mock)).toBe(5)
  vi.restoreAllMocks()
  expect(clock.timerCount).toBe(0)
  expect(doc._observers.get('update')?.size ?? 0).toBe(0)
  expect(provider.awareness.getLocalState()).toBe(null)
  provider.connect()
  page.dispatchEvent(new Event('online'))
  clock.advance(100_000)
  expect(network.sockets.length).toBe(1)
})

test('[CO6] close while connected closes the socket; a destroyed document closes its provider', () => {
  const { provider, network, doc, serverDoc } = createFakeWorld()
  network.last.sync(serverDoc)
  doc.destroy()
  expect(network.last.readyState).toBe(2)
  expect(provider.status.kind).toBe('offline')
})

test('what the server says after a connection was given up is not heard', () => {
  const { provider, network, page, serverDoc } = createFakeWorld()
  const first = network.last
  first.sync(serverDoc)
  page.dispatchEvent(new Event('offline'))
  first.receive(encodeSession({ role: 'view', user: { id: 'u', name: 'U' }, lineage: null }))
  first.receive(encodeSaved(2))
  first.receive(encodeStep1(Y.encodeStateVector(serverDoc)))
  first.end(4403)
  expect(provider.session).toBe(undefined)
  expect(provider.status.kind).toBe('offline')
})

test('connect and disconnect inside a listener do what they say', () => {
  const { provider, network, clock, serverDoc } = createFakeWorld()
  provider.on('status', (status) => {
    if (status.kind === 'refused') provider.connect()
  })
  network.last.end(4403)
  clock.advance(0)
  expect(network.sockets.length).toBe(2)
  provider.on('status', (status) => {
    if (status.kind === 'unconfirmed') provider.disconnect()
  })
  network.last.open('')
  network.last.receive(encodeStep1(Y.encodeStateVector(serverDoc)))
  expect(provider.status.kind).toBe('offline')
  clock.advance(100_000)
  expect(network.sockets.length).toBe(2)
})

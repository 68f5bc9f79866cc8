/** What hostile peers may try in the dialect of Hocuspocus, beside neighbours who are not. */
import { encodeStep1, encodeUpdate } from '@quire/protocol'
import { createSeededRandom, until } from '@quire/testkit'
import { afterEach, expect, test } from 'vitest'
import type { Authorize } from '../src/index.ts'
import { type Host, named, RawClient, startHost } from './harness.ts'
import { bytes, tokenMessage, updateOf, varText } from './hocuspocus-world.ts'
import { type HocuspocusProvider, openHocuspocusProvider, openHocuspocusSocket } from './matrix.ts'

const kind = 'hocuspocus 4.8.0'
let host: Host
const closing: { destroy(): void }[] = []

afterEach(async () => {
  for (const one of closing.splice(0).reverse()) one.destroy()
  await host.close()
})

/** Somebody honest in `document`, on a socket of their own. */
async function openNeighbour(document: string): Promise<HocuspocusProvider> {
  const socket = await openHocuspocusSocket(kind, host.url)
  const provider = await openHocuspocusProvider(kind, socket, { document, token: () => 'tok' })
  closing.push(socket, provider)
  return provider
}

const textOf = (provider: HocuspocusProvider) => provider.document.getText('content')
const addressed = (address: string, message: Uint8Array) =>
  new Uint8Array(Buffer.concat([varText(address), message]))

/** Somebody who says exactly what they are told to, on a socket with an open document. */
async function openRaw(document: string): Promise<RawClient> {
  const raw = await RawClient.open(`${host.url}/`, { isSilent: true })
  raw.send(addressed(document, tokenMessage('tok', '4.8.0')))
  raw.send(addressed(document, encodeStep1(Uint8Array.of(0))))
  await until('it is answered', () => raw.frames.length >= 3)
  return raw
}

test('[MH7] hostile frames close their own socket with its code, and the neighbours go on', async () => {
  host = await startHost()
  const [neighbour, witness] = [await openNeighbour('room'), await openNeighbour('room')]
  await until('both are synced', () => neighbour.synced && witness.synced)
  const ofNoDialect: readonly (readonly [string, Uint8Array])[] = [
    ['a truncated address', bytes('7f 61 62')],
    ['an address that claims to be huge', bytes('ff ff ff ff 0f 61')],
    ['an address that is huge', addressed('a'.repeat(100_000), encodeStep1(bytes('00')))],
    ['an address that is not UTF-8', bytes('02 c3 28 03')],
    ['an address alone', varText('room')],
    ['an empty frame', new Uint8Array()],
    ['an unknown type', addressed('room', bytes('0b'))],
    ['an answer of ours', addressed('room', bytes('08 01'))],
    ['a message between servers', addressed('room', bytes('06 01 61'))],
    ['a ping with an address', addressed('room', bytes('09'))],
    ['a scope', addressed('room', bytes('02 02 00'))],
    ['a truncated token', addressed('room', bytes('02 00 7f 61'))],
  ]
  const ofNoDocument: readonly (readonly [string, Uint8Array])[] = [
    ['y-websocket', bytes('00 00 01 00')],
    ['a broken update', addressed('room', bytes('00 02 03 01 01 01'))],
    ['bytes after an update', addressed('room', bytes('00 02 02 00 00 00'))],
    ['a broken state vector', addressed('room', bytes('00 00 01 05'))],
    ['broken presence', addressed('room', bytes('01 03 01 01 01'))],
  ]
  for (const [what, frame] of [...ofNoDialect, ...ofNoDocument]) {
    const raw = await openRaw('room')
    raw.send(frame)
    await until(`${what} is closed`, () => raw.closed)
    expect(raw.closed, what).toEqual({ code: 4400, reason: 'malformed message' })
  }
  for (const [what, frame] of ofNoDialect) {
    const raw = await RawClient.open(`${host.url}/room`, { isSilent: true })
    raw.send(frame)
    await until(`${what}, as the first frame, is closed`, () => raw.closed)
    expect(raw.closed?.code, what).toBe(4400)
    expect(raw.frames, what).toEqual([])
  }
  const random = createSeededRandom(4)
  for (let i = 0; i < 200; i++) {
    const raw = await openRaw('room')
    for (let n = 0; n < 20; n++) {
      const frame = random.bytes(1 + random.below(40))
      raw.send(random.chance(0.5) ? addressed('room', frame) : frame)
    }
    raw.ws.close()
  }
  textOf(neighbour).insert(0, 'unharmed')
  await until('the neighbour hears', () => textOf(witness).toJSON() === 'unharmed')
  await until('it is saved', () => !neighbour.hasUnsyncedChanges)
  await until('the others are gone', () => host.sync.stats().connections === 2)
  expect(host.sync.stats()).toMatchObject({ sessions: 2 })
  expect((await host.store.open(named('room'))).head).toBe(1)
}, 60_000)

test('[MH8] ten thousand documents on one socket end it, and rooms and memory with it', async () => {
  host = await startHost({ idleMs: 10 })
  const neighbour = await openNeighbour('room')
  await until('it is synced', () => neighbour.synced)
  const raw = await RawClient.open(`${host.url}/`, { isSilent: true })
  for (let i = 0; i < 10_000; i++) {
    raw.send(addressed(`doc-${i}`, tokenMessage('tok', '4.8.0')))
  }
  await until('it is closed', () => raw.closed)
  expect(raw.closed).toEqual({ code: 4414, reason: 'too many documents' })
  await until('the rooms are gone', () => host.sync.stats().rooms === 1)
  textOf(neighbour).insert(0, 'unharmed')
  await until('the neighbour is saved', () => !neighbour.hasUnsyncedChanges)
})

test('[MH9] what is sent before access is decided is bounded, and none of it is kept', async () => {
  let isHolding = true
  host = await startHost({
    authorize: () =>
      new Promise((resolve) => {
        const go = () => resolve({ user: { id: 'u', name: '' }, role: 'edit' as const })
        if (!isHolding) go()
      }),
  })
  const update = encodeUpdate(updateOf('x'.repeat(50_000)))
  for (const { frame, count } of [
    { frame: update, count: 12 },
    { frame: encodeStep1(bytes('00')), count: 3_000 },
  ]) {
    const raw = await RawClient.open(`${host.url}/`, { isSilent: true })
    raw.send(addressed('room', tokenMessage('tok')))
    for (let i = 0; i < count; i++) raw.send(addressed('room', frame))
    await until('it is closed', () => raw.closed)
    expect(raw.closed?.code).toBe(4205)
  }
  isHolding = false
  expect((await host.store.open(named('room'))).head).toBe(0)
  const honest = await openNeighbour('room')
  await until('somebody honest is served', () => honest.synced)
  expect(textOf(honest).toJSON()).toBe('')
})

test('[MH10] a socket that brings no good token in time is closed, whatever else it says; one that did stays', async () => {
  const authorize: Authorize = ({ token }) =>
    token === 'good' ? { user: { id: 'u', name: '' }, role: 'edit' } : { denied: 'forbidden' }
  host = await startHost({ authorize, limits: { firstGrantMsMax: 500 } })
  const good = await RawClient.open(`${host.url}/`, { isSilent: true })
  good.send(addressed('room', tokenMessage('good')))
  await until('it is let in', () => good.frames.length > 0)
  const bad = await RawClient.open(`${host.url}/`, { isSilent: true })
  let count = 0
  await until('it is closed', () => {
    count += 1
    bad.send(addressed(`room-${count % 10}`, tokenMessage(`guess ${count}`)))
    bad.send(bytes('09'))
    good.send(addressed('forbidden', tokenMessage('bad')))
    return bad.closed
  })
  expect(bad.closed).toEqual({ code: 4205, reason: 'no first message' })
  expect(count).toBeGreaterThan(5)
  expect(good.closed).toBeUndefined()
  expect(host.sync.stats().rooms).toBe(1)
  await good.close()
})

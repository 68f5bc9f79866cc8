/** Length: ten rules of what harm is answered with, each with its own attack. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { deflateRawSync } from 'node:zlib'
import {
  encodeHocuspocusAddress,
  encodePresence,
  encodePresenceEntries,
  encodeStep1,
  encodeUpdate,
} from '@quire/protocol'
import { createSeededRandom, until } from '@quire/testkit'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { type Host, named, RawClient, startHost, stockClient, storedText } from './harness.ts'
import { clientFrame, opcode, RawSocket } from './raw-socket.ts'

let host: Host
afterEach(() => host.close())

/** Of the first byte of a WebSocket frame. */
const compressedBit = 0x40

const utf8 = (text: string) => new TextEncoder().encode(text)
const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))

/** Two honest people in the same document exchange an edit. */
async function expectAlive(document: string): Promise<void> {
  const [ada, bob] = await Promise.all(
    [1, 2].map(() => RawClient.join(`${host.url}/sync/${document}`)),
  )
  if (!ada || !bob) throw new Error('nobody came')
  const before = ada.text.length
  ada.text.insert(before, 'ok')
  await until('the edit arrives', () => bob.text.length === before + 2)
  await ada.close()
  await bob.close()
}

async function attack(
  document: string,
  frame: Uint8Array | string,
): Promise<{ code: number; reason: string } | undefined> {
  const bad = await RawClient.join(`${host.url}/sync/${document}`, [])
  const before = host.sync.stats().counters.framesIn
  bad.send(frame)
  await until(
    'the server has an opinion',
    () => bad.closed !== undefined || host.sync.stats().counters.framesIn > before,
  )
  // A frame that was handled without a close is answered before the next one.
  const seen = bad.frames.length
  bad.send(encodeStep1(Uint8Array.of(0)))
  await until('closed or still served', () => bad.closed !== undefined || bad.frames.length > seen)
  const { closed } = bad
  if (!closed) await bad.close()
  return closed
}

interface Vector {
  readonly name: string
  readonly frame_b64: string
  readonly expect: string
}
const dataFolder =
  process.env['QUIRE_TEST_DATA'] ??
  fileURLToPath(new URL('../../../../shared/data', import.meta.url))
const vectorFile = `${dataFolder}/security/hostile-frames.json`
/** What these do is legal for somebody who may edit, or is dropped without a word. */
const harmless = new Set(['unknown-mark', 'awareness-foreign-client', 'pending-gap-single'])

test.skipIf(!existsSync(vectorFile))(
  '[HO1] each of the recorded hostile frames ends at most its own session, and stores nothing',
  async () => {
    host = await startHost()
    const { vectors } = JSON.parse(readFileSync(vectorFile, 'utf8')) as { vectors: Vector[] }
    expect(vectors.length).toBeGreaterThan(5)
    for (const [i, { name, frame_b64 }] of vectors.entries()) {
      const document = `hostile-${i}`
      const closed = await attack(document, new Uint8Array(Buffer.from(frame_b64, 'base64')))
      const { head } = await host.store.open(named(document))
      if (harmless.has(name)) expect(closed, name).toBeUndefined()
      else {
        expect(closed?.code, name).toBe(4400)
        expect(head, name).toBe(0)
      }
      await expectAlive(document)
    }
  },
)

test('[HO1] frames that are no message, or no update, close that session with malformed', async () => {
  host = await startHost()
  const frames = [
    '',
    '63 01',
    '00',
    '00 05 00',
    '00 02 07 01 80 87 a7 0e 07 00 00',
    '00 00 02 05 01',
  ]
  for (const hex of [...frames, '00 02 01 00', '01 03 01 01 01', '00 00 01 00 00', '02 00 01 61']) {
    expect(await attack('malformed', bytes(hex)), hex).toEqual({
      code: 4400,
      reason: 'malformed message',
    })
  }
  await expectAlive('malformed')
})

test('[HO2] a text frame and a message that is too large close that session only', async () => {
  host = await startHost({ limits: { frameBytesMax: 4096, updateBytesMax: 2048 } })
  expect((await attack('sizes', 'hello'))?.code).toBe(4415)
  expect((await attack('sizes', encodeUpdate(new Uint8Array(3000))))?.code).toBe(4413)
  const large = await RawClient.join(`${host.url}/sync/sizes`, [])
  large.send(new Uint8Array(5000))
  await until('closed', () => large.closed)
  expect(large.closed?.code).toBe(1009)
  await expectAlive('sizes')
})

test('[HO3] a bad name, silence and a first frame of no dialect are closed with their codes', async () => {
  host = await startHost()
  const closeOf = async (path: string, first?: Uint8Array) => {
    const client = await RawClient.open(`${host.url}${path}`)
    if (first) client.send(first)
    await until('closed', () => client.closed)
    expect(client.frames).toEqual([])
    return client.closed?.code
  }
  for (const path of ['/', '/sync/', '/a/b', '/sync/%2e%2e%2fetc', '/sync/a%00b', '/ä']) {
    expect(await closeOf(path, encodeStep1(Uint8Array.of(0))), path).toBe(4404)
  }
  expect(await closeOf('/sync/other', bytes('03 64 6f 63 02 00'))).toBe(4400)
  await host.close()
  // With a time in which nobody would come to say anything.
  host = await startHost({ limits: { firstFrameMsMax: 50 } })
  expect(await closeOf('/sync/silent')).toBe(4508)
})

test('[HO4] documents and the server take no more sessions than they may', async () => {
  host = await startHost({ limits: { sessionsPerDocumentMax: 2, sessionsMax: 3 } })
  await RawClient.join(`${host.url}/sync/full`)
  await RawClient.join(`${host.url}/sync/full`)
  const third = await RawClient.open(`${host.url}/sync/full`)
  third.send(encodeStep1(Uint8Array.of(0)))
  await until('the document is full', () => third.closed)
  expect(third.closed?.code).toBe(4529)
  await RawClient.join(`${host.url}/sync/other`)
  const fourth = await RawClient.open(`${host.url}/sync/more`)
  await until('the server is full', () => fourth.closed)
  expect(fourth.closed?.code).toBe(4529)
})

test('[HO1] thousands of mutated frames neither stop the server nor poison the document', async () => {
  host = await startHost()
  const random = createSeededRandom(17)
  const source = new Y.Doc()
  const updates: Uint8Array[] = []
  source.on('update', (update: Uint8Array) => updates.push(update))
  for (let i = 0; i < 30; i++)
    source.getText('content').insert(random.below(i + 1), 'word ', { b: i % 2 })
  const reader = await RawClient.join(`${host.url}/sync/mutants`)
  let bad: RawClient | undefined
  for (let i = 0; i < 3000; i++) {
    if (!bad || bad.ws.readyState !== bad.ws.OPEN) {
      bad = await RawClient.open(`${host.url}/sync/mutants`, { isSilent: true })
      bad.send(encodeStep1(Uint8Array.of(0)))
    }
    const frame = encodeUpdate(random.pick(updates)).slice()
    for (let j = 1 + random.below(3); j > 0; j--)
      frame[random.below(frame.length)] = random.below(256)
    bad.send(frame)
    if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  bad?.ws.terminate()
  await expectAlive('mutants')
  const late = await RawClient.join(`${host.url}/sync/mutants`)
  await until('reader and newcomer agree', () => {
    return JSON.stringify(late.doc.toJSON()) === JSON.stringify(reader.doc.toJSON())
  })
  expect(late.doc.store.pendingStructs).toBe(null)
  expect(await storedText(host.store, 'mutants')).toContain('ok')
})

test('[HO5] nobody can speak as somebody else who is here', async () => {
  host = await startHost()
  const victim = stockClient(`${host.url}/sync`, 'forge')
  const watcher = stockClient(`${host.url}/sync`, 'forge')
  try {
    victim.awareness.setLocalState({ user: { name: 'Victim' } })
    const nameSeen = () => watcher.awareness.getStates().get(victim.doc.clientID)?.['user']?.name
    await until('the watcher sees the victim', () => nameSeen() === 'Victim')
    const bad = await RawClient.join(`${host.url}/sync/forge`, [])
    const forged = {
      clientId: victim.doc.clientID,
      clock: 2 ** 40,
      json: utf8('{"user":{"name":"M"}}'),
    }
    bad.send(encodePresence(encodePresenceEntries([forged])))
    bad.send(encodePresence(encodePresenceEntries([{ ...forged, json: utf8('null') }])))
    victim.awareness.setLocalState({ user: { name: 'Still me' } })
    await until('the watcher sees the change', () => nameSeen() === 'Still me')
    expect(bad.closed).toBeUndefined()
  } finally {
    victim.destroy()
    watcher.destroy()
  }
})

test('[HO6] a reader that stops reading costs bounded memory, and has everything when it reads again', async () => {
  host = await startHost({ limits: { outboxBytesSoft: 64 * 1024 } })
  const writer = await RawClient.join(`${host.url}/sync/slow`)
  const slow = await RawClient.join(`${host.url}/sync/slow`)
  const quick = await RawClient.join(`${host.url}/sync/slow`)
  slow.ws.pause()
  const chunk = 'x'.repeat(100_000)
  for (let i = 0; i < 200; i++) {
    writer.text.insert(0, chunk)
    await until('the quick one follows', () => quick.text.length === (i + 1) * chunk.length)
  }
  expect(host.sync.stats().behindSessions).toBe(1)
  slow.ws.resume()
  await until('the slow one has everything', () => slow.text.length === 200 * chunk.length, 20_000)
  await until('nobody is behind', () => host.sync.stats().behindSessions === 0)
  expect(slow.text.toJSON()).toBe(quick.text.toJSON())
})

test('[HO6] a reader that never reads again is let go', async () => {
  host = await startHost({ limits: { outboxBytesSoft: 1024, outboxBytesMax: 256 * 1024 } })
  const writer = await RawClient.join(`${host.url}/sync/dead`)
  const dead = await RawClient.open(`${host.url}/sync/dead`, { isSilent: true })
  dead.send(encodeStep1(Uint8Array.of(0)))
  await until('it joined', () => dead.frames.length >= 2)
  dead.ws.pause()
  // Control frames cannot be left away, so they count against the hard bound.
  const title = 'x'.repeat(200_000)
  const quire = await RawClient.open(`${host.url}/sync/dead`, {
    protocols: ['quire.v1'],
    isSilent: true,
  })
  quire.send(encodeStep1(Uint8Array.of(0)))
  await until('it joined', () => quire.frames.length >= 3)
  quire.ws.pause()
  await until('it is let go', () => {
    host.sync.announce(named('dead'), { kind: 'title', title })
    return (host.sync.stats().counters.closed.overloaded ?? 0) === 1
  })
  writer.text.insert(0, 'still here')
  await until('others go on', async () => (await storedText(host.store, 'dead')) === 'still here')
  dead.ws.terminate()
  quire.ws.terminate()
})

test('[HO2] repeated questions of a client that does not read are answered once', async () => {
  host = await startHost({ limits: { outboxBytesSoft: 64 * 1024 } })
  const writer = await RawClient.join(`${host.url}/sync/ask`)
  writer.text.insert(0, 'x'.repeat(2_000_000))
  await until('it is stored', () => writer.saved === 3)
  const bad = await RawClient.open(`${host.url}/sync/ask`, { isSilent: true })
  bad.ws.pause()
  for (let i = 0; i < 200; i++) bad.send(encodeStep1(Uint8Array.of(0)))
  await until('it is behind', () => host.sync.stats().behindSessions === 1)
  bad.ws.resume()
  await until('it is served', () => host.sync.stats().behindSessions === 0)
  const sum = bad.frames.reduce((total, frame) => total + frame.length, 0)
  expect(sum).toBeLessThan(12_000_000)
  bad.ws.terminate()
})

test('[HO9] compression is not agreed to, and a message that says it is compressed ends its socket unread', async () => {
  host = await startHost()
  const asking = new WebSocket(`${host.url}/sync/paper`, { perMessageDeflate: true })
  await until('it is open', () => asking.readyState === WebSocket.OPEN)
  expect(asking.extensions).toBe('')
  asking.terminate()

  const bomb = deflateRawSync(new Uint8Array(64 * 1024 * 1024))
  expect(bomb.length).toBeLessThan(100_000)
  const raw = await RawSocket.open(
    host.url,
    '/sync/paper',
    'Sec-WebSocket-Extensions: permessage-deflate\r\n',
  )
  const frame = clientFrame(bomb)
  frame[0] = (frame[0] ?? 0) | compressedBit
  raw.send(frame)
  await until('it is closed', () => raw.isClosed)
  expect(raw.closeCode).toBe(1002)
  expect(host.sync.stats()).toMatchObject({ rooms: 0, sessions: 0 })
  await expectAlive('paper')
})

test('[HO10] a large frame that is wrong in its first bytes is refused before the rest of it has come', async () => {
  host = await startHost()
  const raw = await RawSocket.open(host.url, '/sync/paper')
  raw.send(clientFrame(encodeStep1(Uint8Array.of(0))))
  await until('it joined', () => raw.count(opcode.binary) > 0)
  const frame = masked(encodeUpdate(new Uint8Array(8_000_000)), [1, 2, 3, 4])
  raw.send(frame.subarray(0, 500_000))
  await until('it is refused', () => raw.closeCode !== undefined)
  expect(raw.closeCode).toBe(4400)
  raw.send(frame.subarray(500_000))
  raw.socket.end()
  await until('it is gone', () => host.sync.stats().connections === 0)

  // The same in a document of a Hocuspocus socket.
  const other = await RawSocket.open(host.url, '/')
  const about = (message: Uint8Array) => Buffer.concat([encodeHocuspocusAddress('paper'), message])
  other.send(clientFrame(about(Uint8Array.of(2, 0, 0))))
  await until('it joined', () => other.count(opcode.binary) > 0)
  const rest = masked(about(encodeUpdate(new Uint8Array(8_000_000))), [4, 3, 2, 1])
  other.send(rest.subarray(0, 500_000))
  await until('it is refused', () => other.closeCode !== undefined)
  expect(other.closeCode).toBe(4400)
  other.destroy()
  await expectAlive('paper')
})

test('[HO10] a large frame that is right is taken, in whatever pieces it comes', async () => {
  host = await startHost()
  const doc = new Y.Doc()
  doc.getText('content').insert(0, 'żółw '.repeat(100_000))
  const frame = masked(encodeUpdate(Y.encodeStateAsUpdate(doc)), [0xff, 0, 7, 129])
  const raw = await RawSocket.open(host.url, '/sync/paper')
  raw.send(clientFrame(encodeStep1(Uint8Array.of(0))))
  await until('it joined', () => raw.count(opcode.binary) > 0)
  for (let at = 0; at < frame.length; at += 99_991) {
    raw.send(frame.subarray(at, at + 99_991))
    await new Promise((resolve) => setImmediate(resolve))
  }
  await until('it is stored', async () => (await storedText(host.store, 'paper')).length > 0)
  expect(await storedText(host.store, 'paper')).toBe(doc.getText('content').toJSON())
  expect(raw.closeCode).toBeUndefined()
  raw.destroy()
})

/** A client's frame with this mask. */
function masked(payload: Uint8Array, mask: readonly number[]): Buffer {
  const frame = clientFrame(payload)
  const start = frame.length - payload.length
  frame.set(mask, start - 4)
  payload.forEach((byte, i) => {
    frame[start + i] = byte ^ (mask[i & 3] ?? 0)
  })
  return frame
}

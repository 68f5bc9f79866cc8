import { createEncoder, toUint8Array, writeVarUint, writeVarUint8Array } from 'lib0/encoding'
import { expect, test } from 'vitest'
import * as sync from 'y-protocols/sync'
import * as Y from 'yjs'
import { createSeededRandom } from '@quire/testkit'
import {
  closeCodes,
  decodeClientMessage,
  decodeServerMessage,
  defaultLimits,
  documentNameFromPath,
  encodeClient,
  encodeEvent,
  encodePresence,
  encodePresenceEntries,
  encodeQueryPresence,
  encodeSaved,
  encodeSession,
  encodeStateVector,
  encodeStep1,
  encodeStep2,
  encodeToken,
  encodeUpdate,
  messageType,
  parsePresence,
  parseStateVector,
  syncType,
} from './index.ts'

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
const decode = (frame: Uint8Array) => decodeClientMessage(frame, defaultLimits)

/** A frame as y-websocket makes it: the type, then what y-protocols writes. */
function stock(type: number, write: (encoder: ReturnType<typeof createEncoder>) => void) {
  const encoder = createEncoder()
  writeVarUint(encoder, type)
  write(encoder)
  return toUint8Array(encoder)
}

function docWith(text: string) {
  const doc = new Y.Doc({ gc: false })
  doc.clientID = 1
  doc.getText('content').insert(0, text)
  return doc
}

test('[WR1] sync messages are the bytes of y-protocols, of every size of length prefix', () => {
  for (const length of [0, 1, 60, 127, 128, 300, 20_000]) {
    const doc = docWith('x'.repeat(length))
    const update = Y.encodeStateAsUpdate(doc)
    expect(encodeStep1(Y.encodeStateVector(doc))).toEqual(
      stock(0, (encoder) => sync.writeSyncStep1(encoder, doc)),
    )
    expect(encodeStep2(update)).toEqual(stock(0, (encoder) => sync.writeSyncStep2(encoder, doc)))
    expect(encodeUpdate(update)).toEqual(stock(0, (encoder) => sync.writeUpdate(encoder, update)))
  }
})

test('[WR1] an empty document is a state vector of one byte and an update of two', () => {
  const empty = new Y.Doc()
  expect(encodeStep1(Y.encodeStateVector(empty))).toEqual(bytes('00 00 01 00'))
  expect(encodeStep2(Y.encodeStateAsUpdate(empty))).toEqual(bytes('00 01 02 00 00'))
  expect(encodePresence(encodePresenceEntries([]))).toEqual(bytes('01 01 00'))
  expect(encodeQueryPresence()).toEqual(bytes('03'))
})

test('[WR2] what a stock client was captured sending is read as what it is', () => {
  expect(decode(bytes('00 00 01 00'))).toEqual({ kind: 'step1', stateVector: bytes('00') })
  const open = decode(bytes('01 06 01 01 00 02 7b 7d'))
  expect(open).toEqual({ kind: 'presence', entries: bytes('01 01 00 02 7b 7d') })
  expect(parsePresence(bytes('01 01 00 02 7b 7d'), defaultLimits)).toEqual([
    { clientId: 1, clock: 0, json: bytes('7b 7d') },
  ])
  const leave = parsePresence(bytes('01 01 01 04 6e 75 6c 6c'), defaultLimits)
  expect(leave).toEqual([{ clientId: 1, clock: 1, json: bytes('6e 75 6c 6c') }])
  const edit = decode(bytes('00 02 0b 01 01 01 00 04 01 01 74 01 61 00'))
  expect(edit).toMatchObject({ kind: 'update' })
  expect(decode(bytes('03'))).toEqual({ kind: 'queryPresence' })
})

test('[WR3] frames that are no message are refused by value', () => {
  const hostile = [
    '',
    '00',
    '00 00',
    '00 01 05 00',
    '63 01',
    '02',
    '02 00',
    '02 01 01 61',
    '02 00 01 ff',
    '02 00 00 00',
    '07',
    '00 03 01 00',
  ]
  for (const hex of [
    ...hostile,
    '00 00 01 00 00',
    '03 03',
    '80',
    'ff ff ff ff ff ff ff ff ff 7f',
  ]) {
    expect(decode(bytes(hex)), hex).toMatchObject({ kind: 'refused', close: 'malformed' })
  }
})

test('[WR3] no random bytes make a reader throw', () => {
  const random = createSeededRandom(11)
  for (let i = 0; i < 20_000; i++) {
    const frame = random.bytes(random.below(24))
    if (frame.length > 0 && random.chance(0.8)) frame[0] = random.pick([0, 1, 2, 3, 16, 17, 18])
    const message = decode(frame)
    if (message.kind === 'presence') parsePresence(message.entries, defaultLimits)
    if (message.kind === 'step1') parseStateVector(message.stateVector)
    decodeServerMessage(frame)
  }
})

test('[WR4] one byte over the limit of a frame or an update is too large', () => {
  const limits = { frameBytesMax: 20, updateBytesMax: 10, tokenBytesMax: 5, earlierClientsMax: 0 }
  expect(decodeClientMessage(encodeUpdate(new Uint8Array(10)), limits).kind).toBe('update')
  const tooLarge = { kind: 'refused', close: 'tooLarge' }
  expect(decodeClientMessage(encodeUpdate(new Uint8Array(11)), limits)).toMatchObject(tooLarge)
  expect(decodeClientMessage(new Uint8Array(21), limits)).toMatchObject(tooLarge)
  expect(decodeClientMessage(encodeToken('four'), limits).kind).toBe('token')
  expect(decodeClientMessage(encodeToken('fives'), limits)).toMatchObject(tooLarge)
})

test('[WR5] what the server says to its own clients comes back as it was', () => {
  const session = {
    role: 'edit',
    user: { id: 'u1', name: 'Zoë 🦊' },
    lineage: null,
  } as const
  expect(decodeServerMessage(encodeSession(session))).toEqual({ kind: 'session', session })
  for (const frameCount of [0, 1, 127, 128, 2 ** 40]) {
    expect(decodeServerMessage(encodeSaved(frameCount))).toEqual({ kind: 'saved', frameCount })
  }
  for (const event of [
    { kind: 'title', title: 'Täglich' },
    { kind: 'storage', state: 'failing' },
    { kind: 'renewClientId', clientId: 4_294_967_295 },
  ] as const) {
    expect(decodeServerMessage(encodeEvent(event))).toEqual({ kind: 'event', event })
  }
  const future = stock(18, (encoder) =>
    writeVarUint8Array(encoder, new TextEncoder().encode('{"kind":"confetti"}')),
  )
  expect(decodeServerMessage(future).kind).toBe('ignored')
  expect(decodeServerMessage(bytes('00 00 01 00'))).toEqual({ kind: 'other', type: 0 })
  expect(decodeServerMessage(bytes('10 02 7b 7d')).kind).toBe('refused')
})

test('[WR9] the client ids of a client come back as they were, with an instance of 16 bytes and no other', () => {
  const instance = Uint8Array.from({ length: 16 }, (_, i) => i)
  for (const clientId of [0, 1, 300, 2 ** 32 - 1, Number.MAX_SAFE_INTEGER]) {
    for (const earlier of [[], [5], [2 ** 32 - 1, 0, 7]]) {
      const message = decode(encodeClient(clientId, earlier, instance))
      expect(message).toEqual({ kind: 'client', clientId, earlier, instance })
    }
  }
  expect(encodeClient(1, [300], instance)).toEqual(
    bytes('13 10 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 01 01 ac 02'),
  )
  for (const length of [0, 15, 17, 300]) {
    const message = decode(encodeClient(1, [], new Uint8Array(length)))
    expect(message).toMatchObject({ kind: 'refused', close: 'malformed' })
  }
  const most = Array.from({ length: defaultLimits.earlierClientsMax }, (_, i) => i)
  expect(decode(encodeClient(1, most, instance))).toMatchObject({ kind: 'client' })
  expect(decode(encodeClient(1, [...most, 1], instance))).toMatchObject({ close: 'tooLarge' })
})

test('[WR6] the tables of numbers are what clients in the field know', () => {
  expect(messageType).toEqual({
    sync: 0,
    presence: 1,
    auth: 2,
    queryPresence: 3,
    session: 16,
    saved: 17,
    event: 18,
    client: 19,
  })
  expect(syncType).toEqual({ step1: 0, step2: 1, update: 2 })
  const codes = Object.values(closeCodes)
  expect(new Set(codes.map((row) => row.code)).size).toBe(codes.length)
  for (const { code, reason, retry } of codes) {
    expect(retry === 'never', `${code}`).toBe(code >= 4400 && code <= 4499)
    expect(reason.length).toBeLessThan(124)
  }
  expect(
    Object.fromEntries(Object.entries(closeCodes).map(([name, row]) => [name, row.code])),
  ).toEqual({
    goingAway: 1012,
    overloaded: 1013,
    internal: 1011,
    malformed: 4400,
    unauthorized: 4401,
    forbidden: 4403,
    badName: 4404,
    deleted: 4410,
    tooLarge: 4413,
    tooManyDocuments: 4414,
    textFrame: 4415,
    silent: 4508,
    loadFailed: 4503,
    accessDown: 4504,
    accessChanged: 4506,
    otherLineage: 4409,
    clientIdTaken: 4412,
    roomFull: 4529,
    rateLimited: 4530,
  })
})

test('[WR7] a path names a document or nothing', () => {
  for (const path of [
    '/sync/a',
    '/a',
    '/sync/A-b_c.9',
    `/${'x'.repeat(128)}`,
    '/__proto__',
    '/%61',
  ]) {
    expect(documentNameFromPath(path), path).toBeDefined()
  }
  const nothing = ['/', '/sync/', '/a/b', '/..', '/.', '/%2e%2e%2f', '/a%00', '/%', '/ä', '/a b']
  for (const path of [...nothing, `/${'x'.repeat(129)}`, '/%25%36%31', '/sync/a/b', '/a%5c']) {
    expect(documentNameFromPath(path), path).toBeUndefined()
  }
})

test('[SV1] a state vector is what Yjs reads and writes', () => {
  const doc = docWith('abc')
  for (const client of [5, 4_000_000_000, 77]) {
    const other = new Y.Doc()
    other.clientID = client
    other.getText('content').insert(0, 'y'.repeat(client % 200))
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
  }
  const written = Y.encodeStateVector(doc)
  const vector = parseStateVector(written)
  if (!(vector instanceof Map)) throw new Error(vector.why)
  expect(vector).toEqual(Y.decodeStateVector(written))
  expect(encodeStateVector(vector)).toEqual(written)
  for (const hex of ['', '01', '01 01', '00 00', 'ff ff ff 7f 01 01', '02 01 01 80']) {
    expect(parseStateVector(bytes(hex)), hex).toMatchObject({ kind: 'refused' })
  }
})

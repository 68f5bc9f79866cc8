import { createSeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import {
  decodeClientMessage,
  decodeHocuspocusAddress,
  decodeHocuspocusMessage,
  defaultLimits,
  encodeAuthenticated,
  encodeDetached,
  encodeHocuspocusAddress,
  encodeHocuspocusTokenRequest,
  encodePermissionDenied,
  encodePong,
  encodeStateless,
  encodeStep1,
  encodeStep2,
  encodeSyncStatus,
  hocuspocusType,
  type HocuspocusMessage,
  type Refused,
  socketMessageOf,
} from './index.ts'

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
const text = (value: string) => Buffer.from(value).toString('hex')
const doc = `03 ${text('doc')}`

function read(frame: Uint8Array): { address: string; message: HocuspocusMessage } | Refused {
  const address = decodeHocuspocusAddress(frame, defaultLimits)
  if ('kind' in address) return address
  const message = decodeHocuspocusMessage(frame, address.messageAt, defaultLimits)
  return message.kind === 'refused' ? message : { address: address.address, message }
}

test('[HP1] what providers were captured sending is read as what it is', () => {
  expect(read(bytes(`${doc} 02 00 03 ${text('tok')} 05 ${text('4.8.0')}`))).toEqual({
    address: 'doc',
    message: { kind: 'token', token: 'tok', version: '4.8.0' },
  })
  expect(read(bytes(`${doc} 02 00 03 ${text('tok')}`))).toEqual({
    address: 'doc',
    message: { kind: 'token', token: 'tok', version: undefined },
  })
  expect(read(bytes(`${doc} 00 00 01 00`))).toEqual({
    address: 'doc',
    message: { kind: 'document', message: bytes('00 00 01 00'), isStep1: true },
  })
  expect(read(bytes(`${doc} 00 01 02 00 00`))).toMatchObject({
    message: { kind: 'document', isStep1: false },
  })
  expect(read(bytes(`${doc} 01 06 01 01 00 02 7b 7d`))).toMatchObject({
    message: { kind: 'document', message: bytes('01 06 01 01 00 02 7b 7d'), isStep1: false },
  })
  expect(read(bytes(`${doc} 03`))).toMatchObject({ message: { kind: 'document' } })
  expect(read(bytes(`${doc} 05 02 ${text('hi')}`))).toMatchObject({
    message: { kind: 'stateless', message: bytes(`05 02 ${text('hi')}`) },
  })
  expect(read(bytes(`${doc} 07`))).toEqual({ address: 'doc', message: { kind: 'close' } })
  expect(socketMessageOf(bytes('09'))).toBe('ping')
  expect(socketMessageOf(bytes('0a'))).toBe('pong')
  expect(socketMessageOf(bytes('09 09'))).toBeUndefined()
})

test('[HP1] the messages about a document are those of y-websocket', () => {
  for (const message of [encodeStep1(bytes('00')), encodeStep2(bytes('00 00'))]) {
    const frame = Uint8Array.from([...encodeHocuspocusAddress('doc'), ...message])
    const heard = read(frame)
    if ('kind' in heard || heard.message.kind !== 'document') throw new Error('not of a document')
    expect(decodeClientMessage(heard.message.message, defaultLimits)).toEqual(
      decodeClientMessage(message, defaultLimits),
    )
  }
})

test('[HP1] a message of the sync between servers is read as sync, and the frame stays as it was', () => {
  const frame = bytes(`${doc} 04 00 01 00`)
  expect(read(frame)).toEqual({
    address: 'doc',
    message: { kind: 'document', message: bytes('00 00 01 00'), isStep1: true },
  })
  expect(frame).toEqual(bytes(`${doc} 04 00 01 00`))
})

test('[HP2] what the server says is what the captured server said', () => {
  const join = (message: Uint8Array) =>
    Buffer.concat([encodeHocuspocusAddress('doc'), message]).toString('hex')
  const hex = (value: string) => Buffer.from(bytes(value)).toString('hex')
  expect(join(encodeAuthenticated('read-write'))).toBe(hex(`${doc} 02 02 0a ${text('read-write')}`))
  expect(join(encodeAuthenticated('readonly'))).toBe(hex(`${doc} 02 02 08 ${text('readonly')}`))
  expect(join(encodePermissionDenied('no'))).toBe(hex(`${doc} 02 01 02 ${text('no')}`))
  expect(join(encodeHocuspocusTokenRequest())).toBe(hex(`${doc} 02 00`))
  expect(join(encodeSyncStatus(true))).toBe(hex(`${doc} 08 01`))
  expect(join(encodeSyncStatus(false))).toBe(hex(`${doc} 08 00`))
  expect(join(encodeDetached('provider_initiated'))).toBe(
    hex(`${doc} 07 12 ${text('provider_initiated')}`),
  )
  expect(join(encodeStateless('hi'))).toBe(hex(`${doc} 05 02 ${text('hi')}`))
  expect(encodePong()).toEqual(bytes('0a'))
})

test('[HP3] the session id is a part of the address and not of the name', () => {
  const frame = bytes(`0f ${text('doc\0o86dkog36co')} 02 00 00`)
  const address = decodeHocuspocusAddress(frame, defaultLimits)
  expect(address).toEqual({
    address: 'doc\0o86dkog36co',
    documentName: 'doc',
    hasSessionId: true,
    messageAt: 16,
  })
  expect(encodeHocuspocusAddress('doc\0o86dkog36co')).toEqual(frame.subarray(0, 16))
  const named = decodeHocuspocusAddress(bytes(`04 ${text('ä b')} 03`), defaultLimits)
  expect(named).toMatchObject({ documentName: 'ä b', hasSessionId: false })
})

test('[HP4] frames that are no message are refused by value', () => {
  const hostile = [
    '',
    '00',
    '00 00 01 00',
    '80 00',
    '03 64 6f',
    'ff ff ff ff 0f 61',
    '01 ff 03',
    `${doc}`,
    `${doc} 80`,
    `${doc} 02`,
    `${doc} 02 00`,
    `${doc} 02 00 05 61`,
    `${doc} 02 01 00`,
    `${doc} 02 02 00`,
    `${doc} 02 00 00 02 ff ff`,
    `${doc} 05`,
    `${doc} 05 02 61`,
    `${doc} 06 01 61`,
    `${doc} 08 01`,
    `${doc} 09`,
    `${doc} 0a`,
    `${doc} 0b`,
    `${doc} ff ff ff ff ff ff ff ff 7f`,
    `${doc} 02 00 00 41 ${'61'.repeat(65)}`,
  ]
  for (const hex of hostile) {
    expect(read(bytes(hex)), hex).toMatchObject({ kind: 'refused', close: 'malformed' })
  }
})

test('[HP4] an address or a token over its limit is refused, whatever it claims to hold', () => {
  const limits = { addressBytesMax: 4, tokenBytesMax: 4 }
  const longest = bytes(`04 ${text('abcd')} 02 00 04 ${text('abcd')}`)
  expect(decodeHocuspocusAddress(longest, limits)).toMatchObject({ documentName: 'abcd' })
  expect(decodeHocuspocusMessage(longest, 5, limits)).toMatchObject({ kind: 'token' })
  expect(decodeHocuspocusAddress(bytes(`05 ${text('abcde')} 03`), limits)).toMatchObject({
    close: 'malformed',
  })
  expect(decodeHocuspocusMessage(bytes(`02 00 05 ${text('abcde')}`), 0, limits)).toMatchObject({
    close: 'tooLarge',
  })
})

test('[HP4] no random bytes make a reader throw', () => {
  const random = createSeededRandom(12)
  for (let i = 0; i < 20_000; i++) {
    const frame = random.bytes(random.below(24))
    if (frame.length > 2 && random.chance(0.8)) {
      frame[0] = 1
      frame[2] = random.below(12)
    }
    socketMessageOf(frame)
    const heard = read(frame)
    if (!('kind' in heard) && heard.message.kind === 'document') {
      decodeClientMessage(heard.message.message, defaultLimits)
    }
  }
})

test('[HP5] the numbers are those that providers in the field know', () => {
  expect(hocuspocusType).toEqual({
    sync: 0,
    presence: 1,
    auth: 2,
    queryPresence: 3,
    syncReply: 4,
    stateless: 5,
    broadcastStateless: 6,
    close: 7,
    syncStatus: 8,
    ping: 9,
    pong: 10,
  })
})

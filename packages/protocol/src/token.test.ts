import { expect, test } from 'vitest'
import {
  decodeClientMessage,
  decodeServerMessage,
  defaultLimits,
  encodeToken,
  encodeTokenRequest,
} from './index.ts'

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
const decode = (frame: Uint8Array) => decodeClientMessage(frame, defaultLimits)

test('[WR8] a token and the request for one come back as they were', () => {
  for (const token of ['', 'a', 'x'.repeat(300), 'Zoë 🦊']) {
    expect(decode(encodeToken(token))).toEqual({ kind: 'token', token })
  }
  expect(encodeToken('tok')).toEqual(bytes('02 00 03 74 6f 6b'))
  expect(encodeTokenRequest()).toEqual(bytes('02 00'))
  expect(decodeServerMessage(encodeTokenRequest())).toEqual({ kind: 'tokenRequest' })
  for (const hex of ['02 01', '02 00 01 61']) {
    expect(decodeServerMessage(bytes(hex))).toEqual({ kind: 'other', type: 2 })
  }
})

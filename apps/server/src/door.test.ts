import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { createDoor, type DoorOptions } from './door.ts'

const defaults: DoorOptions = { host: '127.0.0.1', origins: [], names: [], proxies: [] }

function ask(
  headers: Readonly<Record<string, string>>,
  { method = 'POST', address = '127.0.0.1' } = {},
): IncomingMessage {
  return { headers, method, socket: { remoteAddress: address } } as unknown as IncomingMessage
}

test.each<[string, Partial<DoorOptions>, string | undefined]>([
  ['127.0.0.1:1234', {}, undefined],
  ['localhost:1234', {}, undefined],
  ['LOCALHOST', {}, undefined],
  ['[::1]:1234', {}, undefined],
  // Nobody can point an address elsewhere.
  ['192.168.1.5:1234', {}, undefined],
  ['evil.example:1234', {}, 'other-name'],
  ['evil.example', { host: '::1' }, 'other-name'],
  ['evil.example', { host: 'localhost' }, 'other-name'],
  ['evil.example', { host: '127.8.9.1' }, 'other-name'],
  ['localhost.evil.example', {}, 'other-name'],
  ['127.0.0.1.evil.example', {}, 'other-name'],
  ['localhost.', {}, 'other-name'],
  ['[evil.example]', {}, 'other-name'],
  ['', {}, 'other-name'],
  ['quire.example', { names: ['quire.example'] }, undefined],
  ['Quire.Example:443', { names: ['quire.example'] }, undefined],
  ['sub.quire.example', { names: ['quire.example'] }, 'other-name'],
  ['app.example', { origins: ['https://app.example:8443'] }, undefined],
  // Who listens for everybody is asked by any name, until names are known.
  ['evil.example', { host: '0.0.0.0' }, undefined],
  ['evil.example', { host: '0.0.0.0', names: ['quire.example'] }, 'other-name'],
  ['quire.example', { host: '0.0.0.0', names: ['quire.example'] }, undefined],
])('asked for %j with %j: %j', (host, options, expected) => {
  const door = createDoor({ ...defaults, ...options })
  for (const method of ['GET', 'POST']) {
    expect(door.refusal(ask({ host }, { method }))).toBe(expected)
  }
  expect(door.upgradeRefusal(ask({ host }))).toBe(expected)
})

test('without a Host header it is no page, and let in', () => {
  expect(createDoor(defaults).refusal(ask({}))).toBeUndefined()
})

test.each<[string, Partial<DoorOptions>, string | undefined]>([
  ['http://127.0.0.1:1234', {}, undefined],
  ['http://127.0.0.1:1235', {}, 'other-site'],
  ['https://evil.example', {}, 'other-site'],
  ['null', {}, 'other-site'],
  ['HTTP://127.0.0.1:1234', {}, 'other-site'],
  ['https://app.example', { origins: ['https://app.example'] }, undefined],
  ['http://127.0.0.1:1234', { origins: ['https://app.example'] }, undefined],
  ['https://evil.example', { origins: ['https://app.example'] }, 'other-site'],
])('a page of %j that wants to change something, with %j: %j', (origin, options, expected) => {
  const door = createDoor({ ...defaults, ...options })
  const headers = { host: '127.0.0.1:1234', origin }
  expect(door.refusal(ask(headers))).toBe(expected)
  expect(door.refusal(ask(headers, { method: 'GET' }))).toBeUndefined()
  // The sync server knows the same list, and answers itself.
  expect(door.upgradeRefusal(ask(headers))).toBeUndefined()
})

test('behind a known proxy its word about name and scheme counts, and a stranger has none', () => {
  const door = createDoor({ ...defaults, names: ['quire.example'], proxies: ['10.0.0.0/8'] })
  const forwarded = {
    host: '127.0.0.1:1234',
    origin: 'https://quire.example',
    'x-forwarded-host': 'quire.example',
    'x-forwarded-proto': 'https',
  }
  expect(door.refusal(ask(forwarded, { address: '10.1.1.1' }))).toBeUndefined()
  expect(door.refusal(ask(forwarded, { address: '203.0.113.9' }))).toBe('other-site')
  const http = { ...forwarded, origin: 'http://quire.example' }
  expect(door.refusal(ask(http, { address: '10.1.1.1' }))).toBe('other-site')
})

test('an origin or a proxy that is none is named', () => {
  expect(() => createDoor({ ...defaults, origins: ['app.example'] })).toThrow('"app.example"')
  expect(() => createDoor({ ...defaults, proxies: ['proxy'] })).toThrow('"proxy"')
})

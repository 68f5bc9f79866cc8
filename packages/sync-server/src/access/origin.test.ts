import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { checkOrigins, isOriginAllowed, originOf, type Origins } from './origin.ts'
import { createProxies } from './real-address.ts'

const listed = ['https://app.example', 'http://localhost:3000']
const http = 'http' as const
const https = 'https' as const

test.each<[string | undefined, string | undefined, 'http' | 'https' | undefined, Origins, boolean]>(
  [
    // No page.
    [undefined, 'quire.example', http, 'same', true],
    [undefined, undefined, undefined, listed, true],
    // The server's own address.
    ['http://127.0.0.1:1234', '127.0.0.1:1234', undefined, 'same', true],
    ['http://[::1]:1234', '[::1]:1234', undefined, 'same', true],
    ['https://quire.example', 'quire.example', undefined, 'same', true],
    ['https://quire.example', 'QUIRE.example', undefined, 'same', true],
    ['https://quire.example', 'quire.example:443', undefined, 'same', true],
    ['http://quire.example', 'quire.example:80', undefined, 'same', true],
    ['https://quire.example', 'quire.example', https, 'same', true],
    // Another port, scheme or host.
    ['http://127.0.0.1:1235', '127.0.0.1:1234', undefined, 'same', false],
    ['http://127.0.0.1', '127.0.0.1:1234', undefined, 'same', false],
    ['http://quire.example', 'quire.example:443', undefined, 'same', false],
    ['http://quire.example', 'quire.example', https, 'same', false],
    ['https://quire.example', 'quire.example', http, 'same', false],
    ['https://evil.example', 'quire.example', undefined, 'same', false],
    ['https://sub.quire.example', 'quire.example', undefined, 'same', false],
    ['https://quire.example.evil.example', 'quire.example', undefined, 'same', false],
    ['https://evil-quire.example', 'quire.example', undefined, 'same', false],
    // What no browser sends, and what it sends for pages without an address.
    ['null', 'quire.example', undefined, 'same', false],
    ['', 'quire.example', undefined, 'same', false],
    ['https://Quire.example', 'quire.example', undefined, 'same', false],
    ['HTTPS://quire.example', 'quire.example', undefined, 'same', false],
    ['https://quire.example/', 'quire.example', undefined, 'same', false],
    ['https://quire.example:443', 'quire.example', undefined, 'same', false],
    ['https://evil.example/quire.example', 'quire.example', undefined, 'same', false],
    ['https://quire.example@evil.example', 'quire.example', undefined, 'same', false],
    ['https://evil.example', 'evil.example@quire.example', undefined, 'same', false],
    ['https://quire.example', 'quire.example/x', undefined, 'same', false],
    ['https://quire.example', undefined, undefined, 'same', false],
    ['https://quire.example', 'a b', undefined, 'same', false],
    ['file://', 'quire.example', undefined, 'same', false],
    ['chrome-extension://abcdef', 'abcdef', undefined, 'same', false],
    // A list is whole, and the server's own address is in it or not.
    ['https://app.example', 'quire.example', undefined, listed, true],
    ['http://localhost:3000', 'quire.example', undefined, listed, true],
    ['http://app.example', 'quire.example', undefined, listed, false],
    ['https://app.example:8443', 'quire.example', undefined, listed, false],
    ['https://app.example.evil.example', 'quire.example', undefined, listed, false],
    ['https://APP.example', 'quire.example', undefined, listed, false],
    ['https://quire.example', 'quire.example', undefined, listed, false],
    ['null', 'quire.example', undefined, listed, false],
    ['http://localhost', 'quire.example', undefined, listed, false],
    ['https://app.example', 'quire.example', undefined, ['same', ...listed], true],
    ['https://quire.example', 'quire.example', undefined, ['same', ...listed], true],
    ['https://evil.example', 'quire.example', undefined, ['same', ...listed], false],
    ['https://quire.example', 'quire.example', undefined, [], false],
    // Open.
    ['https://evil.example', 'quire.example', undefined, 'any', true],
    ['null', 'quire.example', undefined, 'any', true],
  ],
)(
  '[AC12] a page of %j that asks %j over %s, with %j: %j',
  (origin, host, scheme, origins, expected) => {
    expect(isOriginAllowed({ origin, host, scheme }, origins)).toBe(expected)
  },
)

test.each([
  'app.example',
  'https://app.example/',
  'https://*.example',
  'null',
  'HTTPS://app.example',
])('[AC12] %j is no origin, and says so at the start', (origin) => {
  expect(() => checkOrigins([origin])).toThrow(`${JSON.stringify(origin)} is not an origin`)
})

test('[AC12] where we end TLS ourselves a page of the same name without it is not ours', () => {
  const asked = (socket: object, headers: object): IncomingMessage =>
    ({ socket: { remoteAddress: '203.0.113.7', ...socket }, headers }) as IncomingMessage
  const page = (scheme: string) => ({ origin: `${scheme}://quire.example`, host: 'quire.example' })
  const proxies = createProxies([])
  const schemeOf = (socket: object, headers: object) =>
    originOf(asked(socket, headers), proxies).scheme
  const encrypted = { encrypted: true }
  expect(isOriginAllowed(originOf(asked(encrypted, page('https')), proxies), 'same')).toBe(true)
  expect(isOriginAllowed(originOf(asked(encrypted, page('http')), proxies), 'same')).toBe(false)
  // What nobody trusted says about the scheme changes nothing.
  const lie = { 'x-forwarded-proto': 'http' }
  expect([schemeOf(encrypted, lie), schemeOf({}, lie)]).toEqual(['https', undefined])
})

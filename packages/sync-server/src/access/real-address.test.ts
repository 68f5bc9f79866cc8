import { expect, test } from 'vitest'
import { createProxies, realAddress } from './real-address.ts'

const proxies = ['10.0.0.0/8', '192.168.1.7', 'fd00::/8', 'loopback']

test.each([
  ['a peer that is no proxy is believed nothing', '203.0.113.9', '1.1.1.1', '203.0.113.9'],
  [
    'a peer that is no proxy, and a header that names one',
    '203.0.113.9',
    '10.0.0.1',
    '203.0.113.9',
  ],
  ['without a header', '10.0.0.1', undefined, '10.0.0.1'],
  ['an empty header', '10.0.0.1', '', '10.0.0.1'],
  ['one hop', '10.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['what the client made up stays left', '10.0.0.1', '1.1.1.1, 203.0.113.9', '203.0.113.9'],
  ['two trusted hops', '10.0.0.1', '203.0.113.9, 192.168.1.7,10.9.9.9', '203.0.113.9'],
  ['a made up proxy is not one', '10.0.0.1', '1.1.1.1, 10.0.0.2, 203.0.113.9', '203.0.113.9'],
  ['only proxies', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
  ['garbage ends the walk', '10.0.0.1', '203.0.113.9, unknown', '10.0.0.1'],
  ['garbage behind a hop', '10.0.0.1', '203.0.113.9, unknown, 10.0.0.2', '10.0.0.2'],
  ['a trailing comma', '10.0.0.1', '203.0.113.9,', '10.0.0.1'],
  ['a leading comma', '10.0.0.1', ',10.0.0.2', '10.0.0.2'],
  ['a port', '10.0.0.1', '203.0.113.9:4711', '203.0.113.9'],
  ['IPv6', '::1', '2001:db8::1', '2001:db8::1'],
  ['IPv6 in brackets with a port', 'fd00::2', '[2001:db8::1]:4711', '2001:db8::1'],
  ['IPv4 in IPv6 clothes', '::ffff:10.0.0.1', '::ffff:203.0.113.9', '203.0.113.9'],
  ['this machine', '127.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['no peer', undefined, '203.0.113.9', ''],
  ['an address with a zone is none', '10.0.0.1', '203.0.113.999', '10.0.0.1'],
])('[AC13] %s: %j forwarding %j is %j', (_what, peer, forwarded, expected) => {
  expect(realAddress(peer, forwarded, createProxies(proxies))).toBe(expected)
})

test('[AC13] without proxies nothing is believed', () => {
  expect(realAddress('10.0.0.1', '203.0.113.9', createProxies([]))).toBe('10.0.0.1')
})

test('[AC13] a header as long as Node takes is walked in no time', () => {
  const forwarded = Array.from({ length: 8_000 }, () => '::').join(',')
  const startMs = performance.now()
  expect(realAddress('::1', forwarded, createProxies(['::/0']))).toBe('::')
  expect(performance.now() - startMs).toBeLessThan(1_000)
})

test.each([
  '10.0.0.0/33',
  'fd00::/129',
  '10.0.0/8',
  'proxy.example',
  '',
  '10.0.0.0/8/8',
  '10.0.0.0/',
])('[AC13] %j is no address and no network, and says so at the start', (entry) => {
  expect(() => createProxies([entry])).toThrow(`${JSON.stringify(entry)} is not an address`)
})

import { expect, test } from 'vitest'
import { networkOf } from './rate-network.ts'

test('[RT2] an IPv4 address is itself, however it is written', () => {
  expect(networkOf('203.0.113.9')).toBe('203.0.113.9')
  expect(networkOf('::ffff:203.0.113.9')).toBe('203.0.113.9')
  expect(networkOf('::FFFF:203.0.113.9')).toBe('203.0.113.9')
  expect(networkOf('203.0.113.10')).not.toBe(networkOf('203.0.113.9'))
})

test('[RT2] IPv6 addresses of one network are one peer, in every spelling', () => {
  const same = [
    '2001:db8:0:7:1:2:3:4',
    '2001:0db8:0000:0007:ffff:0:0:1',
    '2001:DB8:0:7::',
    '2001:db8:0:7::1%eth0',
    '2001:db8:0:7::192.0.2.1',
  ]
  for (const address of same) expect(networkOf(address), address).toBe('2001:db8:0:7::/64')
  expect(networkOf('2001:db8::7:0:0:0:4')).toBe('2001:db8:0:7::/64')
  expect(networkOf('2001:db8::8')).toBe('2001:db8:0:0::/64')
  expect(networkOf('2001:db8:0:8::1')).toBe('2001:db8:0:8::/64')
})

test('[RT2] this machine, and what is no address, is nobody', () => {
  for (const address of [
    '127.0.0.1',
    '127.9.9.9',
    '::1',
    '::ffff:127.0.0.1',
    '',
    'unix',
    '1.2.3',
  ]) {
    expect(networkOf(address), address).toBeUndefined()
  }
})

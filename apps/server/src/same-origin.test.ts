import { expect, test } from 'vitest'
import { isSameOrigin } from './same-origin.ts'

test.each([
  [undefined, 'quire.example', true],
  ['http://127.0.0.1:1234', '127.0.0.1:1234', true],
  ['https://Quire.example', 'quire.example', true],
  ['https://quire.example', 'QUIRE.example:443', true],
  ['http://quire.example', 'quire.example:80', true],
  ['http://[::1]:1234', '[::1]:1234', true],
  ['http://127.0.0.1:1235', '127.0.0.1:1234', false],
  ['http://quire.example', 'quire.example:443', false],
  ['https://quire.example.evil.example', 'quire.example', false],
  ['https://evil.example/quire.example', 'quire.example', false],
  ['null', 'quire.example', false],
  ['', 'quire.example', false],
  ['http://quire.example', undefined, false],
])('a page from %j may talk to %j: %j', (origin, host, expected) => {
  expect(isSameOrigin(origin, host)).toBe(expected)
})

import { createSeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import { isJson } from './json-scan.ts'

const encoder = new TextEncoder()

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function scan(text: string, depthMax = 100): boolean {
  const bytes = encoder.encode(`x${text}x`)
  return isJson(bytes, 1, bytes.length - 1, depthMax)
}

test('[US3] the scan of JSON agrees with JSON.parse', () => {
  const samples = [
    '0',
    '-0',
    '-',
    '01',
    '1.',
    '.5',
    '1e',
    '1e+5',
    '1E-5',
    '1.5e3',
    '"\\u00e9"',
    '"\\u00g9"',
  ]
  const more = [
    '"\\x"',
    '"',
    '"a',
    '[]',
    '[1,]',
    '[,]',
    '{"a":1}',
    '{"a":1,}',
    '{a:1}',
    '{"a"}',
    'tru',
  ]
  for (const text of [
    ...samples,
    ...more,
    '',
    ' ',
    ' [ 1 , 2 ] ',
    'null ',
    '\u00a0null',
    '1 2',
    '+1',
    '\ufeff1',
  ]) {
    expect(scan(text), text).toBe(parses(text))
  }
})

test('[US3] the scan of JSON agrees with JSON.parse on mutated values', () => {
  const random = createSeededRandom(5)
  const parts = [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"',
    '\\',
    '1',
    '0',
    '-',
    '.',
    'e',
    'null',
    'true',
    ' ',
    '\n',
    'u00e9',
    '\u0000',
    '🦊',
  ]
  let accepted = 0
  for (let i = 0; i < 30_000; i++) {
    let text: string
    if (random.chance(0.5)) {
      text = Array.from({ length: random.below(9) }, () => random.pick(parts)).join('')
    } else {
      const value = JSON.stringify({ a: [1, -2.5e-7, 'x\n"', null, { b: true }], ü: '' })
      const at = random.below(value.length)
      text = value.slice(0, at) + random.pick(parts) + value.slice(at + random.below(3))
    }
    const expected = parses(text)
    if (expected) accepted += 1
    expect(scan(text), text).toBe(expected)
  }
  expect(accepted).toBeGreaterThan(500)
})

test('nesting is bounded', () => {
  expect(scan('[[[]]]', 3)).toBe(true)
  expect(scan('[[[]]]', 2)).toBe(false)
  expect(scan('['.repeat(1_000_000))).toBe(false)
})

import { safeHref } from '@quire/document'
import { expect, test } from 'vitest'
import { hrefFrom, isPastedLink } from './safe-href.ts'

const allowed: readonly [string, string][] = [
  ['https://example.org/a?b#c', 'https://example.org/a?b#c'],
  ['HTTP://Example.org', 'HTTP://Example.org'],
  ['example.org', 'https://example.org'],
  ['example.org/a', 'https://example.org/a'],
  [' www.example.co.uk ', 'https://www.example.co.uk'],
  ['localhost:1234/x', 'https://localhost:1234/x'],
  ['ana@example.org', 'mailto:ana@example.org'],
  ['mailto:ana@example.org', 'mailto:ana@example.org'],
  ['tel:+4912345', 'tel:+4912345'],
  ['/d/abc', '/d/abc'],
  ['#part', '#part'],
  ['//example.org/a', 'https://example.org/a'],
]

for (const [typed, href] of allowed) {
  test(`“${typed}” is an address`, () => {
    expect(hrefFrom(typed)).toBe(href)
    expect(safeHref(href)).toBe(href)
  })
}

const refused = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  '\u0001javascript:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:https://a.b/c',
  'just words',
  'word',
  'https://',
  'mailto:',
  '',
]

for (const typed of refused) {
  test(`“${JSON.stringify(typed)}” is not an address`, () => {
    expect(hrefFrom(typed)).toBe(null)
  })
}

test('only whole addresses are linked when pasted', () => {
  expect(isPastedLink('https://example.org')).toBe(true)
  expect(isPastedLink('example.org')).toBe(false)
  expect(isPastedLink('see https://example.org')).toBe(false)
})

test('an address longer than a document takes is none', () => {
  expect(hrefFrom(`https://quire.test/${'a'.repeat(3_000)}`)).toBeNull()
})

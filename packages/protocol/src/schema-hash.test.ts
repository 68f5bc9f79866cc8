import { expect, test } from 'vitest'
import { decodeServerMessage, encodeEvent, parseSchemaHash } from './index.ts'

test('[WR10] other schemas are told by a bounded number of hashes, and what is none is refused', () => {
  const told = (others: unknown) =>
    decodeServerMessage(encodeEvent({ kind: 'schemas', others: others as readonly string[] }))
  for (const others of [[], ['0123456789abcdef'], Array.from({ length: 8 }, (_, n) => `h-${n}`)]) {
    expect(told(others)).toEqual({ kind: 'event', event: { kind: 'schemas', others } })
  }
  const many = Array.from({ length: 1_000 }, (_, n) => `h${n}`)
  expect(told(many)).toEqual({
    kind: 'event',
    event: { kind: 'schemas', others: many.slice(0, 8) },
  })
  for (const others of [null, 'ab', [1], [''], ['a b'], ['x'.repeat(65)], [null]]) {
    expect(told(others).kind).toBe('refused')
  }
  for (const none of [undefined, null, '', 'ü', 'a b', 'x'.repeat(65), 7, ['a']]) {
    expect(parseSchemaHash(none)).toBeUndefined()
  }
  expect(parseSchemaHash('0123456789abcdef')).toBe('0123456789abcdef')
})

import { expect, test } from 'vitest'
import { nameFor } from './write-file.ts'

test('a title becomes a name that every system takes', () => {
  expect(nameFor('Plan: a/b \\ "c"?')).toBe('Plan a b c')
  expect(nameFor('..hidden. ')).toBe('hidden')
  expect(nameFor('日本語 2026')).toBe('日本語 2026')
  expect(nameFor(' \n')).toBe('Untitled')
  expect(nameFor('x'.repeat(500))).toHaveLength(120)
})

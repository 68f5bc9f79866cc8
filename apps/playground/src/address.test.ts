import { expect, test } from 'vitest'
import { readAddress } from './address.ts'

test('without anything said, three people have a letter', () => {
  expect(readAddress('')).toEqual({ kind: 'live', peopleCount: 3, content: { kind: 'letter' } })
})

test('a seed asks for a replay, whatever else is there', () => {
  expect(readAddress('?seed=17&people=2&step=4')).toEqual({ kind: 'replay', seed: 17, step: 4 })
})

test('what is no number counts as not said, and numbers have bounds', () => {
  expect(readAddress('?seed=-1&people=99&blocks=1e9')).toEqual({
    kind: 'live',
    peopleCount: 12,
    content: { kind: 'letter' },
  })
  expect(readAddress('?people=0&blocks=999999999')).toEqual({
    kind: 'live',
    peopleCount: 1,
    content: { kind: 'long', blockCount: 20_000 },
  })
})

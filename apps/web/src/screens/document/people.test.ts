import { expect, test } from 'vitest'
import { peopleOf } from './people.ts'

const user = (name: unknown, color: unknown): object => ({ user: { name, color } })

test('people are the others, in the order of their ids', () => {
  const states = new Map<number, unknown>([
    [9, user('Cleo', '#0f7573')],
    [5, user('Me', '#0f7573')],
    [2, user('Ben', '#b5432c')],
  ])
  expect(peopleOf(states, 5)).toEqual([
    { clientId: 2, name: 'Ben', color: '#b5432c' },
    { clientId: 9, name: 'Cleo', color: '#0f7573' },
  ])
})

test('what others send is not trusted: names are bounded, colours are colours', () => {
  const hostile = [
    user('x'.repeat(1000), 'url(https://evil.example)'),
    user({ toString: () => 'A' }, 7),
    null,
    'text',
    {},
  ]
  for (const state of hostile) {
    const [person] = peopleOf(new Map([[1, state]]), 2)
    expect(person?.name.length).toBeLessThanOrEqual(60)
    expect(person?.name).not.toBe('')
    expect(person?.color).toMatch(/^#[0-9a-f]{6}$/)
  }
})

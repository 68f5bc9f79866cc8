import { expect, test } from 'vitest'
import { timeInWords } from './time-in-words.ts'

const now = new Date(2026, 2, 18, 10, 0, 0).getTime() // a Wednesday, local time
const at = (...parts: [number, number, number, number, number]): string =>
  timeInWords(new Date(...parts).getTime(), now)

test('a change of the last minute is just now, also by a clock that runs ahead', () => {
  expect(timeInWords(now, now)).toBe('just now')
  expect(timeInWords(now - 59_000, now)).toBe('just now')
  expect(timeInWords(now + 90_000, now)).toBe('just now')
})

test('minutes and hours of today are counted, in the singular too', () => {
  expect(at(2026, 2, 18, 9, 59)).toBe('1 minute ago')
  expect(at(2026, 2, 18, 9, 15)).toBe('45 minutes ago')
  expect(at(2026, 2, 18, 9, 0)).toBe('1 hour ago')
  expect(at(2026, 2, 18, 0, 1)).toBe('9 hours ago')
})

test('days are calendar days, not spans of 24 hours', () => {
  expect(at(2026, 2, 17, 23, 0)).toBe('yesterday')
  expect(at(2026, 2, 17, 0, 1)).toBe('yesterday')
  expect(at(2026, 2, 16, 23, 59)).toBe('Monday')
  expect(at(2026, 2, 12, 12, 0)).toBe('Thursday')
})

test('just after midnight, a change a few minutes old is still minutes ago', () => {
  const midnight = new Date(2026, 2, 18, 0, 5).getTime()
  expect(timeInWords(new Date(2026, 2, 17, 23, 50).getTime(), midnight)).toBe('15 minutes ago')
})

test('a week back it is a date, with the year only when it is another one', () => {
  expect(at(2026, 2, 11, 12, 0)).toBe('March 11')
  expect(at(2025, 11, 31, 12, 0)).toBe('December 31, 2025')
})

import { expect, test } from 'vitest'
import {
  AssertionError,
  assert,
  createLog,
  Disposer,
  type LogEntry,
  must,
  randomId,
  reasonOf,
  systemClock,
  systemRandom,
} from './index.ts'

test('assert and must throw an AssertionError that says what broke', () => {
  expect(() => assert([].length > 0, 'the list is empty')).toThrow(
    new AssertionError('the list is empty'),
  )
  expect(must(0, 'zero is a value')).toBe(0)
  expect(() => must(undefined, 'no room')).toThrow('no room')
})

test('a disposer releases last in first out, once, and goes on past a release that throws', () => {
  const seen: number[] = []
  const disposer = new Disposer()
  disposer.add(() => seen.push(1))
  disposer.add(() => {
    throw new Error('two')
  })
  disposer.add(() => seen.push(3))
  expect(() => disposer.dispose()).toThrow('two')
  disposer.dispose()
  expect(seen).toEqual([3, 1])
  disposer.add(() => seen.push(4))
  expect(seen).toEqual([3, 1, 4])
})

test('a log names its channel and hands its fields to the sink', () => {
  const entries: LogEntry[] = []
  createLog((entry) => entries.push(entry))
    .channel('room')
    .warn('store failed', { attempt: 2 })
  expect(entries).toEqual([
    { level: 'warn', channel: 'quire/room', message: 'store failed', fields: { attempt: 2 } },
  ])
})

test('a reason is one line, whatever was thrown', () => {
  expect(reasonOf(new RangeError('too far'))).toBe('RangeError: too far')
  expect(reasonOf('text')).toBe('text')
})

test('an id has the asked length and only characters that are safe in a URL', () => {
  const id = randomId(systemRandom, 40)
  expect(id).toMatch(/^[A-Za-z0-9_-]{40}$/)
  expect(randomId(systemRandom)).not.toBe(randomId(systemRandom))
})

test('random bytes are given out once, in any number', () => {
  const seen = Array.from({ length: 1_000 }, () => systemRandom.bytes(12))
  expect(new Set(seen.map((bytes) => bytes.join())).size).toBe(1_000)
  // Whoever changes theirs changes nobody else's.
  expect(new Set(seen.map(({ buffer }) => buffer)).size).toBe(1_000)
  const many = systemRandom.bytes(4_096)
  expect(many).toHaveLength(4_096)
  expect(new Set(many).size).toBeGreaterThan(200)
})

test('a cancelled timer never runs', async () => {
  const seen: string[] = []
  systemClock.after(0, () => seen.push('cancelled')).cancel()
  await new Promise<void>((resolve) => systemClock.after(1, resolve))
  expect(seen).toEqual([])
})

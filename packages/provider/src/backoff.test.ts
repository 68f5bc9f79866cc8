import type { Random } from '@quire/base'
import { expect, test } from 'vitest'
import { reconnectDelayMs } from './backoff.ts'

const always = (unit: number): Random => ({
  unit: () => unit,
  bytes: (byteCount) => new Uint8Array(byteCount),
})

test('[CO1] the ceiling doubles from 0.3 s to 30 s, and the wait is anywhere below it', () => {
  const ceilings = [1, 2, 3, 4, 5, 6, 7, 8, 9, 1000].map((failures) =>
    reconnectDelayMs(failures, always(1)),
  )
  expect(ceilings).toEqual([300, 600, 1200, 2400, 4800, 9600, 19_200, 30_000, 30_000, 30_000])
  expect(reconnectDelayMs(5, always(0))).toBe(0)
  expect(reconnectDelayMs(5, always(0.5))).toBe(2400)
})

test('[CO1] a server that says it is full is asked again after up to 5 s, even the first time', () => {
  expect(reconnectDelayMs(1, always(1), 1013)).toBe(4800)
  expect(reconnectDelayMs(1, always(1), 4529)).toBe(4800)
  expect(reconnectDelayMs(9, always(1), 1013)).toBe(30_000)
  expect(reconnectDelayMs(1, always(1), 1012)).toBe(300)
})

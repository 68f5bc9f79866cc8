import { createSeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import { SharedMeters } from './rate-shared.ts'

const rate = { framesPerSecond: 1, framesBurst: 10, bytesPerSecond: 1, bytesBurst: 10 }

test('[RT3] all holders of a key share its meter, and their number is known', () => {
  const meters = new SharedMeters(rate, 100)
  const first = meters.hold('a')
  const second = meters.hold('a')
  expect(second.meter).toBe(first.meter)
  expect(meters.hold('b').meter).not.toBe(first.meter)
  expect(meters.holderCount('a')).toBe(2)
  meters.release(first, 0)
  expect(meters.holderCount('a')).toBe(1)
  expect(meters.holderCount('nobody')).toBe(0)
})

test('[RT3] who comes back still owes what it owed, until that has flowed back', () => {
  const meters = new SharedMeters(rate, 100)
  const first = meters.hold('a')
  first.meter.charge(10, 0, 0)
  meters.release(first, 0)
  const again = meters.hold('a')
  expect(again.meter.tries(1, 0, 0)).toBe(false)
  meters.release(again, 20_000)
  expect(meters.size).toBe(0)
})

test('[RT3] what is remembered is bounded, however many keys there are', () => {
  const random = createSeededRandom(11)
  const meters = new SharedMeters(rate, 50)
  const held = [meters.hold('kept')]
  held[0]?.meter.charge(5, 0, 0)
  for (let i = 0; i < 10_000; i++) {
    meters.charge(`key ${random.below(1_000_000)}`, 1, 0, i / 1_000)
    expect(meters.size).toBeLessThanOrEqual(51)
  }
  expect(meters.hold('kept').meter).toBe(held[0]?.meter)
  // Later everything has flowed back, and two go for each that comes.
  for (let i = 0; i < 100; i++) meters.charge(`late ${i % 2}`, 1, 0, 1e6 + i * 1e5)
  expect(meters.size).toBeLessThanOrEqual(3)
})

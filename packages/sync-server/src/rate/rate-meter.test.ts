import { createSeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import { Meter } from './rate-meter.ts'

const rate = { framesPerSecond: 10, framesBurst: 20, bytesPerSecond: 1_000, bytesBurst: 5_000 }

test('[RT1] a burst passes at once, what is beyond it waits for the rate', () => {
  const meter = new Meter(rate)
  for (let i = 0; i < 20; i++) expect(meter.charge(1, 10, 0)).toBe(0)
  expect(meter.charge(1, 10, 0)).toBeCloseTo(100)
  expect(meter.waitMs(60)).toBeCloseTo(40)
  expect(meter.waitMs(100)).toBe(0)
})

test('[RT1] bytes count for themselves, and the longer wait counts', () => {
  const meter = new Meter(rate)
  expect(meter.charge(1, 5_000, 0)).toBe(0)
  expect(meter.charge(1, 500, 0)).toBeCloseTo(500)
  expect(meter.charge(30, 0, 0)).toBeCloseTo(1_200)
})

test('[RT1] nobody owes more than a burst, however much came', () => {
  const meter = new Meter(rate)
  expect(meter.charge(1_000_000, 0, 0)).toBeCloseTo(2_000)
  expect(meter.isFull(3_999)).toBe(false)
  expect(meter.isFull(4_001)).toBe(true)
})

test('[RT1] what is tried is taken only when nothing is owed afterwards', () => {
  const meter = new Meter(rate)
  expect(meter.tries(20, 0, 0)).toBe(true)
  expect(meter.tries(1, 0, 0)).toBe(false)
  expect(meter.tries(1, 0, 99)).toBe(false)
  expect(meter.tries(1, 0, 101)).toBe(true)
  expect(meter.tries(1, 6_000, 10_000)).toBe(false)
})

test('[RT1] credit gives back what was taken, and no more than a full bucket', () => {
  const meter = new Meter(rate)
  expect(meter.tries(20, 0, 0)).toBe(true)
  meter.credit(5, 0)
  expect(meter.tries(5, 0, 0)).toBe(true)
  expect(meter.tries(1, 0, 0)).toBe(false)
  meter.credit(1_000, 0)
  expect(meter.tries(20, 0, 0)).toBe(true)
  expect(meter.tries(1, 0, 0)).toBe(false)
})

test('[RT1] over any time, no more passes than a burst and the rate', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = createSeededRandom(seed)
    const meter = new Meter(rate)
    let nowMs = 0
    let passed = 0
    for (let i = 0; i < 500; i++) {
      nowMs += random.below(120)
      if (meter.tries(1, 0, nowMs)) passed += 1
    }
    expect(passed, `seed ${seed}`).toBeLessThanOrEqual(20 + (nowMs / 1_000) * 10 + 1)
    expect(passed, `seed ${seed}`).toBeGreaterThan((nowMs / 1_000) * 8)
  }
})

test('[RT1] a charge costs less than half a microsecond, four meters deep', () => {
  const meters = Array.from({ length: 4 }, () => new Meter({ ...rate, framesPerSecond: 1e6 }))
  const count = 1_000
  let best = Number.POSITIVE_INFINITY
  let sum = 0
  // The quickest of many short ones: in a millisecond a busy machine hardly gets to anything else.
  for (let round = 0; round < 1_000; round++) {
    const startMs = performance.now()
    for (let i = 0; i < count; i++) {
      const nowMs = performance.now()
      for (const meter of meters) sum += meter.charge(1, 40, nowMs)
    }
    best = Math.min(best, (performance.now() - startMs) / count)
  }
  expect(sum).toBeGreaterThanOrEqual(0)
  expect(best * 1_000).toBeLessThan(0.5)
})

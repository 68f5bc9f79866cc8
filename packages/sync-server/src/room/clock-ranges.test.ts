import { ClockColumns } from '@quire/protocol'
import { createSeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import { ClockRanges } from './clock-ranges.ts'

test('[KN4] ranges in many chunks agree with a set of numbers, added one by one or many at once', () => {
  for (let seed = 1; seed <= 6; seed++) {
    const random = createSeededRandom(seed)
    const ranges = new ClockRanges()
    const set = new Uint8Array(20_100)
    for (let round = 0; round < 60; round++) {
      const many = Array.from({ length: random.pick([1, 5, 300, 1_500]) }, () => {
        const from = random.below(20_000)
        const to = from + 1 + (random.chance(0.01) ? random.below(99) : random.below(3))
        return { client: 7, from, to }
      })
      if (random.chance(0.5)) ranges.addAll(ClockColumns.of(many))
      else for (const range of many) ranges.add(range)
      for (const { from, to } of many) set.fill(1, from, to)
      for (let i = 0; i < 300; i++) {
        const from = random.below(20_000)
        const to = from + 1 + random.below(4)
        const isInside = set.subarray(from, to).every((clock) => clock === 1)
        const unknown = ranges.unknownOf(ClockColumns.of([{ client: 7, from, to }]))
        expect(unknown.length === 0, `seed ${seed}, round ${round}, ${from}-${to}`).toBe(isInside)
      }
      if (random.chance(0.05)) {
        ranges.add({ client: 7, from: 5_000, to: 15_000 })
        set.fill(1, 5_000, 15_000)
      }
    }
  }
})

test('[KN4] half a million ranges in falling order, and one more in front of each, take no time to speak of', () => {
  const ranges = new ClockRanges()
  const count = 500_000
  const startMs = performance.now()
  const falling = new ClockColumns()
  for (let i = count; i > 0; i--) falling.push(5, i * 4, i * 4 + 1)
  ranges.addAll(falling)
  for (let i = 0; i < 20_000; i++) ranges.add({ client: 5, from: i * 4 + 2, to: i * 4 + 3 })
  // Moving all of them for each took minutes.
  expect(performance.now() - startMs).toBeLessThan(2_000)
  expect(ranges.unknownOf(falling).length).toBe(0)
  const other = ClockColumns.of([{ client: 5, from: 4 * count + 2, to: 4 * count + 3 }])
  expect(ranges.unknownOf(other).length).toBe(1)
})

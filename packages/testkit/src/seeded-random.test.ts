import { expect, test } from 'vitest'
import { createSeededRandom } from './seeded-random.ts'

test('the same seed draws the same, another seed does not', () => {
  const draw = (seed: number) => {
    const random = createSeededRandom(seed)
    return [random.unit(), random.below(1000), random.fork().unit(), [...random.bytes(4)]]
  }
  expect(draw(7)).toEqual(draw(7))
  expect(draw(7)).not.toEqual(draw(8))
})

test('draws cover the range evenly enough to be useful', () => {
  const random = createSeededRandom(1)
  const counts = Array.from({ length: 10 }, () => 0)
  for (let i = 0; i < 10_000; i++) counts[random.below(10)]! += 1
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150)
})

import { createSeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import { Deadlines } from './deadlines.ts'

test('[AC10] what is due comes out in the order of its time, whatever was set, moved and removed', () => {
  const random = createSeededRandom(23)
  const deadlines = new Deadlines<number>()
  const model = new Map<number, number>()
  let nowMs = 0
  for (let step = 0; step < 20_000; step++) {
    const key = random.below(200)
    if (random.chance(0.5)) {
      const dueMs = random.chance(0.05) ? Number.POSITIVE_INFINITY : nowMs + random.below(1_000)
      deadlines.set(key, dueMs)
      if (dueMs === Number.POSITIVE_INFINITY) model.delete(key)
      else model.set(key, dueMs)
    } else if (random.chance(0.3)) {
      deadlines.delete(key)
      model.delete(key)
    } else {
      nowMs += random.below(50)
      for (;;) {
        const firstMs = Math.min(...model.values())
        expect(deadlines.nextMs).toBe(firstMs)
        const taken = deadlines.take(nowMs)
        if (taken === undefined) {
          expect(firstMs).toBeGreaterThan(nowMs)
          break
        }
        expect(model.get(taken)).toBe(firstMs)
        model.delete(taken)
      }
    }
    expect(deadlines.size).toBe(model.size)
  }
})

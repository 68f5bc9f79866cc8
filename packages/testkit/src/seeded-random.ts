/**
 * Randomness that replays. Not unpredictable: for tests and the simulation only.
 * The generator is xorshift128 (G. Marsaglia, "Xorshift RNGs", 2003), seeded through splitmix32.
 */
import type { Random } from '@quire/base'

export interface SeededRandom extends Random {
  readonly seed: number
  /** An integer in [0, below). */
  below(below: number): number
  /** One element; the list must not be empty. */
  pick<T>(list: readonly T[]): T
  /** True with the given probability. */
  chance(probability: number): boolean
  /** A generator of its own, so that drawing more in one place does not change another. */
  fork(): SeededRandom
}

export function createSeededRandom(seed: number): SeededRandom {
  let mix = seed >>> 0
  const split = (): number => {
    mix = (mix + 0x9e3779b9) >>> 0
    let z = mix
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return (z ^ (z >>> 15)) >>> 0
  }
  let [a, b, c, d] = [split(), split(), split(), split() | 1]
  const next = (): number => {
    const t = a ^ (a << 11)
    a = b
    b = c
    c = d
    d = (d ^ (d >>> 19) ^ t ^ (t >>> 8)) >>> 0
    return d
  }
  const below = (limit: number): number => Math.floor((next() / 2 ** 32) * limit)
  return {
    seed,
    unit: () => next() / 2 ** 32,
    bytes: (byteCount) => Uint8Array.from({ length: byteCount }, () => next() & 255),
    below,
    pick(list) {
      if (list.length === 0) throw new RangeError('pick from an empty list')
      return list[below(list.length)] as (typeof list)[number]
    },
    chance: (probability) => next() / 2 ** 32 < probability,
    fork: () => createSeededRandom(next()),
  }
}

export { createManualClock, type ManualClock } from './manual-clock.ts'
export { createSeededRandom, type SeededRandom } from './seeded-random.ts'
export { until } from './until.ts'

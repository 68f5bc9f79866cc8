// @vitest-environment jsdom
/**
 * Seeded fuzz of several editors at one document; `fuzz-round.ts` says what a round is.
 *
 * Many rounds are played on all cores, in processes of their own.
 *
 * `QUIRE_SEED` replays one round, `QUIRE_ROUNDS` asks for more of them (`npm run repro`, `npm run fuzz`);
 * both together: that many from that seed on. `QUIRE_SHRINK` makes a failing round short.
 */
import type { RandomEdit } from '@quire/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Batch } from './fuzz-process.ts'
import { FuzzProcesses } from './fuzz-processes.ts'
import { playRound } from './fuzz-round.ts'
import { shrinkRound } from './shrink-round.ts'

const seedToShrink = process.env['QUIRE_SHRINK']
const seedGiven = process.env['QUIRE_SEED']
const firstSeed = Number(seedGiven ?? 1)
const roundCount = Number(process.env['QUIRE_ROUNDS'] ?? (seedGiven === undefined ? 2_000 : 1))
const isShrinking = seedToShrink !== undefined
/** Rounds of one test: small enough to say soon where a long run stands. */
const batchRounds = 50

const done = new Map<RandomEdit['kind'], number>()
let kept = 0
let composed = 0

/** Seeds of rounds in which a letter that somebody typed is lost, is there twice, or is not where it belongs. */
const seedsOf = { lost: [] as number[], twice: [] as number[], astray: [] as number[] }

if (isShrinking) {
  test(`the shortest way to what goes wrong with seed ${seedToShrink}`, () => {
    process.stdout.write(`${shrinkRound(Number(seedToShrink))}\n`)
  }, 600_000)
}

const batches: Batch[] = []
for (let from = 0; !isShrinking && roundCount > 1 && from < roundCount; from += batchRounds) {
  batches.push({ firstSeed: firstSeed + from, count: Math.min(batchRounds, roundCount - from) })
}
let processes: FuzzProcesses | undefined
beforeAll(() => {
  if (batches.length > 0) processes = new FuzzProcesses(batches)
})
afterAll(() => processes?.end())

for (const { firstSeed: first, count } of batches) {
  const name = `seeds ${first} to ${first + count - 1}`
  test(`editors that edit anything in any order end with one valid document (${name})`, async () => {
    const found = await processes?.played(first)
    if (!found) throw new Error('nobody plays')
    for (const { seed, problems } of found.strays) {
      const isLost = problems.some((problem) => problem.endsWith('is lost'))
      const isTwice = problems.some((problem) => problem.endsWith('times'))
      seedsOf[isLost ? 'lost' : isTwice ? 'twice' : 'astray'].push(seed)
    }
    for (const [kind, times] of found.done) done.set(kind, (done.get(kind) ?? 0) + times)
    kept += found.keptCount
    composed += found.composedCount
    if (found.error !== undefined) throw new Error(found.error)
  }, 600_000)
}

test.skipIf(isShrinking || roundCount > 1)(
  `editors that edit anything in any order end with one valid document (seed ${firstSeed})`,
  () => {
    playRound(firstSeed, { looks: 'always', isStrict: true })
  },
  600_000,
)

test.skipIf(isShrinking || roundCount < 1_000)(
  'the rounds did enough of everything to mean something',
  () => {
    const rare: readonly RandomEdit['kind'][] = [
      'delete-all',
      'redo',
      'merge-cells',
      'select-cells',
    ]
    const common: readonly RandomEdit['kind'][] = [
      ...(['type', 'delete', 'mark', 'blocks', 'code', 'split', 'join', 'move', 'insert'] as const),
      ...(['break', 'table', 'paste', 'select-node', 'undo'] as const),
    ]
    for (const kind of rare) expect(done.get(kind) ?? 0, kind).toBeGreaterThan(30)
    for (const kind of common) expect(done.get(kind) ?? 0, kind).toBeGreaterThan(100)
    expect(composed / roundCount).toBeGreaterThan(1)
    // Letters that had to survive.
    expect(kept / roundCount).toBeGreaterThan(10)
  },
)

/**
 * In 10,000 rounds none is lost or there twice, and in 13 one stands in a neighbouring block or before its
 * neighbour (52, 1364, 1990, 2262, 4178, 4506, 6032, 6696, 7135, 7802, 9077, 9237, 9614). Without the
 * following of moved words, four rounds of five lose or double a letter.
 * These are bounds to be lowered, never to be raised.
 */
const shareMax = { lost: 0, twice: 0, astray: 0.0015 } as const

test.skipIf(isShrinking || roundCount < 1_000)(
  'letters that nobody took away stay, and where they belong',
  () => {
    for (const what of ['lost', 'twice', 'astray'] as const) {
      const seeds = seedsOf[what]
      const told = `${what} in ${seeds.length} of ${roundCount} rounds`
      console.log(`${told}: ${seeds.slice(0, 20).join(' ')}`)
      expect(seeds.length / roundCount, told).toBeLessThanOrEqual(shareMax[what])
    }
  },
)

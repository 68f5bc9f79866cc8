/**
 * Mutated frames through everything that reads what a client sends. 20,000 by default; a million with
 * `npm run fuzz -- frames`, or a part of them with `npm run fuzz -- frames <count> <first>`. A failure
 * prints the number of its mutant, which makes it again.
 */
import { expect, test } from 'vitest'
import { corpusFor, judge, mutantOf, mutantsPerCorpus, type Judged } from './mutations.ts'

const replayed = process.env['QUIRE_SEED']
const first = Number(replayed ?? process.env['QUIRE_FIRST'] ?? 1)
const count = replayed ? 1 : Number(process.env['QUIRE_MUTANTS'] ?? 20_000)

test('[HO8] no mutation of a valid frame is more than a refusal, and none is taken that cannot be applied', () => {
  const judged: Record<Judged, number> = { refused: 0, envelope: 0, update: 0, news: 0 }
  let corpus = corpusFor(first)
  const startMs = performance.now()
  let slowest = { number: 0, ms: 0 }
  for (let number = first; number < first + count; number++) {
    if (number % mutantsPerCorpus === 0) corpus = corpusFor(number)
    const frame = mutantOf(number, corpus)
    try {
      const fromMs = performance.now()
      judged[judge(frame, corpus)] += 1
      const ms = performance.now() - fromMs
      if (ms > slowest.ms) slowest = { number, ms: Math.round(ms) }
    } catch (error) {
      const hex = Buffer.from(frame).toString('hex')
      const replay = `QUIRE_SEED=${number} npx vitest run --project 'packages/sync-server:integration' mutations`
      throw new Error(`mutant ${number}: ${hex}\nreplay: ${replay}`, { cause: error })
    }
    if (number % 100_000 === 0) {
      const seconds = ((performance.now() - startMs) / 1_000).toFixed(0)
      console.log(`to ${number}, ${seconds} s: ${JSON.stringify({ ...judged, slowest })}`)
    }
  }
  if (count < 1_000) return
  // It did look into frames, and not only at their envelopes.
  expect(judged.refused).toBeGreaterThan(count / 10)
  expect(judged.update).toBeGreaterThan(count / 200)
  expect(judged.news).toBeGreaterThan(count / 200)
}, 3_600_000)

/**
 * A process that plays rounds of the fuzz for `fuzz.test.ts`, so that all cores play: it is sent batches
 * and answers each with what was found. Has the globals of a page, as the test itself has.
 */
import { JSDOM } from 'jsdom'
import type { RandomEdit } from '@quire/testkit'

export interface Batch {
  readonly firstSeed: number
  readonly count: number
}

export interface PlayedBatch extends Batch {
  readonly done: readonly (readonly [RandomEdit['kind'], number])[]
  readonly keptCount: number
  readonly composedCount: number
  /** What is wrong with letters, in words; only of rounds where something is. */
  readonly strays: readonly Strays[]
  /** Of the round that did not end with one valid document. */
  readonly error?: string
}

export interface Strays {
  readonly seed: number
  readonly problems: readonly string[]
}

/** What is drawn costs a fifth of a round and changes nothing of it; in one of so many it is. */
const drawnEvery = 10

const globals = ['window', 'document', 'MutationObserver', 'getSelection', 'Node', 'Event'] as const
const { window } = new JSDOM('<!doctype html>', { pretendToBeVisual: true })
for (const name of globals) {
  const value: unknown = Reflect.get(window, name)
  const bound = name === 'getSelection' ? window.getSelection.bind(window) : value
  Object.defineProperty(globalThis, name, { value: bound, configurable: true })
}
const { playRound } = await import('./fuzz-round.ts')

function play({ firstSeed, count }: Batch): PlayedBatch {
  const done = new Map<RandomEdit['kind'], number>()
  const strays: Strays[] = []
  let keptCount = 0
  let composedCount = 0
  let error: string | undefined
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    try {
      const round = playRound(seed, { looks: 'now and then', isDrawn: seed % drawnEvery === 0 })
      if (round.strays.size > 0) strays.push({ seed, problems: [...round.strays] })
      for (const [kind, times] of round.done) done.set(kind, (done.get(kind) ?? 0) + times)
      keptCount += round.keptCount
      composedCount += round.composedCount
    } catch (cause) {
      error ??= String(cause)
    }
  }
  const found = {
    firstSeed,
    count,
    done: [...done],
    keptCount,
    composedCount,
    strays,
  }
  return error === undefined ? found : { ...found, error }
}

process.on('message', (batch: Batch) => process.send?.(play(batch)))
process.send?.('ready')

/**
 * Which part of one list is which part of another: the same, changed into it, gone, or new. Both what
 * people see as a difference and what a restore writes follow from it.
 */
import { keyOf, nameOf, type Part, textOf } from './content-tree.ts'
import { matchSequences } from './match-sequences.ts'

export type Step =
  | { readonly kind: 'same'; readonly before: Part; readonly after: Part }
  | { readonly kind: 'changed'; readonly before: Part; readonly after: Part }
  | { readonly kind: 'removed'; readonly before: Part }
  | { readonly kind: 'added'; readonly after: Part }

/** Pairs of a stretch that are weighed against each other; a larger stretch is paired in order. */
const weighedMax = 40_000

/**
 * Steps that lead from `before` to `after`, in order. Parts of one name may become each other when at
 * least `similarMin` (0 to 1) of their words are the same; 0 pairs as many as there are.
 */
export function alignParts(
  before: readonly Part[],
  after: readonly Part[],
  similarMin: number,
): Step[] {
  const steps: Step[] = []
  let atA = 0
  let atB = 0
  const ends = [{ a: before.length, b: after.length, count: 0 }]
  for (const { a, b, count } of [...matchSequences(before.map(keyOf), after.map(keyOf)), ...ends]) {
    steps.push(...pairUp(before.slice(atA, a), after.slice(atB, b), similarMin))
    for (let at = 0; at < count; at++) {
      const [one, other] = [before[a + at], after[b + at]]
      if (one && other) steps.push({ kind: 'same', before: one, after: other })
    }
    atA = a + count
    atB = b + count
  }
  return steps
}

function pairUp(before: readonly Part[], after: readonly Part[], similarMin: number): Step[] {
  const removed = (part: Part): Step => ({ kind: 'removed', before: part })
  const added = (part: Part): Step => ({ kind: 'added', after: part })
  if (before.length === 0) return after.map(added)
  if (after.length === 0) return before.map(removed)
  const pairs =
    before.length * after.length <= weighedMax
      ? heaviestPairs(before, after, similarMin)
      : pairsInOrder(before, after, similarMin)
  const steps: Step[] = []
  let atA = 0
  let atB = 0
  for (const [a, b] of [...pairs, [before.length, after.length] as const]) {
    steps.push(...before.slice(atA, a).map(removed), ...after.slice(atB, b).map(added))
    const [one, other] = [before[a], after[b]]
    if (one && other) steps.push({ kind: 'changed', before: one, after: other })
    atA = a + 1
    atB = b + 1
  }
  return steps
}

type Pairs = (readonly [number, number])[]

/** The pairing in order whose parts have the most in common, by dynamic programming. */
function heaviestPairs(before: readonly Part[], after: readonly Part[], similarMin: number): Pairs {
  const [wordsBefore, wordsAfter] = [before.map(wordsOf), after.map(wordsOf)]
  const width = after.length + 1
  /** The weight of the best pairing of what follows `a` and `b`. */
  const best = new Float64Array((before.length + 1) * width)
  const weight = new Float64Array(before.length * after.length)
  for (let a = before.length - 1; a >= 0; a--) {
    for (let b = after.length - 1; b >= 0; b--) {
      const [one, other] = [before[a], after[b]]
      const [words, otherWords] = [wordsBefore[a], wordsAfter[b]]
      let pair = 0
      if (one && other && words && otherWords && nameOf(one) === nameOf(other)) {
        const similar = similarity(words, otherWords)
        // Being paired at all counts a little, so that nothing is removed and added without need.
        if (similar >= similarMin) pair = similar + 0.01
      }
      weight[a * after.length + b] = pair
      best[a * width + b] = Math.max(
        best[(a + 1) * width + b] ?? 0,
        best[a * width + b + 1] ?? 0,
        pair > 0 ? pair + (best[(a + 1) * width + b + 1] ?? 0) : 0,
      )
    }
  }
  const pairs: Pairs = []
  for (let a = 0, b = 0; a < before.length && b < after.length; ) {
    const here = best[a * width + b]
    const pair = weight[a * after.length + b] ?? 0
    if (pair > 0 && here === pair + (best[(a + 1) * width + b + 1] ?? 0)) pairs.push([a++, b++])
    else if (here === best[(a + 1) * width + b]) a += 1
    else b += 1
  }
  return pairs
}

function pairsInOrder(before: readonly Part[], after: readonly Part[], similarMin: number): Pairs {
  const pairs: Pairs = []
  let b = 0
  for (const [a, one] of before.entries()) {
    const other = after[b]
    if (!other) break
    if (nameOf(one) !== nameOf(other)) continue
    if (similarMin > 0 && similarity(wordsOf(one), wordsOf(other)) < similarMin) continue
    pairs.push([a, b])
    b += 1
  }
  return pairs
}

type Words = ReadonlyMap<string, number>

function wordsOf(part: Part): Words {
  const words = new Map<string, number>()
  for (const word of textOf(part).match(/[\p{L}\p{N}]+/gu) ?? []) {
    words.set(word, (words.get(word) ?? 0) + 1)
  }
  return words
}

/** The share of words that two parts have in common: 0 none, 1 all, or no words in both. */
function similarity(one: Words, other: Words): number {
  let common = 0
  let total = 0
  for (const [word, count] of one) {
    common += 2 * Math.min(count, other.get(word) ?? 0)
    total += count
  }
  for (const count of other.values()) total += count
  return total === 0 ? 1 : common / total
}

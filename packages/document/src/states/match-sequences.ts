/**
 * What two lists have in common, in order: the ground of every comparison of two states. Linear where
 * most is equal, bounded where nothing is.
 *
 * Equal ends come first; then what stands exactly once in both lists (patience); then, between those,
 * the shortest edit (Myers, "An O(ND) difference algorithm") as long as it costs at most `costMax`.
 */

/** `count` items from `a` on in the one list equal those from `b` on in the other. */
export interface Match {
  readonly a: number
  readonly b: number
  readonly count: number
}

/** Removed and added items that a stretch may have and still be compared item by item; its memory grows with the square: 500 are 1 MB. */
const costMax = 500

/** The common items of `a` and `b`, in order and without overlap. Neighbouring matches are one. */
export function matchSequences(a: readonly string[], b: readonly string[]): Match[] {
  const matches: Match[] = []
  const note = (atA: number, atB: number, count: number): void => {
    const last = matches.at(-1)
    if (count === 0) return
    if (last && last.a + last.count === atA && last.b + last.count === atB) {
      matches[matches.length - 1] = { ...last, count: last.count + count }
    } else {
      matches.push({ a: atA, b: atB, count })
    }
  }
  matchRange({ a, b, note }, [0, a.length, 0, b.length], true)
  return matches
}

interface Lists {
  readonly a: readonly string[]
  readonly b: readonly string[]
  readonly note: (a: number, b: number, count: number) => void
}
type Range = readonly [fromA: number, toA: number, fromB: number, toB: number]

function matchRange(lists: Lists, range: Range, isPatient: boolean): void {
  const { a, b, note } = lists
  let [fromA, toA, fromB, toB] = range
  const startA = fromA
  while (fromA < toA && fromB < toB && a[fromA] === b[fromB]) {
    fromA += 1
    fromB += 1
  }
  note(startA, range[2], fromA - startA)
  let tail = 0
  while (fromA < toA && fromB < toB && a[toA - 1] === b[toB - 1]) {
    toA -= 1
    toB -= 1
    tail += 1
  }
  if (fromA < toA && fromB < toB) {
    const anchors = isPatient ? uniqueInBoth(lists, [fromA, toA, fromB, toB]) : []
    if (anchors.length === 0) {
      matchShortest(lists, [fromA, toA, fromB, toB])
    } else {
      for (const [atA, atB] of [...anchors, [toA, toB] as const]) {
        matchRange(lists, [fromA, atA, fromB, atB], false)
        if (atA < toA) note(atA, atB, 1)
        fromA = atA + 1
        fromB = atB + 1
      }
    }
  }
  note(toA, toB, tail)
}

/** Places of items that stand once in each of the two ranges: the longest list of them that rises in both. */
function uniqueInBoth(
  { a, b }: Lists,
  [fromA, toA, fromB, toB]: Range,
): (readonly [number, number])[] {
  const once = (list: readonly string[], from: number, to: number): Map<string, number> => {
    const places = new Map<string, number>()
    for (let at = from; at < to; at++) {
      const item = list[at] ?? ''
      places.set(item, places.has(item) ? -1 : at)
    }
    return places
  }
  const inB = once(b, fromB, toB)
  const pairs: (readonly [number, number])[] = []
  for (const [item, atA] of once(a, fromA, toA)) {
    const atB = inB.get(item)
    if (atA >= 0 && atB !== undefined && atB >= 0) pairs.push([atA, atB])
  }
  return longestRising(pairs)
}

/** Of pairs whose first numbers rise, the longest sublist whose second numbers rise, too. */
function longestRising(
  pairs: readonly (readonly [number, number])[],
): (readonly [number, number])[] {
  /** For each length, the pair that ends the list of it with the smallest number. */
  const ends: number[] = []
  const before: number[] = []
  for (const [at, [, second]] of pairs.entries()) {
    let low = 0
    let high = ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((pairs[ends[middle] ?? 0]?.[1] ?? 0) < second) low = middle + 1
      else high = middle
    }
    before.push(low > 0 ? (ends[low - 1] ?? -1) : -1)
    ends[low] = at
  }
  const found: (readonly [number, number])[] = []
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) {
    const pair = pairs[at]
    if (pair) found.push(pair)
  }
  return found.reverse()
}

/** Myers, forward, with the furthest places of every step kept for the way back. Notes nothing when it would cost more than it may. */
function matchShortest({ a, b, note }: Lists, [fromA, toA, fromB, toB]: Range): void {
  const lengthA = toA - fromA
  const lengthB = toB - fromB
  const limit = Math.min(costMax, lengthA + lengthB)
  const middle = limit + 1
  let furthest = new Int32Array(2 * limit + 3)
  const steps: Int32Array[] = []
  for (let cost = 0; cost <= limit; cost++) {
    steps.push(furthest)
    furthest = furthest.slice()
    for (let diagonal = -cost; diagonal <= cost; diagonal += 2) {
      let x = firstOf(furthest, middle, diagonal, cost)
      let y = x - diagonal
      while (x < lengthA && y < lengthB && a[fromA + x] === b[fromB + y]) {
        x += 1
        y += 1
      }
      furthest[middle + diagonal] = x
      if (x < lengthA || y < lengthB) continue
      for (const [atX, atY, count] of wayBack(steps, middle, lengthA, lengthB)) {
        note(fromA + atX, fromB + atY, count)
      }
      return
    }
  }
}

/** Where a diagonal begins in this step: one removed from the left neighbour, or one added from the right. */
function firstOf(furthest: Int32Array, middle: number, diagonal: number, cost: number): number {
  const below = furthest[middle + diagonal - 1] ?? 0
  const above = furthest[middle + diagonal + 1] ?? 0
  const isAdded = diagonal === -cost || (diagonal !== cost && below < above)
  return isAdded ? above : below + 1
}

function wayBack(
  steps: readonly Int32Array[],
  middle: number,
  lengthA: number,
  lengthB: number,
): [number, number, number][] {
  const matches: [number, number, number][] = []
  let x = lengthA
  let y = lengthB
  for (let cost = steps.length - 1; cost >= 0; cost--) {
    const furthest = steps[cost]
    if (!furthest) break
    const diagonal = x - y
    const start = cost === 0 ? 0 : firstOf(furthest, middle, diagonal, cost)
    if (x > start) matches.push([start, start - diagonal, x - start])
    const below = furthest[middle + diagonal - 1] ?? 0
    const above = furthest[middle + diagonal + 1] ?? 0
    const isAdded = diagonal === -cost || (diagonal !== cost && below < above)
    x = isAdded ? above : below
    y = isAdded ? above - (diagonal + 1) : below - (diagonal - 1)
  }
  return matches.reverse()
}

/** A set of clocks, kept per client as sorted ranges that do not touch. */
import type { ClockRange } from '@quire/protocol'

export class ClockRanges {
  /** Client id → from, to, from, to … in rising order. */
  readonly #clients = new Map<number, number[]>()

  add({ client, from, to }: ClockRange): void {
    const edges = this.#clients.get(client)
    if (!edges) {
      this.#clients.set(client, [from, to])
      return
    }
    // The first range that ends at or after `from`, and the first that begins after `to`.
    const first = firstRange(edges, (_, end) => end >= from)
    let last = first
    let low = from
    let high = to
    while (last * 2 < edges.length && (edges[last * 2] ?? 0) <= to) {
      low = Math.min(low, edges[last * 2] ?? low)
      high = Math.max(high, edges[last * 2 + 1] ?? high)
      last += 1
    }
    if (last - first === 1) {
      edges[first * 2] = low
      edges[first * 2 + 1] = high
    } else {
      edges.splice(first * 2, (last - first) * 2, low, high)
    }
  }

  /** Those of `ranges` that are not wholly inside. */
  unknownOf(ranges: readonly ClockRange[]): ClockRange[] {
    return ranges.filter(({ client, from, to }) => {
      const edges = this.#clients.get(client)
      if (!edges) return true
      const at = firstRange(edges, (_, end) => end > from)
      const begin = edges[at * 2]
      return begin === undefined || begin > from || (edges[at * 2 + 1] ?? 0) < to
    })
  }
}

/** Index of the first range for which `test` holds; `test` must be false, then true, along the ranges. */
function firstRange(edges: readonly number[], test: (from: number, to: number) => boolean): number {
  let low = 0
  let high = edges.length / 2
  while (low < high) {
    const middle = (low + high) >> 1
    if (test(edges[middle * 2] ?? 0, edges[middle * 2 + 1] ?? 0)) high = middle
    else low = middle + 1
  }
  return low
}

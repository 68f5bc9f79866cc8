/**
 * A set of clocks, kept per client as sorted ranges that do not touch.
 *
 * 1. Adding a range costs about the same however many there are and wherever it goes: ranges are in
 *    chunks, and only one chunk is moved. A peer can make a million of them and then add to the front.
 */
import { ClockColumns, type ClockRange } from '@quire/protocol'

/** From, to, from, to … in rising order; not empty. */
type Chunk = number[]

const edgesMax = 1_024

export class ClockRanges {
  readonly #clients = new Map<number, Chunk[]>()

  add({ client, from, to }: ClockRange): void {
    this.#put(client, from, to)
  }

  /** The same as {@link add} of each. */
  addAll({ clients, froms, tos, length }: ClockColumns): void {
    const add = (row: number): void => this.#put(clients[row] ?? 0, froms[row] ?? 0, tos[row] ?? 0)
    if (length < edgesMax || length > rowsMax || isRising(froms, length)) {
      for (let row = 0; row < length; row++) add(row)
      return
    }
    // In order, each goes where the one before it went.
    const keys = sortedKeys(froms, length)
    for (let at = 0; at < keys.length; at++) add((keys[at] ?? 0) % rowsMax)
  }

  /** Those of `ranges` that are not wholly inside. */
  unknownOf({ clients, froms, tos, length }: ClockColumns): ClockColumns {
    const unknown = new ClockColumns()
    for (let row = 0; row < length; row++) {
      const client = clients[row] ?? 0
      const from = froms[row] ?? 0
      const to = tos[row] ?? 0
      if (!this.#has(client, from, to)) unknown.push(client, from, to)
    }
    return unknown
  }

  #put(client: number, from: number, to: number): void {
    const chunks = this.#clients.get(client)
    if (!chunks) {
      this.#clients.set(client, [[from, to]])
      return
    }
    // Mostly it goes behind everything.
    const isBehind = (chunks.at(-1)?.at(-1) ?? 0) < from
    const at = isBehind ? chunks.length : chunkFor(chunks, from)
    const chunk = chunks[at]
    if (!chunk) {
      append(chunks, from, to)
      return
    }
    const first = firstRange(chunk, (_, end) => end >= from)
    let low = from
    let high = to
    // What the new range touches becomes part of it, in this chunk and in those behind.
    let last = first
    while (last < chunk.length && (chunk[last] ?? 0) <= high) {
      low = Math.min(low, chunk[last] ?? low)
      high = Math.max(high, chunk[last + 1] ?? high)
      last += 2
    }
    if (last === chunk.length) high = absorb(chunks, at + 1, high)
    if (last - first === 2) {
      chunk[first] = low
      chunk[first + 1] = high
    } else {
      chunk.splice(first, last - first, low, high)
      if (chunk.length > edgesMax) chunks.splice(at + 1, 0, chunk.splice(edgesMax / 2))
    }
  }

  #has(client: number, from: number, to: number): boolean {
    const chunks = this.#clients.get(client)
    const chunk = chunks?.[chunkFor(chunks, from)]
    if (!chunk) return false
    // A range that ends where this one begins may be the last of its chunk; the next begins behind it.
    const at = firstRange(chunk, (_, end) => end > from)
    const begin = chunk[at]
    return begin !== undefined && begin <= from && (chunk[at + 1] ?? 0) >= to
  }
}

/** Whether most of them come in order, as they do from every client that is not hostile. */
function isRising(froms: readonly number[], length: number): boolean {
  let fallCount = 0
  let before = 0
  for (let row = 0; row < length; row++) {
    const from = froms[row] ?? 0
    if (from < before) fallCount += 1
    before = from
  }
  return fallCount * 16 < length
}

/** More than an update has parts; times the largest clock it is still a whole number. */
const rowsMax = 2 ** 20

/** A clock and the row that it stands in, in one number each, so that sorting needs no comparing function. */
function sortedKeys(froms: readonly number[], length: number): Float64Array {
  const keys = new Float64Array(length)
  for (let row = 0; row < length; row++) keys[row] = (froms[row] ?? 0) * rowsMax + row
  return keys.sort()
}

/** The first chunk that ends at or after `clock`; the number of chunks when none does. */
function chunkFor(chunks: readonly Chunk[], clock: number): number {
  let low = 0
  let high = chunks.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((chunks[middle]?.at(-1) ?? 0) >= clock) high = middle
    else low = middle + 1
  }
  return low
}

/** Index of the first range for which `test` holds; `test` must be false, then true, along the ranges. */
function firstRange(chunk: Chunk, test: (from: number, to: number) => boolean): number {
  let low = 0
  let high = chunk.length / 2
  while (low < high) {
    const middle = (low + high) >> 1
    if (test(chunk[middle * 2] ?? 0, chunk[middle * 2 + 1] ?? 0)) high = middle
    else low = middle + 1
  }
  return low * 2
}

function append(chunks: Chunk[], from: number, to: number): void {
  const last = chunks.at(-1)
  if (last && last.length < edgesMax) last.push(from, to)
  else chunks.push([from, to])
}

/** Takes out of the chunks from `at` on what begins at or before `high`; returns how far that reaches. */
function absorb(chunks: Chunk[], at: number, high: number): number {
  let reach = high
  let count = 0
  for (let next = chunks[at]; next; next = chunks[at + count]) {
    let end = 0
    while (end < next.length && (next[end] ?? 0) <= reach) {
      reach = Math.max(reach, next[end + 1] ?? reach)
      end += 2
    }
    if (end < next.length) {
      next.splice(0, end)
      break
    }
    count += 1
  }
  chunks.splice(at, count)
  return reach
}

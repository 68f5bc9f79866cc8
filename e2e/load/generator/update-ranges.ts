/**
 * Which clocks of which clients an update brings: read from the headers of its items. Reads what
 * typing makes by itself; anything else it leaves to Yjs.
 *
 * The same window goes to hundreds of sockets: what was read of the last few large frames is kept and
 * found again by their bytes.
 */
import * as Y from 'yjs'
import { ByteCursor } from './byte-cursor.ts'

/** Triples: client, first clock, end (exclusive). */
export type Ranges = readonly number[]

const contentString = 4
const refMask = 0x1f
const hasOrigin = 0x80
const hasRightOrigin = 0x40
const gc = 0

const cursor = new ByteCursor()

/** The ranges that `update` inserts. */
export function rangesOf(update: Uint8Array): Ranges {
  return typedRangesOf(update) ?? allRangesOf(update)
}

/** Undefined when an item is not typed text. */
function typedRangesOf(bytes: Uint8Array): Ranges | undefined {
  const ranges: number[] = []
  cursor.over(bytes)
  const clientCount = cursor.varUint()
  for (let i = 0; i < clientCount; i++) {
    const itemCount = cursor.varUint()
    const client = cursor.varUint()
    const from = cursor.varUint()
    let clock = from
    for (let j = 0; j < itemCount; j++) {
      const info = bytes[cursor.at++] as number
      if ((info & refMask) === gc) {
        clock += cursor.varUint()
        continue
      }
      if ((info & refMask) !== contentString) return undefined
      const origins = ((info & hasOrigin) === 0 ? 0 : 1) + ((info & hasRightOrigin) === 0 ? 0 : 1)
      for (let k = 0; k < 2 * origins; k++) cursor.varUint()
      if (origins === 0) {
        if (cursor.varUint() !== 1) return undefined
        cursor.varBytes()
      }
      const textBytes = cursor.varUint()
      const end = cursor.at + textBytes
      // One byte is one character, or Yjs has to count.
      for (let k = cursor.at; k < end; k++) if ((bytes[k] as number) >= 0x80) return undefined
      cursor.at = end
      clock += textBytes
    }
    ranges.push(client, from, clock)
  }
  return ranges
}

function allRangesOf(update: Uint8Array): Ranges {
  const { from, to } = Y.parseUpdateMeta(update)
  return [...to].flatMap(([client, end]) => [client, from.get(client) ?? 0, end])
}

/** Below this a frame is read faster than it is found again. */
const keptBytesMin = 64
const keptMax = 8

export class RangeReader {
  readonly #kept: { readonly bytes: Buffer; readonly ranges: Ranges }[] = []
  #next = 0

  read(update: Uint8Array): Ranges {
    if (update.length < keptBytesMin) return rangesOf(update)
    const bytes = Buffer.from(update.buffer, update.byteOffset, update.length)
    for (const kept of this.#kept) {
      if (kept.bytes.length === bytes.length && kept.bytes.equals(bytes)) return kept.ranges
    }
    const ranges = rangesOf(update)
    this.#kept[this.#next] = { bytes: Buffer.from(bytes), ranges }
    this.#next = (this.#next + 1) % keptMax
    return ranges
  }
}

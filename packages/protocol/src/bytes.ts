/**
 * Reading and writing the primitives of the wire (lib0's encoding): varUint, varInt, byte arrays, UTF-8.
 * Is not a decoder of messages; those decide what the bytes mean.
 *
 * 1. A reader never reads past its end and never allocates by a length that it has not checked.
 * 2. What it cannot read throws {@link MalformedBytes}. The decoders of this package catch it and
 *    answer by value; it never leaves the package.
 * 3. A reader of the beginning of something longer knows how long that is. Where it would need what is
 *    still to come it throws {@link BytesToCome}; what it refuses before that, is wrong whatever comes.
 */
import { decodeUtf8, encodeUtf8 } from 'lib0/string'

/** Thrown inside this package when bytes end too early or hold a number that is too large. */
export class MalformedBytes extends Error {
  override readonly name = 'MalformedBytes'
}

/** Thrown inside this package when only the beginning of the bytes is here, and nothing in it is wrong. */
export class BytesToCome extends Error {
  override readonly name = 'BytesToCome'
}

const surrogateLow = 0xd800
const surrogateHigh = 0xdfff

export class ByteReader {
  readonly bytes: Uint8Array
  readonly end: number
  /** Where the bytes end once all of them are here. */
  readonly wholeEnd: number
  pos = 0

  /** `wholeBytes`: how long the whole is of which `bytes` are the beginning. */
  constructor(bytes: Uint8Array, wholeBytes: number = bytes.length) {
    this.bytes = bytes
    this.end = bytes.length
    this.wholeEnd = wholeBytes
  }

  /** Bytes that are left, those included that are still to come. */
  get remaining(): number {
    return this.wholeEnd - this.pos
  }

  byte(): number {
    if (this.pos >= this.end) this.#failAtEnd()
    return this.bytes[this.pos++] as number
  }

  /** The next byte, which stays the next. */
  peek(): number {
    const byte = this.byte()
    this.pos -= 1
    return byte
  }

  /** A number up to 2^53 - 1. */
  varUint(): number {
    const first = this.byte()
    if (first < 0x80) return first
    let value = first & 0x7f
    let factor = 128
    for (;;) {
      const byte = this.byte()
      value += (byte & 0x7f) * factor
      if (value > Number.MAX_SAFE_INTEGER) throw new MalformedBytes('a number is too large')
      if (byte < 0x80) return value
      // Trailing zero groups would let a number be endless without growing.
      if (factor > Number.MAX_SAFE_INTEGER) throw new MalformedBytes('a number is too long')
      factor *= 128
    }
  }

  /** A count of things of which each takes at least `bytesMin`: never more than the bytes that are left can hold. */
  count(bytesMin: number): number {
    const count = this.varUint()
    if (count * bytesMin > this.remaining) {
      throw new MalformedBytes('a count is larger than the bytes that are left')
    }
    return count
  }

  /** Moves over a signed number: six bits in the first byte, then seven in each. */
  skipVarInt(): void {
    const first = this.byte()
    let value = first & 0x3f
    let factor = 64
    for (let byte = first; byte >= 0x80; factor *= 128) {
      byte = this.byte()
      value += (byte & 0x7f) * factor
      if (value > Number.MAX_SAFE_INTEGER) throw new MalformedBytes('a number is too large')
      if (factor > Number.MAX_SAFE_INTEGER) throw new MalformedBytes('a number is too long')
    }
  }

  skip(byteCount: number): void {
    if (byteCount > this.remaining) throw new MalformedBytes('a length is beyond the end')
    this.pos += byteCount
  }

  /** A view into the bytes, not a copy. */
  varBytes(): Uint8Array {
    const length = this.varUint()
    const from = this.pos
    this.skip(length)
    if (this.pos > this.end) this.#failAtEnd()
    return this.bytes.subarray(from, this.pos)
  }

  /** Text, decoded. */
  varText(): string {
    const from = this.pos
    this.skipVarText()
    const reader = new ByteReader(this.bytes)
    reader.pos = from
    return decodeUtf8(reader.varBytes())
  }

  /**
   * Moves over text and returns its length in UTF-16 units, which is how Yjs counts characters.
   * Refuses what a strict UTF-8 decoder refuses.
   */
  skipVarText(): number {
    const length = this.varUint()
    if (length > this.remaining) throw new MalformedBytes('a length is beyond the end')
    const { bytes } = this
    const end = this.pos + length
    if (end > this.end) this.#failAtEnd()
    let units = 0
    let at = this.pos
    while (at < end) {
      const lead = bytes[at++] as number
      units += 1
      if (lead < 0x80) continue
      let more: number
      let point: number
      if (lead >= 0xc2 && lead <= 0xdf) [more, point] = [1, lead & 0x1f]
      else if ((lead & 0xf0) === 0xe0) [more, point] = [2, lead & 0x0f]
      else if (lead >= 0xf0 && lead <= 0xf4) [more, point] = [3, lead & 0x07]
      else throw new MalformedBytes('text is not UTF-8')
      if (at + more > end) throw new MalformedBytes('text is not UTF-8')
      for (let i = 0; i < more; i++) {
        const next = bytes[at++] as number
        if ((next & 0xc0) !== 0x80) throw new MalformedBytes('text is not UTF-8')
        point = point * 64 + (next & 0x3f)
      }
      const isOverlong = (more === 2 && point < 0x800) || (more === 3 && point < 0x10000)
      if (isOverlong || point > 0x10ffff || (point >= surrogateLow && point <= surrogateHigh)) {
        throw new MalformedBytes('text is not UTF-8')
      }
      if (more === 3) units += 1
    }
    this.pos = end
    return units
  }

  #failAtEnd(): never {
    if (this.pos < this.wholeEnd || this.wholeEnd > this.end) throw new BytesToCome()
    throw new MalformedBytes('the bytes end too early')
  }
}

/** How many bytes `value` takes as a varUint. */
export function varUintSize(value: number): number {
  let size = 1
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size += 1
  return size
}

/** Writes `value` at `at` and returns the position after it. */
export function writeVarUint(target: Uint8Array, at: number, value: number): number {
  let rest = value
  while (rest >= 128) {
    target[at++] = (rest % 128) | 0x80
    rest = Math.floor(rest / 128)
  }
  target[at++] = rest
  return at
}

export function utf8(text: string): Uint8Array {
  return encodeUtf8(text)
}

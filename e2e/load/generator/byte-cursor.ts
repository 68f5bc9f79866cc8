/** Reads lib0's numbers where they lie, and makes no objects. Trusts the bytes: they come from servers under test. */
export class ByteCursor {
  bytes: Uint8Array = new Uint8Array()
  at = 0

  /** Starts again at `at` of other bytes. */
  over(bytes: Uint8Array, at = 0): this {
    this.bytes = bytes
    this.at = at
    return this
  }

  varUint(): number {
    const { bytes } = this
    const first = bytes[this.at++] as number
    if (!(first >= 0x80)) return first
    let value = first & 0x7f
    let factor = 128
    for (;;) {
      const byte = bytes[this.at++] as number
      value += (byte & 0x7f) * factor
      if (!(byte >= 0x80)) return value
      factor *= 128
    }
  }

  /** A view. */
  varBytes(): Uint8Array {
    const length = this.varUint()
    const from = this.at
    this.at += length
    return this.bytes.subarray(from, this.at)
  }
}

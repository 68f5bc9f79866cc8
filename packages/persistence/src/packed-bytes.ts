/**
 * Many byte arrays as one, for the way between threads: one buffer is transferred in constant time,
 * thousands of arrays are cloned one by one.
 */

/** `bytes` holds the arrays one after the other and owns its buffer; `lengths` says where each ends. */
export interface PackedBytes {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly lengths: Uint32Array<ArrayBuffer>
}

/** Copies `arrays` into one. They stay the caller's. */
export function pack(arrays: readonly Uint8Array[]): PackedBytes {
  const lengths = new Uint32Array(arrays.length)
  let byteCount = 0
  for (const [at, { length }] of arrays.entries()) {
    lengths[at] = length
    byteCount += length
  }
  // Not filled with zeros first, and no part of a pool: every byte is written now.
  const bytes = new Uint8Array(Buffer.allocUnsafeSlow(byteCount).buffer)
  let offset = 0
  for (const array of arrays) {
    bytes.set(array, offset)
    offset += array.length
  }
  return { bytes, lengths }
}

/** The arrays that were packed, as views on the one buffer. */
export function unpack({ bytes, lengths }: PackedBytes): Uint8Array[] {
  let offset = 0
  return Array.from(lengths, (length) => {
    const start = offset
    offset += length
    return bytes.subarray(start, offset)
  })
}

/** The buffers to name in a `postMessage`, which then no longer belong to the sender. */
export function buffersOf({ bytes, lengths }: PackedBytes): ArrayBuffer[] {
  return [bytes.buffer, lengths.buffer]
}

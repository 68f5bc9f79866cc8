/** The bytes inside of a message between threads: what they weigh, and which can change hands instead of being copied. */

/** How deep byte arrays may lie in a message: a request, what it asks, a state in it, its rows, and their bytes. */
const depthMax = 6

function* arraysIn(value: unknown, depth = 0): Generator<Uint8Array | Uint32Array> {
  if (value instanceof Uint8Array || value instanceof Uint32Array) yield value
  else if (typeof value === 'object' && value !== null && depth < depthMax) {
    for (const part of Object.values(value)) yield* arraysIn(part, depth + 1)
  }
}

export function byteCountOf(message: unknown): number {
  let count = 0
  for (const { byteLength } of arraysIn(message)) count += byteLength
  return count
}

/** The buffers that an array of the message fills alone. One that is only part of a buffer is copied: others may lie in it. */
export function wholeBuffersOf(message: unknown): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>()
  for (const { buffer, byteLength } of arraysIn(message)) {
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && byteLength > 0) {
      buffers.add(buffer)
    }
  }
  return [...buffers]
}

/**
 * Copies of small byte arrays that outlive the frame they came in.
 *
 * Why: what a socket hands over is a view into a read buffer of up to 64 KB, and `slice` of Node's
 * Buffer copies nothing, so keeping 30 bytes would keep all of it. And why not an array of its own for
 * each: thousands of tiny buffers outside the heap make the garbage collector run for them.
 */

/** A copy with nothing else behind it but, for small ones, its neighbours in Node's pool of 8 KB. */
export function copyOf(bytes: Uint8Array): Uint8Array {
  const copy = placeFor(bytes.length)
  copy.set(bytes)
  return copy
}

/** Room for so many bytes, in the same way; what stands in it is left from earlier and must be written over. */
export function placeFor(byteCount: number): Uint8Array {
  const place = Buffer.allocUnsafe(byteCount)
  return new Uint8Array(place.buffer, place.byteOffset, byteCount)
}

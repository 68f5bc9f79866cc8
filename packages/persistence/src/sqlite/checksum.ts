/** The checksum of what is stored: CRC-32. Finds every damage of up to 32 bits in a row; no protection against malice. */
import { crc32 } from 'node:zlib'

/** Goes on from `start`, a checksum or any other whole number of 32 bits. A changed bit in `start` changes the result. */
export function checksum(data: Uint8Array | string, start = 0): number {
  // zlib answers 0 to a pointer that is null, and whether an array without bytes has one is chance.
  return data.length === 0 ? start >>> 0 : crc32(data, start)
}

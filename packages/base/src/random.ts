/** The Random port: jitter and ids. Tests give a seeded one (`@quire/testkit`). */
export interface Random {
  /** A number in [0, 1). */
  unit(): number
  /** `byteCount` unpredictable bytes; a seeded Random for tests is not unpredictable and says so. */
  bytes(byteCount: number): Uint8Array
}

declare const crypto: { getRandomValues<T extends Uint8Array>(array: T): T }

/** Fetched at once: asking the machine costs as much for a thousand bytes as for ten. */
const fetchedBytes = 1_024
let fetched = new Uint8Array(0)
let usedBytes = 0

/** The randomness of the machine. */
export const systemRandom: Random = {
  unit: () => Math.random(),
  bytes(byteCount) {
    if (byteCount > fetchedBytes) return crypto.getRandomValues(new Uint8Array(byteCount))
    if (usedBytes + byteCount > fetched.length) {
      fetched = crypto.getRandomValues(new Uint8Array(fetchedBytes))
      usedBytes = 0
    }
    const from = usedBytes
    usedBytes += byteCount
    return fetched.slice(from, usedBytes)
  },
}

const idAlphabet = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-'

/** An id of `charCount` characters from a 64-letter alphabet that is safe in URLs: 6 bits each, so 22 characters hold 128 bits. */
export function randomId(random: Random, charCount = 22): string {
  let id = ''
  for (const byte of random.bytes(charCount)) id += idAlphabet.charAt(byte & 63)
  return id
}

/**
 * State vectors: how far a copy of a document knows each client. Bytes as Yjs encodes them.
 */
import { ByteReader, MalformedBytes, varUintSize, writeVarUint } from './bytes.ts'
import { type Refused, refused } from './decode.ts'

/** Client id → the next clock that is not known. A client that is absent is unknown (0). */
export type StateVector = ReadonlyMap<number, number>

/** How many clients there are in a state vector that {@link parseStateVector} has read. */
export function clientCountOf(bytes: Uint8Array): number {
  return new ByteReader(bytes).varUint()
}

/** Reads the number of clients that a state vector begins with, and why it is refused for that. Throws what a reader throws. */
export function readClientCount(reader: ByteReader, clientsMax: number): number | Refused {
  const count = reader.varUint()
  if (count * 2 > reader.remaining) return refused('malformed', 'more clients than bytes')
  if (count > clientsMax) return refused('tooLarge', 'the state vector has too many clients')
  return count
}

/**
 * Reads a state vector of at most `clientsMax` clients; our own may have any number. When it has more
 * than `among`, those that are not in there are read past: a map of many costs far more than reading.
 * Never throws.
 */
export function parseStateVector(
  bytes: Uint8Array,
  clientsMax: number = Number.POSITIVE_INFINITY,
  among?: StateVector,
): Map<number, number> | Refused {
  try {
    const reader = new ByteReader(bytes)
    const count = readClientCount(reader, clientsMax)
    if (typeof count !== 'number') return count
    const vector = new Map<number, number>()
    const wanted = among && among.size < count ? among : undefined
    for (let i = 0; i < count; i++) {
      const client = reader.varUint()
      const clock = reader.varUint()
      if (!wanted || wanted.has(client)) vector.set(client, clock)
    }
    if (reader.remaining > 0) return refused('malformed', 'bytes are left after the state vector')
    return vector
  } catch (error) {
    if (error instanceof MalformedBytes) return refused('malformed', error.message)
    throw error
  }
}

/** The same bytes as `Y.encodeStateVector` for the same state: clients in falling order. */
export function encodeStateVector(vector: StateVector): Uint8Array {
  let size = varUintSize(vector.size)
  for (const [client, clock] of vector) size += varUintSize(client) + varUintSize(clock)
  const bytes = new Uint8Array(size)
  let at = writeVarUint(bytes, 0, vector.size)
  for (const [client, clock] of [...vector].sort(([a], [b]) => b - a)) {
    at = writeVarUint(bytes, at, client)
    at = writeVarUint(bytes, at, clock)
  }
  return bytes
}

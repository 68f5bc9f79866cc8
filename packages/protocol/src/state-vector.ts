/**
 * State vectors: how far a copy of a document knows each client. Bytes as Yjs encodes them.
 */
import { ByteReader, MalformedBytes, varUintSize, writeVarUint } from './bytes.ts'
import { type Refused, refused } from './decode.ts'

/** Client id → the next clock that is not known. A client that is absent is unknown (0). */
export type StateVector = ReadonlyMap<number, number>

/** Reads a state vector of at most `clientsMax` clients; our own may have any number. Never throws. */
export function parseStateVector(
  bytes: Uint8Array,
  clientsMax: number = Number.POSITIVE_INFINITY,
): Map<number, number> | Refused {
  try {
    const reader = new ByteReader(bytes)
    const count = reader.varUint()
    if (count * 2 > reader.remaining) return refused('malformed', 'more clients than bytes')
    if (count > clientsMax) return refused('tooLarge', 'the state vector has too many clients')
    const vector = new Map<number, number>()
    for (let i = 0; i < count; i++) vector.set(reader.varUint(), reader.varUint())
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

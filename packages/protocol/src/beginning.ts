/**
 * The beginning of a large message → why it is refused, before the rest of it has come.
 *
 * Why: a frame of 16 MB is read, put together and unmasked before anybody looks at it, 3 ms for each
 * megabyte. Most of what is wrong with a large message is wrong in its first bytes: a count, a length, a
 * number that does not end.
 *
 * 1. Refuses only what would be refused whole, and for the same reason.
 * 2. Looks at nothing but what is here, and never throws.
 */
import { ByteReader, BytesToCome, MalformedBytes } from './bytes.ts'
import { type ClientLimits, readMessage, type Refused, refused } from './decode.ts'
import type { Limits } from './limits.ts'
import { messageType, syncType } from './message.ts'
import { readClientCount } from './state-vector.ts'
import { scanBeginning, type ScanLimits } from './update-scan.ts'

const bytesAreLeft = 'bytes are left after the message'

/**
 * Undefined when nothing is wrong with the beginning of a message that has `messageBytes` in all.
 * `clientsMax` is how many clients a Step1 may name, where that is known.
 */
export function refusedByBeginning(
  beginning: Uint8Array,
  messageBytes: number,
  limits: ClientLimits & ScanLimits & Pick<Limits, 'presenceBytesMax'>,
  clientsMax: number = Number.POSITIVE_INFINITY,
): Refused | undefined {
  if (messageBytes > limits.frameBytesMax) return refused('tooLarge', 'the frame is too large')
  try {
    const reader = new ByteReader(beginning, messageBytes)
    switch (reader.varUint()) {
      case messageType.sync: {
        const subtype = reader.varUint()
        const length = lengthOf(reader)
        const isUpdate = subtype === syncType.step2 || subtype === syncType.update
        if (!isUpdate && subtype !== syncType.step1) {
          return refused('malformed', `sync type ${subtype} does not exist`)
        }
        if (isUpdate && length > limits.updateBytesMax) {
          return refused('tooLarge', 'the update is too large')
        }
        if (length < reader.remaining) return refused('malformed', bytesAreLeft)
        if (!isUpdate) return refusedVector(beginning.subarray(reader.pos), length, clientsMax)
        return scanBeginning(beginning.subarray(reader.pos), length, limits)
      }
      case messageType.presence: {
        const length = lengthOf(reader)
        if (length < reader.remaining) return refused('malformed', bytesAreLeft)
        return length > limits.presenceBytesMax
          ? refused('tooLarge', 'too much presence')
          : undefined
      }
      default: {
        reader.pos = 0
        const message = readMessage(reader, limits)
        return message.kind === 'refused' ? message : refused('malformed', bytesAreLeft)
      }
    }
  } catch (error) {
    if (error instanceof BytesToCome) return undefined
    if (error instanceof MalformedBytes) return refused('malformed', error.message)
    throw error
  }
}

/** Why the beginning of a state vector of `vectorBytes` is refused. */
function refusedVector(
  beginning: Uint8Array,
  vectorBytes: number,
  clientsMax: number,
): Refused | undefined {
  const count = readClientCount(new ByteReader(beginning, vectorBytes), clientsMax)
  return typeof count === 'number' ? undefined : count
}

/** The length of a byte array that follows. */
function lengthOf(reader: ByteReader): number {
  const length = reader.varUint()
  if (length > reader.remaining) throw new MalformedBytes('a length is beyond the end')
  return length
}

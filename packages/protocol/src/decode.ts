/**
 * Bytes of one frame → what the client says, or why it is refused.
 *
 * 1. Never throws, whatever the bytes are.
 * 2. Never allocates by a length in the bytes; byte arrays in a message are views into the frame.
 * 3. Looks at the envelope only. Updates are judged by `update-scan.ts`, presence by `presence-codec.ts`.
 */
import { ByteReader, MalformedBytes } from './bytes.ts'
import type { CloseName } from './close-codes.ts'
import type { Limits } from './limits.ts'
import { authType, type ClientMessage, instanceBytes, messageType, syncType } from './message.ts'

/** Why bytes were not taken, and with which close code the session that sent them ends. */
export interface Refused {
  readonly kind: 'refused'
  readonly close: CloseName
  /** One sentence for the log; says nothing of the content. */
  readonly why: string
}

export function refused(close: CloseName, why: string): Refused {
  return { kind: 'refused', close, why }
}

export type ClientLimits = Pick<
  Limits,
  'frameBytesMax' | 'updateBytesMax' | 'tokenBytesMax' | 'earlierClientsMax'
>

/** Reads one frame that a client sent. */
export function decodeClientMessage(
  frame: Uint8Array,
  limits: ClientLimits,
): ClientMessage | Refused {
  if (frame.length > limits.frameBytesMax) return refused('tooLarge', 'the frame is too large')
  try {
    const reader = new ByteReader(frame)
    const message = readMessage(reader, limits)
    if (message.kind !== 'refused' && reader.remaining > 0) {
      return refused('malformed', 'bytes are left after the message')
    }
    return message
  } catch (error) {
    if (error instanceof MalformedBytes) return refused('malformed', error.message)
    throw error
  }
}

/** Throws what a reader throws. */
export function readMessage(reader: ByteReader, limits: ClientLimits): ClientMessage | Refused {
  const type = reader.varUint()
  switch (type) {
    case messageType.sync:
      return readSync(reader, limits)
    case messageType.presence:
      return { kind: 'presence', entries: reader.varBytes() }
    case messageType.queryPresence:
      return { kind: 'queryPresence' }
    case messageType.auth:
      return readToken(reader, limits)
    case messageType.client:
      return readClient(reader, limits)
    default:
      return refused('malformed', `message type ${type} is not one that a client sends`)
  }
}

function readSync(
  reader: ByteReader,
  limits: Pick<Limits, 'updateBytesMax'>,
): ClientMessage | Refused {
  const subtype = reader.varUint()
  const bytes = reader.varBytes()
  switch (subtype) {
    case syncType.step1:
      return { kind: 'step1', stateVector: bytes }
    case syncType.step2:
    case syncType.update:
      if (bytes.length > limits.updateBytesMax)
        return refused('tooLarge', 'the update is too large')
      return { kind: subtype === syncType.step2 ? 'step2' : 'update', update: bytes }
    default:
      return refused('malformed', `sync type ${subtype} does not exist`)
  }
}

function readToken(reader: ByteReader, limits: ClientLimits): ClientMessage | Refused {
  const subtype = reader.varUint()
  if (subtype !== authType.token) return refused('malformed', `auth type ${subtype} does not exist`)
  if (reader.remaining > limits.tokenBytesMax) return refused('tooLarge', 'the token is too large')
  return { kind: 'token', token: reader.varText() }
}

function readClient(reader: ByteReader, limits: ClientLimits): ClientMessage | Refused {
  const instance = reader.varBytes()
  if (instance.length !== instanceBytes) return refused('malformed', 'an instance has 16 bytes')
  const clientId = reader.varUint()
  const count = reader.count(1)
  if (count > limits.earlierClientsMax) return refused('tooLarge', 'too many earlier client ids')
  const earlier: number[] = []
  for (let i = 0; i < count; i++) earlier.push(reader.varUint())
  return { kind: 'client', clientId, earlier, instance }
}

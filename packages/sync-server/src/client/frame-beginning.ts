/**
 * The beginning of a large frame, looked at while the rest of it is still on its way. `ws` hands over
 * whole messages only: one of 16 MB is read, put together and unmasked before anybody can say that its
 * first bytes are nonsense.
 *
 * 1. Looks once at each message, and only at one that is so large that most of it is not here.
 * 2. Without a look nothing is missed: the whole message is judged when it has come.
 */
import type { WebSocket } from 'ws'

export interface FrameBeginning {
  /** Unmasked, in bytes of its own. */
  readonly bytes: Uint8Array
  /** What the whole message has. */
  readonly messageBytes: number
}

/** The parts of a `ws` receiver that its documentation does not promise. Absent ones only cost time. */
interface Inside {
  readonly _receiver?: {
    readonly _state?: number
    readonly _opcode?: number
    readonly _fin?: boolean
    readonly _masked?: boolean
    readonly _mask?: Uint8Array
    readonly _payloadLength?: number
    readonly _bufferedBytes?: number
    readonly _buffers?: readonly Uint8Array[]
    readonly _fragments?: readonly unknown[]
  }
}

/** Counts and lengths that are wrong are here; more would be copied and read for nothing. */
const beginningBytes = 4 * 1024
/** The receiver waits for the bytes of a frame whose head it has read. */
const readingPayload = 4
const binary = 2

/** Undefined unless `ws` waits for more of an unfragmented binary message. */
export function frameBeginning(ws: WebSocket): FrameBeginning | undefined {
  const receiver = (ws as unknown as Inside)._receiver
  if (receiver?._state !== readingPayload || receiver._opcode !== binary) return undefined
  const { _fin, _masked, _mask, _payloadLength, _bufferedBytes, _buffers, _fragments } = receiver
  if (!_fin || !_masked || _mask?.length !== 4 || _fragments?.length !== 0) return undefined
  const first = _buffers?.[0]
  if (!first || !_payloadLength || _bufferedBytes === undefined) return undefined
  if (_bufferedBytes >= _payloadLength) return undefined
  const bytes = Uint8Array.from(first.subarray(0, beginningBytes))
  for (let at = 0; at < bytes.length; at++) bytes[at] = (bytes[at] ?? 0) ^ (_mask[at & 3] ?? 0)
  return { bytes, messageBytes: _payloadLength }
}

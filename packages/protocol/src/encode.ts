/**
 * Message → bytes of one WebSocket frame. Each call allocates exactly the frame and nothing else, so
 * that a frame can be encoded once and the same bytes written to every socket.
 * The caller keeps what it passes in; the returned bytes are the caller's.
 */
import { utf8, varUintSize, writeVarUint } from './bytes.ts'
import { authType, type DocumentEvent, messageType, type SessionInfo, syncType } from './message.ts'

function withBody(head: readonly number[], body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(head.length + varUintSize(body.length) + body.length)
  frame.set(head)
  frame.set(body, writeVarUint(frame, head.length, body.length))
  return frame
}

function headOf(head: readonly number[], bodyBytes: number): Uint8Array {
  const bytes = new Uint8Array(head.length + varUintSize(bodyBytes))
  bytes.set(head)
  writeVarUint(bytes, head.length, bodyBytes)
  return bytes
}

/** Asks the other side for what is missing here. `stateVector` as Yjs encodes it. */
export function encodeStep1(stateVector: Uint8Array): Uint8Array {
  return withBody([messageType.sync, syncType.step1], stateVector)
}

/** Answers a Step1. A stock client counts itself as synced after the first one. */
export function encodeStep2(update: Uint8Array): Uint8Array {
  return withBody([messageType.sync, syncType.step2], update)
}

export function encodeUpdate(update: Uint8Array): Uint8Array {
  return withBody([messageType.sync, syncType.update], update)
}

/** What stands before the update in {@link encodeStep2}, for whoever puts the message together without a copy. */
export function encodeStep2Head(updateBytes: number): Uint8Array {
  return headOf([messageType.sync, syncType.step2], updateBytes)
}

/** The same for {@link encodeUpdate}. */
export function encodeUpdateHead(updateBytes: number): Uint8Array {
  return headOf([messageType.sync, syncType.update], updateBytes)
}

/** `entries` as `presence-codec.ts` or y-protocols writes them. */
export function encodePresence(entries: Uint8Array): Uint8Array {
  return withBody([messageType.presence], entries)
}

/** Asks for the presence of everybody. */
export function encodeQueryPresence(): Uint8Array {
  return Uint8Array.of(messageType.queryPresence)
}

/** Says who the client is; before anything else, or when the server asks for a newer token. */
export function encodeToken(token: string): Uint8Array {
  return withBody([messageType.auth, authType.token], utf8(token))
}

/** Asks a `quire.v1` client for a newer token. */
export function encodeTokenRequest(): Uint8Array {
  return Uint8Array.of(messageType.auth, authType.token)
}

/** The edits of this client are under `clientId`, and some were under `earlier`. `instance` as `message.ts` says. */
export function encodeClient(
  clientId: number,
  earlier: readonly number[],
  instance: Uint8Array,
): Uint8Array {
  const head = withBody([messageType.client], instance)
  const numbers = [clientId, earlier.length, ...earlier]
  const length = numbers.reduce((sum, number) => sum + varUintSize(number), head.length)
  const frame = new Uint8Array(length)
  frame.set(head)
  let at = head.length
  for (const number of numbers) at = writeVarUint(frame, at, number)
  return frame
}

/** The first `frameCount` sync frames of this connection are on stable storage. */
export function encodeSaved(frameCount: number): Uint8Array {
  const frame = new Uint8Array(1 + varUintSize(frameCount))
  frame[0] = messageType.saved
  writeVarUint(frame, 1, frameCount)
  return frame
}

export function encodeSession(session: SessionInfo): Uint8Array {
  return withBody([messageType.session], utf8(JSON.stringify(session)))
}

export function encodeEvent(event: DocumentEvent): Uint8Array {
  return withBody([messageType.event], utf8(JSON.stringify(event)))
}

/**
 * The frames of Hocuspocus, as `@hocuspocus/provider` 2 to 4 writes and reads them: an address, then a
 * message. Is not a decoder of what the messages say about the document: those are `decode.ts`'s.
 *
 * ```
 * frame   := varString(address) message | ping | pong
 * address := document name, or: document name NUL session id, of a client that has one document open twice
 * message := 0 sync | 1 presence | 3                  as in `message.ts`, byte for byte
 *          | 2 0 varString(token) [varString(version)] client → server: who it is, first of all or again
 *          | 2 0                                       server → client: send a newer token
 *          | 2 1 varString(reason)                     server → client: permission denied
 *          | 2 2 varString(scope)                      server → client: "read-write" or "readonly"
 *          | 4 …                                       sync between servers; from a client the same as 0
 *          | 5 varString(payload)                      stateless
 *          | 6 …                                       between servers only
 *          | 7 [varString(reason)]                     client → server: detach this address; server → client: it is
 *          | 8 varUint(n)                              server → client: one of its edits is saved (1), or refused (0)
 * ping    := 9        pong := 10                       one byte, without an address
 * ```
 *
 * 1. Never throws, whatever the bytes are, and never allocates by a length in them.
 * 2. What the server says to an address carries the address as the client wrote it.
 */
import { ByteReader, MalformedBytes, utf8, varUintSize, writeVarUint } from './bytes.ts'
import { type Refused, refused } from './decode.ts'
import type { Limits } from './limits.ts'
import { messageType } from './message.ts'

export const hocuspocusType = {
  sync: 0,
  presence: 1,
  auth: 2,
  queryPresence: 3,
  syncReply: 4,
  stateless: 5,
  broadcastStateless: 6,
  close: 7,
  syncStatus: 8,
  ping: 9,
  pong: 10,
} as const
const authSubtype = { token: 0, permissionDenied: 1, authenticated: 2 } as const

/** What a client may do with a document, in the words of Hocuspocus. */
export type HocuspocusScope = 'read-write' | 'readonly'

/** From whom a frame is. */
export interface HocuspocusAddress {
  /** As the client wrote it. */
  readonly address: string
  /** The part before the NUL: a name that is still to be parsed. */
  readonly documentName: string
  /** Whether a session id follows: then nobody else shares the address. */
  readonly hasSessionId: boolean
  /** Where the message begins in the frame. */
  readonly messageAt: number
}

/** What a client says. Byte arrays are views into the received frame: copy them to keep them. */
export type HocuspocusMessage =
  /** Sync, presence or a question for it: `message` without the address, for `decodeClientMessage`. */
  | { readonly kind: 'document'; readonly message: Uint8Array; readonly isStep1: boolean }
  /** Never to be logged. `version` is the provider's; only 4 and later tell it. */
  | { readonly kind: 'token'; readonly token: string; readonly version: string | undefined }
  /** `message` without the address, for `decodeStateless`. */
  | { readonly kind: 'stateless'; readonly message: Uint8Array }
  | { readonly kind: 'close' }

/** A frame of one byte that is about the socket. */
export function socketMessageOf(frame: Uint8Array): 'ping' | 'pong' | undefined {
  if (frame.length !== 1) return undefined
  if (frame[0] === hocuspocusType.ping) return 'ping'
  return frame[0] === hocuspocusType.pong ? 'pong' : undefined
}

/** Reads the address of a frame, and nothing after it. */
export function decodeHocuspocusAddress(
  frame: Uint8Array,
  limits: Pick<Limits, 'addressBytesMax'>,
): HocuspocusAddress | Refused {
  return reading(() => {
    const reader = new ByteReader(frame)
    const length = reader.varUint()
    if (length === 0) return refused('malformed', 'the address is empty')
    if (length > limits.addressBytesMax) return refused('malformed', 'the address is too long')
    reader.pos = 0
    const address = reader.varText()
    const nulAt = address.indexOf('\0')
    return {
      address,
      documentName: nulAt < 0 ? address : address.slice(0, nulAt),
      hasSessionId: nulAt >= 0,
      messageAt: reader.pos,
    }
  })
}

/** Reads what follows the address, from `messageAt` to the end of the frame. */
export function decodeHocuspocusMessage(
  frame: Uint8Array,
  messageAt: number,
  limits: Pick<Limits, 'tokenBytesMax'>,
): HocuspocusMessage | Refused {
  return reading(() => {
    const message = frame.subarray(messageAt)
    const reader = new ByteReader(message)
    const type = reader.varUint()
    switch (type) {
      case hocuspocusType.sync:
        return { kind: 'document', message, isStep1: message[1] === 0 }
      case hocuspocusType.presence:
      case hocuspocusType.queryPresence:
        return { kind: 'document', message, isStep1: false }
      case hocuspocusType.syncReply: {
        const sync = Uint8Array.from(message)
        sync[0] = messageType.sync
        return { kind: 'document', message: sync, isStep1: sync[1] === 0 }
      }
      case hocuspocusType.auth:
        return readToken(reader, limits)
      case hocuspocusType.stateless:
        reader.skipVarText()
        return { kind: 'stateless', message }
      case hocuspocusType.close:
        return { kind: 'close' }
      default:
        return refused('malformed', `message type ${type} is not one that a client sends`)
    }
  })
}

/** The text of a stateless message without its address; undefined when `message` is of another kind. */
export function decodeStateless(
  message: Uint8Array,
  limits: Pick<Limits, 'statelessBytesMax'>,
): string | Refused | undefined {
  if (message[0] !== hocuspocusType.stateless) return undefined
  return reading(() => {
    if (message.length > limits.statelessBytesMax) {
      return refused('tooLarge', 'a stateless message is too large')
    }
    const reader = new ByteReader(message.subarray(1))
    const text = reader.varText()
    if (reader.remaining > 0) return refused('malformed', 'bytes are left after the message')
    return text
  })
}

function readToken(
  reader: ByteReader,
  limits: Pick<Limits, 'tokenBytesMax'>,
): HocuspocusMessage | Refused {
  const subtype = reader.varUint()
  if (subtype !== authSubtype.token) {
    return refused('malformed', `auth type ${subtype} is not one that a client sends`)
  }
  const from = reader.pos
  if (reader.varUint() > limits.tokenBytesMax) return refused('tooLarge', 'the token is too large')
  reader.pos = from
  const token = reader.varText()
  if (reader.remaining > versionBytesMax) return refused('malformed', 'the version is too long')
  const version = reader.remaining > 0 ? reader.varText() : undefined
  return { kind: 'token', token, version }
}

/** "4.8.0", or with a tag behind it. */
const versionBytesMax = 64

function reading<T>(read: () => T | Refused): T | Refused {
  try {
    return read()
  } catch (error) {
    if (error instanceof MalformedBytes) return refused('malformed', error.message)
    throw error
  }
}

function withText(head: readonly number[], text: string): Uint8Array {
  const body = utf8(text)
  const bytes = new Uint8Array(head.length + varUintSize(body.length) + body.length)
  bytes.set(head)
  bytes.set(body, writeVarUint(bytes, head.length, body.length))
  return bytes
}

/** What stands before every message to this address. */
export function encodeHocuspocusAddress(address: string): Uint8Array {
  return withText([], address)
}

/** The functions below make a message; the address belongs before it. */
export function encodeStateless(text: string): Uint8Array {
  return withText([hocuspocusType.stateless], text)
}

export function encodeAuthenticated(scope: HocuspocusScope): Uint8Array {
  return withText([hocuspocusType.auth, authSubtype.authenticated], scope)
}

export function encodePermissionDenied(reason: string): Uint8Array {
  return withText([hocuspocusType.auth, authSubtype.permissionDenied], reason)
}

/** Asks for a newer token. Providers before 3.3 ignore it. */
export function encodeHocuspocusTokenRequest(): Uint8Array {
  return Uint8Array.of(hocuspocusType.auth, authSubtype.token)
}

/** The document is detached from the socket. Providers before 3 throw on it, if they still know the address. */
export function encodeDetached(reason: string): Uint8Array {
  return withText([hocuspocusType.close], reason)
}

/** One Update, or the Step2, of the client is durable, or will not be taken. */
export function encodeSyncStatus(isSaved: boolean): Uint8Array {
  return Uint8Array.of(hocuspocusType.syncStatus, isSaved ? 1 : 0)
}

/** A whole frame: answers a ping. */
export function encodePong(): Uint8Array {
  return Uint8Array.of(hocuspocusType.pong)
}

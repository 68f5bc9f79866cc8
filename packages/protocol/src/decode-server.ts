/**
 * Bytes of one frame → what the server says beyond y-websocket: messages 2, 16, 17 and 18.
 * Everything else is `other` and belongs to whoever speaks y-websocket.
 *
 * 1. Never throws.
 * 2. An event of a kind that this version does not know is `ignored`, so that a newer server can say more.
 */
import { ByteReader, MalformedBytes } from './bytes.ts'
import { type Refused, refused } from './decode.ts'
import { schemasToldMax } from './limits.ts'
import { parseSchemaHash } from './schema-hash.ts'
import {
  authType,
  type DocumentEvent,
  messageType,
  type Role,
  type SessionInfo,
} from './message.ts'

export type ServerMessage =
  /** The server wants a newer token before the one it has ends. */
  | { readonly kind: 'tokenRequest' }
  | { readonly kind: 'session'; readonly session: SessionInfo }
  /** The first `frameCount` sync frames of this connection are durable. */
  | { readonly kind: 'saved'; readonly frameCount: number }
  | { readonly kind: 'event'; readonly event: DocumentEvent }
  | { readonly kind: 'ignored'; readonly why: string }
  | { readonly kind: 'other'; readonly type: number }

/** Reads one whole frame that the server sent, type number included. */
export function decodeServerMessage(frame: Uint8Array): ServerMessage | Refused {
  try {
    const reader = new ByteReader(frame)
    const type = reader.varUint()
    switch (type) {
      case messageType.auth:
        // With a body it is the "permission denied" of y-protocols.
        if (reader.varUint() !== authType.token || reader.remaining > 0) {
          return { kind: 'other', type }
        }
        return { kind: 'tokenRequest' }
      case messageType.session:
        return readSession(parse(reader.varText()))
      case messageType.saved:
        return { kind: 'saved', frameCount: reader.varUint() }
      case messageType.event:
        return readEvent(parse(reader.varText()))
      default:
        return { kind: 'other', type }
    }
  } catch (error) {
    if (error instanceof MalformedBytes) return refused('malformed', error.message)
    throw error
  }
}

const roles: ReadonlySet<unknown> = new Set<Role>(['view', 'comment', 'edit', 'own'])

function readSession(body: Fields): ServerMessage | Refused {
  const { role, user, lineage } = body
  if (!roles.has(role) || !isFields(user)) return refused('malformed', 'a session without a role')
  const { id, name } = user
  if (typeof id !== 'string' || typeof name !== 'string') {
    return refused('malformed', 'a session without a user')
  }
  return {
    kind: 'session',
    session: {
      role: role as Role,
      user: { id, name },
      lineage: typeof lineage === 'string' ? lineage : null,
    },
  }
}

function readEvent(body: Fields): ServerMessage | Refused {
  switch (body['kind']) {
    case 'title': {
      const title = body['title']
      if (typeof title !== 'string') return refused('malformed', 'a title event without a title')
      return { kind: 'event', event: { kind: 'title', title } }
    }
    case 'storage': {
      const state = body['state']
      if (state !== 'ok' && state !== 'failing') {
        return refused('malformed', 'a storage event without a state')
      }
      return { kind: 'event', event: { kind: 'storage', state } }
    }
    case 'schemas': {
      const said: unknown = body['others']
      if (!Array.isArray(said)) return refused('malformed', 'a schemas event without schemas')
      const others = said.slice(0, schemasToldMax).map(parseSchemaHash)
      if (!others.every((hash) => hash !== undefined)) {
        return refused('malformed', 'a schema that is none')
      }
      return { kind: 'event', event: { kind: 'schemas', others } }
    }
    case 'renewClientId': {
      const clientId = body['clientId']
      if (typeof clientId !== 'number' || !Number.isSafeInteger(clientId) || clientId < 0) {
        return refused('malformed', 'a client id to renew that is none')
      }
      return { kind: 'event', event: { kind: 'renewClientId', clientId } }
    }
    default:
      return { kind: 'ignored', why: 'an event of a kind that this version does not know' }
  }
}

type Fields = Readonly<Record<string, unknown>>

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parse(text: string): Fields {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new MalformedBytes('the body is not JSON')
  }
  if (!isFields(value)) throw new MalformedBytes('the body is not an object')
  return value
}

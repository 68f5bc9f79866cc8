/**
 * Presence entries (y-protocols' awareness updates) without building their JSON: client id, clock and
 * a slice of bytes. The JSON is only checked to be JSON, because one entry that does not parse would
 * break the frame that carries everybody's.
 */
import { ByteReader, MalformedBytes, utf8, varUintSize, writeVarUint } from './bytes.ts'
import { type Refused, refused } from './decode.ts'
import { isJson } from './json-scan.ts'
import type { Limits } from './limits.ts'
import { messageType } from './message.ts'

/** What one client says about itself. */
export interface PresenceEntry {
  /** Yjs's number of the client. */
  readonly clientId: number
  /** Grows with each change of this client. */
  readonly clock: number
  /** The state as UTF-8 JSON: an object, or `null` for a client that left. After parsing it is a view into the frame. */
  readonly json: Uint8Array
}

/** The JSON of a client that left. */
export const leaveJson: Uint8Array = utf8('null')

/** Levels of arrays and objects in one state; a cursor needs about 6. */
export const presenceDepthMax = 64

export function isLeave(entry: PresenceEntry): boolean {
  const { json } = entry
  return json.length === 4 && json[0] === 0x6e
}

export type PresenceLimits = Pick<
  Limits,
  'presenceEntryBytesMax' | 'presenceEntriesMax' | 'presenceBytesMax'
>

/** The client that the first entry is about, without a look at the rest; undefined when there is none. Never throws. */
export function firstPresenceClient(bytes: Uint8Array): number | undefined {
  try {
    const reader = new ByteReader(bytes)
    return reader.varUint() > 0 ? reader.varUint() : undefined
  } catch (error) {
    if (error instanceof MalformedBytes) return undefined
    throw error
  }
}

/** Reads the entries of a presence message. Never throws; the entries hold views into `bytes`. */
export function parsePresence(
  bytes: Uint8Array,
  limits: PresenceLimits,
): readonly PresenceEntry[] | Refused {
  if (bytes.length > limits.presenceBytesMax) return refused('tooLarge', 'too much presence')
  try {
    const reader = new ByteReader(bytes)
    const count = reader.varUint()
    // An entry has at least a client, a clock, a length and one byte of JSON.
    if (count * 4 > reader.remaining) return refused('malformed', 'more entries than bytes')
    if (count > limits.presenceEntriesMax) return refused('tooLarge', 'too many presence states')
    const entries: PresenceEntry[] = []
    for (let i = 0; i < count; i++) {
      const clientId = reader.varUint()
      const clock = reader.varUint()
      const from = reader.pos
      reader.skipVarText()
      const to = reader.pos
      reader.pos = from
      const json = reader.varBytes()
      if (json.length > limits.presenceEntryBytesMax) {
        return refused('tooLarge', 'a presence state is too large')
      }
      const entry = { clientId, clock, json }
      const isState = json[0] === 0x7b && isJson(bytes, to - json.length, to, presenceDepthMax)
      if (!isState && !(json.length === 4 && isJson(bytes, to - 4, to, 0) && json[0] === 0x6e)) {
        return refused('malformed', 'a presence state is not an object in JSON')
      }
      entries.push(entry)
    }
    if (reader.remaining > 0) return refused('malformed', 'bytes are left after the entries')
    return entries
  } catch (error) {
    if (error instanceof MalformedBytes) return refused('malformed', error.message)
    throw error
  }
}

/** The entries as bytes, in the given order and without their count: entries can so be put together from parts. */
export function encodePresenceBody(entries: readonly PresenceEntry[]): Uint8Array {
  let size = 0
  for (const { clientId, clock, json } of entries) {
    size += varUintSize(clientId) + varUintSize(clock) + varUintSize(json.length) + json.length
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const { clientId, clock, json } of entries) {
    at = writeVarUint(bytes, at, clientId)
    at = writeVarUint(bytes, at, clock)
    at = writeVarUint(bytes, at, json.length)
    bytes.set(json, at)
    at += json.length
  }
  return bytes
}

/** What stands before the bodies of `entryCount` entries, `bodyBytes` long together, in a presence message. */
export function encodePresenceHead(entryCount: number, bodyBytes: number): Uint8Array {
  const length = varUintSize(entryCount) + bodyBytes
  const head = new Uint8Array(1 + varUintSize(length) + varUintSize(entryCount))
  head[0] = messageType.presence
  writeVarUint(head, writeVarUint(head, 1, length), entryCount)
  return head
}

/** The entries as y-protocols writes them: the bytes for `encodePresence`. */
export function encodePresenceEntries(entries: readonly PresenceEntry[]): Uint8Array {
  const start = varUintSize(entries.length)
  const body = encodePresenceBody(entries)
  const bytes = new Uint8Array(start + body.length)
  writeVarUint(bytes, 0, entries.length)
  bytes.set(body, start)
  return bytes
}

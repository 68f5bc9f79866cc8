/**
 * Moves over the values inside an update, JSON and lib0's `any`, and checks that a reader could build
 * them. Builds nothing. Throws `MalformedBytes`, which `update-scan.ts` turns into a refusal.
 */
import { type ByteReader, MalformedBytes } from './bytes.ts'
import { isJson } from './json-scan.ts'

/** Levels of arrays and objects in one value. Readers recurse; honest values have about 5. */
const depthMax = 256

const undefinedText = 'undefined'

/** A length and that many bytes of JSON; the word `undefined` where old content may have it. */
export function skipJson(reader: ByteReader, mayBeUndefined: boolean): void {
  const at = reader.pos
  const length = reader.varUint()
  const from = reader.pos
  reader.pos = at
  reader.skipVarText()
  if (isJson(reader.bytes, from, reader.pos, depthMax)) return
  if (mayBeUndefined && isUndefined(reader.bytes, from, length)) return
  throw new MalformedBytes('a value is not JSON')
}

/** One `any`: a tag and what it says. */
export function skipAny(reader: ByteReader, depthLeft: number = depthMax): void {
  const tag = reader.byte()
  switch (tag) {
    case 127: // undefined
    case 126: // null
    case 121: // false
    case 120: // true
      return
    case 125: // integer
      reader.skipVarInt()
      return
    case 124: // float32
      reader.skip(4)
      return
    case 123: // float64
    case 122: // bigint
      reader.skip(8)
      return
    case 119: // string
      reader.skipVarText()
      return
    case 116: // bytes
      reader.skip(reader.varUint())
      return
    case 118: // object
    case 117: {
      // array
      if (depthLeft === 0) throw new MalformedBytes('a value is nested too deep')
      const count = reader.count(tag === 118 ? 2 : 1)
      for (let i = 0; i < count; i++) {
        if (tag === 118) reader.skipVarText()
        skipAny(reader, depthLeft - 1)
      }
      return
    }
    default:
      throw new MalformedBytes(`value type ${tag} does not exist`)
  }
}

function isUndefined(bytes: Uint8Array, from: number, length: number): boolean {
  if (length !== undefinedText.length) return false
  for (let i = 0; i < length; i++) {
    if (bytes[from + i] !== undefinedText.charCodeAt(i)) return false
  }
  return true
}

/**
 * The content of one item of an update: moves over it and checks that a reader could build it. Builds
 * nothing. Throws `MalformedBytes`, which whoever reads updates turns into a refusal.
 */
import { type ByteReader, MalformedBytes } from './bytes.ts'
import { skipAny, skipJson } from './value-scan.ts'

/** The numbers of the kinds of content. */
export const contentRef = {
  deleted: 1,
  json: 2,
  binary: 3,
  string: 4,
  embed: 5,
  format: 6,
  type: 7,
  any: 8,
  doc: 9,
} as const

const typeXmlElement = 3
const typeXmlHook = 5
const typeRefMax = 6
/** The tag of an object among lib0's values. */
const anyObject = 118

/** Moves over content of the kind `ref` and returns its length in clocks. */
export function skipContent(reader: ByteReader, ref: number): number {
  switch (ref) {
    case contentRef.deleted:
      return reader.varUint()
    case contentRef.json: {
      const count = reader.count(1)
      for (let i = 0; i < count; i++) skipJson(reader, true)
      return count
    }
    case contentRef.binary:
      reader.skip(reader.varUint())
      return 1
    case contentRef.string:
      return reader.skipVarText()
    case contentRef.embed:
      skipJson(reader, false)
      return 1
    case contentRef.format:
      reader.skipVarText()
      skipJson(reader, false)
      return 1
    case contentRef.type: {
      const type = reader.varUint()
      if (type > typeRefMax) throw new MalformedBytes(`shared type ${type} does not exist`)
      if (type === typeXmlElement || type === typeXmlHook) reader.skipVarText()
      return 1
    }
    case contentRef.any: {
      const count = reader.count(1)
      for (let i = 0; i < count; i++) skipAny(reader)
      return count
    }
    case contentRef.doc:
      reader.skipVarText()
      // Options of a subdocument: always an object.
      if (reader.peek() !== anyObject) throw new MalformedBytes('a subdocument without options')
      skipAny(reader)
      return 1
    default:
      throw new MalformedBytes(`content ${ref} does not exist`)
  }
}

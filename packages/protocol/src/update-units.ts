/**
 * What an update says about single clocks of one client: enough to see whether two updates mean the same
 * by the same clocks. Two clients with the same id do not, and nothing else in Yjs would notice.
 *
 * A unit is one clock: where it stands (what it follows, what it precedes, its parent) and what it is.
 * Updates cut and join structs freely, so units are what stays the same.
 *
 * 1. What Yjs may have forgotten is unknown, never different: content that was deleted, and all of what
 *    was cleared away with its parent.
 * 2. Values that another implementation may write in other bytes (objects, formats) count by their kind
 *    only. Text counts by its letters.
 * 3. The update must have been scanned before; of other bytes the answer means nothing. Never throws.
 */
import { ByteReader, MalformedBytes } from './bytes.ts'
import { contentRef, skipContent } from './content-scan.ts'
import type { ClockRange } from './clock-columns.ts'

/** One clock of a client. */
export interface Unit {
  /** What it follows, precedes, and is in. */
  readonly place: string
  /** Undefined when it cannot be known. */
  readonly content: string | undefined
}

const infoGc = 0
const infoSkip = 10
const hasOrigin = 0x80
const hasRightOrigin = 0x40
const hasParentSub = 0x20

/** Client id → clock → unit. */
export type Units = Map<number, Map<number, Unit>>

/**
 * The units that `update` has in `ranges`, of which there is at most one for each client, in one pass.
 * Clocks that were cleared away are left out, and so are clients without any.
 */
export function unitsOf(update: Uint8Array, ranges: readonly ClockRange[]): Units {
  const units: Units = new Map()
  const wanted = new Map(ranges.map((range) => [range.client, range]))
  const lastClient = Math.min(...wanted.keys())
  try {
    const reader = new ByteReader(update)
    const clientCount = reader.varUint()
    for (let i = 0; i < clientCount; i++) {
      const structCount = reader.varUint()
      const client = reader.varUint()
      const range = wanted.get(client)
      const found = new Map<number, Unit>()
      let clock = reader.varUint()
      for (let j = 0; j < structCount; j++) {
        clock += readStruct(reader, client, clock, range, found)
      }
      if (found.size > 0) units.set(client, found)
      // Clients stand in falling order.
      if (client <= lastClient) break
    }
  } catch (error) {
    if (!(error instanceof MalformedBytes)) throw error
  }
  return units
}

/** Whether some clock that both know means something else in one than in the other. */
export function isConflict(these: Units, those: Units): boolean {
  for (const [client, ours] of these) {
    const theirs = those.get(client)
    if (!theirs) continue
    for (const [clock, unit] of ours) {
      const other = theirs.get(clock)
      if (other && !isSame(unit, other)) return true
    }
  }
  return false
}

function isSame(a: Unit, b: Unit): boolean {
  const isKnown = a.content !== undefined && b.content !== undefined
  return a.place === b.place && (!isKnown || a.content === b.content)
}

/** Moves over one struct, notes its units that are in `wanted`, and returns its length in clocks. */
function readStruct(
  reader: ByteReader,
  client: number,
  clock: number,
  wanted: ClockRange | undefined,
  units: Map<number, Unit>,
): number {
  const info = reader.byte()
  if (info === infoGc || info === infoSkip) return reader.varUint()
  const headAt = reader.pos
  skipHead(reader, info)
  const ref = info & 0x1f
  const from = reader.pos
  const length = skipContent(reader, ref)
  if (!wanted || clock + length <= wanted.from || clock >= wanted.to) return length
  const end = reader.pos
  reader.pos = headAt
  const head = readHead(reader, info)
  reader.pos = end
  const contentAt = contentOf(reader.bytes.subarray(from, end), ref)
  const last = Math.min(clock + length, wanted.to)
  for (let at = Math.max(clock, wanted.from); at < last; at++) {
    // Inside of a struct each unit follows the one before it, and all precede the same.
    const place = at === clock ? head.place : `${client}:${at - 1}<${head.right}<`
    units.set(at, { place, content: contentAt(at - clock) })
  }
  return length
}

/** Moves over what says where a struct stands. Most structs are of no interest, so nothing is built here. */
function skipHead(reader: ByteReader, info: number): void {
  const idCount = Number((info & hasOrigin) !== 0) + Number((info & hasRightOrigin) !== 0)
  for (let i = 0; i < idCount * 2; i++) reader.varUint()
  if (idCount > 0) return
  if (reader.varUint() === 1) {
    reader.skipVarText()
  } else {
    reader.varUint()
    reader.varUint()
  }
  if ((info & hasParentSub) !== 0) reader.skipVarText()
}

function readHead(reader: ByteReader, info: number): { place: string; right: string } {
  const origin = (info & hasOrigin) === 0 ? '' : readId(reader)
  const right = (info & hasRightOrigin) === 0 ? '' : readId(reader)
  let parent = ''
  if (origin === '' && right === '') {
    parent = reader.varUint() === 1 ? `root ${reader.varText()}` : `in ${readId(reader)}`
    if ((info & hasParentSub) !== 0) parent += ` at ${reader.varText()}`
  }
  return { place: `${origin}<${right}<${parent}`, right }
}

function readId(reader: ByteReader): string {
  return `${reader.varUint()}:${reader.varUint()}`
}

/** The content of the unit at an offset inside its struct. */
function contentOf(bytes: Uint8Array, ref: number): (offset: number) => string | undefined {
  switch (ref) {
    case contentRef.deleted:
      return () => undefined
    case contentRef.string: {
      const text = new ByteReader(bytes).varText()
      return (offset) => (isBroken(text.charCodeAt(offset)) ? undefined : text.charAt(offset))
    }
    case contentRef.type:
      return () => `type ${bytes.join(' ')}`
    default:
      return () => `kind ${ref}`
  }
}

/** Half of a pair, or what is left of a pair that was cut in two. */
function isBroken(unit: number): boolean {
  return (unit >= 0xd800 && unit <= 0xdfff) || unit === 0xfffd
}

/**
 * Structural scan of a Yjs update (V1 encoding) that comes from outside, before any decoder that
 * builds things sees it. Walks the bytes once; content is checked, never built.
 *
 * 1. Never throws and never allocates by a count it has not compared with the bytes that are left.
 * 2. Accepts every update that Yjs 13 writes, within the limits.
 * 3. What it accepts, every Yjs decoder reads to the end, and both of Yjs's readers (the lazy one that
 *    merges, the eager one that applies) read the same structs: no client twice, no ambiguous info
 *    byte, no text that is not UTF-8, no JSON that does not parse.
 * 4. Accepted structs refer to their own client only backwards, so applying them cannot fail once
 *    what they need from other clients (`needs`) is there.
 *
 * Deliberately not judged: whether content makes sense for a schema, and how deep a document becomes
 * by many small updates.
 */
import { ByteReader, MalformedBytes } from './bytes.ts'
import type { CloseName } from './close-codes.ts'
import { type Refused, refused } from './decode.ts'
import type { Limits } from './limits.ts'
import { nestingOf, type Nesting, startNesting } from './update-nesting.ts'
import { skipAny, skipJson } from './value-scan.ts'

/** Clocks `[from, to)` of one client. */
export interface ClockRange {
  readonly client: number
  readonly from: number
  readonly to: number
}

/** What an update holds, without its content. */
export interface ScannedUpdate {
  readonly kind: 'scanned'
  /** What it inserts. A client has one range, or several in rising order when the update has gaps. */
  readonly inserts: readonly ClockRange[]
  /** What it deletes, in the order of the bytes; may overlap. */
  readonly deletes: readonly ClockRange[]
  /** Where in the bytes the delete set begins. */
  readonly deletesAt: number
  /** For other clients that its structs refer to: the clock up to which they must be known. */
  readonly needs: ReadonlyMap<number, number>
}

export type ScanLimits = Pick<
  Limits,
  'updateBytesMax' | 'updatePartsMax' | 'xmlDepthMax' | 'clockAdvanceMax'
>

const refDeleted = 1
const refJson = 2
const refBinary = 3
const refString = 4
const refEmbed = 5
const refFormat = 6
const refType = 7
const refAny = 8
const refDoc = 9
const infoGc = 0
const infoSkip = 10
const hasOrigin = 0x80
const hasRightOrigin = 0x40
const hasParentSub = 0x20
const typeXmlElement = 3
const typeXmlHook = 5
const typeRefMax = 6

class OverLimit extends Error {
  readonly close: CloseName
  constructor(close: CloseName, message: string) {
    super(message)
    this.close = close
  }
}

/** Reads an update to its last byte and says what is in it, or why it is refused. */
export function scanUpdate(update: Uint8Array, limits: ScanLimits): ScannedUpdate | Refused {
  if (update.length > limits.updateBytesMax) return refused('tooLarge', 'the update is too large')
  try {
    const first = new Scan(update, limits, undefined)
    const scanned = first.run()
    // So few types cannot nest deeper than the limit; a second look is for the others only.
    if (first.typeCount > limits.xmlDepthMax) {
      const nesting = startNesting()
      new Scan(update, limits, nesting).run()
      if (!(nestingOf(nesting) <= limits.xmlDepthMax)) {
        return refused('malformed', 'types are nested too deep')
      }
    }
    return scanned
  } catch (error) {
    if (error instanceof MalformedBytes) return refused('malformed', error.message)
    if (error instanceof OverLimit) return refused(error.close, error.message)
    throw error
  }
}

class Scan {
  typeCount = 0
  readonly #reader: ByteReader
  readonly #limits: ScanLimits
  readonly #nesting: Nesting | undefined
  readonly #inserts: ClockRange[] = []
  readonly #deletes: ClockRange[] = []
  readonly #needs = new Map<number, number>()
  #partCount = 0

  constructor(update: Uint8Array, limits: ScanLimits, nesting: Nesting | undefined) {
    this.#reader = new ByteReader(update)
    this.#limits = limits
    this.#nesting = nesting
  }

  run(): ScannedUpdate {
    this.#structs()
    const deletesAt = this.#reader.pos
    this.#deleteSet()
    if (this.#reader.remaining > 0) throw new MalformedBytes('bytes are left after the update')
    return {
      kind: 'scanned',
      inserts: this.#inserts,
      deletes: this.#deletes,
      deletesAt,
      needs: this.#needs,
    }
  }

  #parts(count: number): void {
    this.#partCount += count
    if (this.#partCount > this.#limits.updatePartsMax) {
      throw new OverLimit('tooLarge', 'the update has too many parts')
    }
  }

  #structs(): void {
    const clientCount = this.#reader.count(5)
    let clientBefore = Number.POSITIVE_INFINITY
    for (let i = 0; i < clientCount; i++) {
      const structCount = this.#reader.count(2)
      const client = this.#reader.varUint()
      const start = this.#reader.varUint()
      // Yjs writes clients in falling order; its merge relies on it.
      if (client >= clientBefore) throw new MalformedBytes('clients are not in falling order')
      if (structCount === 0) throw new MalformedBytes('a client without structs')
      clientBefore = client
      this.#parts(structCount)
      this.#clientStructs(client, start, structCount)
    }
  }

  #clientStructs(client: number, start: number, structCount: number): void {
    let clock = start
    let from = start
    for (let i = 0; i < structCount; i++) {
      const info = this.#reader.byte()
      let length: number
      if (info === infoSkip) {
        if (clock > from) this.#inserts.push({ client, from, to: clock })
        length = this.#reader.varUint()
        from = clock + length
      } else if (info === infoGc) {
        length = this.#reader.varUint()
        this.#nesting?.addRoot(client, clock)
      } else {
        length = this.#item(client, clock, info)
      }
      if (length === 0) throw new MalformedBytes('a struct of length 0')
      clock += length
      if (clock > Number.MAX_SAFE_INTEGER || clock - start > this.#limits.clockAdvanceMax) {
        throw new OverLimit('malformed', 'a clock is moved too far')
      }
    }
    if (clock > from) this.#inserts.push({ client, from, to: clock })
  }

  #item(client: number, clock: number, info: number): number {
    const ref = info & 0x1f
    const isType = ref === refType
    if (isType) this.typeCount += 1
    const origin = (info & hasOrigin) !== 0
    const rightOrigin = (info & hasRightOrigin) !== 0
    if (origin) this.#reference(client, clock, isType, 'sibling')
    if (rightOrigin) this.#reference(client, clock, isType, origin ? undefined : 'sibling')
    if (!origin && !rightOrigin) {
      const isRoot = this.#reader.varUint()
      if (isRoot === 1) {
        this.#reader.skipVarText()
        this.#nesting?.addRoot(client, clock, isType)
      } else if (isRoot === 0) {
        this.#reference(client, clock, isType, 'child')
      } else {
        throw new MalformedBytes('a parent is neither a name nor an id')
      }
      if ((info & hasParentSub) !== 0) this.#reader.skipVarText()
    }
    return this.#content(ref)
  }

  /** An id that a struct points to, and what it says about the place of the struct. */
  #reference(
    client: number,
    clock: number,
    isType: boolean,
    place: 'child' | 'sibling' | undefined,
  ): void {
    const toClient = this.#reader.varUint()
    const toClock = this.#reader.varUint()
    if (toClient === client) {
      if (toClock >= clock) throw new MalformedBytes('a struct refers to what comes after it')
    } else if ((this.#needs.get(toClient) ?? 0) <= toClock) {
      this.#needs.set(toClient, toClock + 1)
    }
    if (place) this.#nesting?.add(client, clock, isType, place, toClient, toClock)
  }

  /** Reads the content of an item and returns its length in clocks. */
  #content(ref: number): number {
    const reader = this.#reader
    switch (ref) {
      case refDeleted:
        return reader.varUint()
      case refJson: {
        const count = this.#reader.count(1)
        for (let i = 0; i < count; i++) skipJson(reader, true)
        return count
      }
      case refBinary:
        reader.skip(reader.varUint())
        return 1
      case refString:
        return reader.skipVarText()
      case refEmbed:
        skipJson(reader, false)
        return 1
      case refFormat:
        reader.skipVarText()
        skipJson(reader, false)
        return 1
      case refType: {
        const type = reader.varUint()
        if (type > typeRefMax) throw new MalformedBytes(`shared type ${type} does not exist`)
        if (type === typeXmlElement || type === typeXmlHook) reader.skipVarText()
        return 1
      }
      case refAny: {
        const count = this.#reader.count(1)
        for (let i = 0; i < count; i++) skipAny(reader)
        return count
      }
      case refDoc:
        reader.skipVarText()
        // Options of a subdocument: always an object.
        if (reader.bytes[reader.pos] !== 118)
          throw new MalformedBytes('a subdocument without options')
        skipAny(reader)
        return 1
      default:
        throw new MalformedBytes(`content ${ref} does not exist`)
    }
  }

  #deleteSet(): void {
    const reader = this.#reader
    const clientCount = this.#reader.count(2)
    for (let i = 0; i < clientCount; i++) {
      const client = reader.varUint()
      const rangeCount = this.#reader.count(2)
      this.#parts(rangeCount)
      for (let j = 0; j < rangeCount; j++) {
        const from = reader.varUint()
        const length = reader.varUint()
        const to = from + length
        if (length > this.#limits.clockAdvanceMax || to > Number.MAX_SAFE_INTEGER) {
          throw new OverLimit('malformed', 'a deletion reaches too far')
        }
        if (length > 0) this.#deletes.push({ client, from, to })
      }
    }
  }
}

/**
 * Structural scan of a Yjs update (V1 encoding) that comes from outside, before any decoder that
 * builds things sees it. Walks the bytes once; content is checked, never built.
 *
 * 1. Never throws and never allocates by a count it has not compared with the bytes that are left.
 * 2. Accepts every update that Yjs 13 writes, within the limits.
 * 3. What it accepts, every Yjs decoder reads to the end, and both of Yjs's readers (the lazy one that
 *    merges, the eager one that applies) read the same structs: no client twice, no ambiguous info
 *    byte, no text that is not UTF-8, no JSON that does not parse.
 * 4. Accepted structs refer to their own client only backwards, so those of one client can be applied
 *    once what they need from others (`needs`) is there. Of several clients, `isResolvable` says whether.
 *
 * Deliberately not judged: whether content makes sense for a schema. How deep a document becomes by many
 * small updates is judged by whoever knows the document, with `depthsOf`.
 *
 * Length: the walk over the bytes is one class; who looks on is in files of its own.
 */
import { ByteReader, BytesToCome, MalformedBytes } from './bytes.ts'
import { ClockColumns, type ClockRange } from './clock-columns.ts'
import type { CloseName } from './close-codes.ts'
import { contentRef, skipContent } from './content-scan.ts'
import { type Refused, refused } from './decode.ts'
import type { Limits } from './limits.ts'
import { type DepthOutside, type DepthRun, Nesting } from './update-nesting.ts'
import { type KnownClock, Order } from './update-order.ts'

/** What an update holds, without its content. */
export interface ScannedUpdate {
  readonly kind: 'scanned'
  /** What it inserts. A client has one range, or several in rising order when the update has gaps. */
  readonly inserts: readonly ClockRange[]
  /** What it deletes, in the order of the bytes; may overlap. */
  readonly deletes: ClockColumns
  /** Where in the bytes the delete set begins. */
  readonly deletesAt: number
  /** For other clients that its structs refer to: the clock up to which they must be known. */
  readonly needs: ReadonlyMap<number, number>
  /** For an update that is one struct with a sibling, as a letter is: what it stands beside. Undefined for all others. */
  readonly beside: { readonly client: number; readonly clock: number } | undefined
  /** How many of its structs are shared types. */
  readonly typeCount: number
  /** Structs and deleted ranges: what it costs to read. */
  readonly partCount: number
}

export type ScanLimits = Pick<
  Limits,
  'updateBytesMax' | 'updatePartsMax' | 'xmlDepthMax' | 'clockAdvanceMax' | 'clockMax'
>

const infoGc = 0
const infoSkip = 10
const hasOrigin = 0x80
const hasRightOrigin = 0x40
const hasParentSub = 0x20

class OverLimit extends Error {
  readonly close: CloseName
  constructor(close: CloseName, message: string) {
    super(message)
    this.close = close
  }
}

const tooDeep = (): OverLimit => new OverLimit('malformed', 'types are nested too deep')

/** Reads an update to its last byte and says what is in it, or why it is refused. */
export function scanUpdate(update: Uint8Array, limits: ScanLimits): ScannedUpdate | Refused {
  if (update.length > limits.updateBytesMax) return refused('tooLarge', 'the update is too large')
  try {
    const scanned = new Scan(new ByteReader(update), limits).run()
    // So few types cannot nest deeper than the limit; a second look is for the others only.
    if (scanned.typeCount > limits.xmlDepthMax) {
      const nesting = new Nesting()
      new Scan(new ByteReader(update), limits, { nesting }).run()
      if (nesting.resolve(() => 0) > limits.xmlDepthMax) throw tooDeep()
    }
    return scanned
  } catch (error) {
    return refusalOf(error)
  }
}

/**
 * Why an update of `updateBytes` bytes is refused whatever is still to come; undefined when nothing is
 * wrong with the beginning that is here, or nothing can be said yet.
 */
export function scanBeginning(
  beginning: Uint8Array,
  updateBytes: number,
  limits: ScanLimits,
): Refused | undefined {
  if (updateBytes > limits.updateBytesMax) return refused('tooLarge', 'the update is too large')
  try {
    new Scan(new ByteReader(beginning, updateBytes), limits).run()
    return undefined
  } catch (error) {
    return error instanceof BytesToCome ? undefined : refusalOf(error)
  }
}

function refusalOf(error: unknown): Refused {
  if (error instanceof MalformedBytes) return refused('malformed', error.message)
  if (error instanceof OverLimit) return refused(error.close, error.message)
  throw error
}

/** What an update says about depths. */
export interface ScannedDepths {
  /** The depth of its deepest type, 1 for one under a root. */
  readonly deepest: number
  readonly runs: readonly DepthRun[]
}

/**
 * How deep what an update holds is nested, together with what is known of the document; runs of less
 * than `depthMin` are left out. The update must have been scanned before: of other bytes this throws.
 */
export function depthsOf(
  update: Uint8Array,
  outside: DepthOutside,
  depthMin: number = 0,
): ScannedDepths {
  const nesting = new Nesting()
  new Scan(new ByteReader(update), noLimits, { nesting }).run()
  return { deepest: nesting.resolve(outside), runs: nesting.runs(depthMin) }
}

/**
 * Whether the structs of an update can be applied one after the other where each client is `known` up to
 * a clock and what the update `needs` is there. False when structs of several clients wait for each
 * other, which no Yjs writes. The update must have been scanned before: of other bytes this throws.
 */
export function isResolvable(update: Uint8Array, known: KnownClock): boolean {
  const order = new Order()
  new Scan(new ByteReader(update), noLimits, { order }).run()
  return order.isResolvable(known)
}

/** For bytes that were judged before. */
const noLimits: ScanLimits = {
  updateBytesMax: Number.POSITIVE_INFINITY,
  updatePartsMax: Number.POSITIVE_INFINITY,
  xmlDepthMax: Number.POSITIVE_INFINITY,
  clockAdvanceMax: Number.MAX_SAFE_INTEGER,
  clockMax: Number.MAX_SAFE_INTEGER,
}

const noNeeds: ReadonlyMap<number, number> = new Map()

/** Who looks at the structs that go by. */
interface Onlookers {
  readonly nesting?: Nesting
  readonly order?: Order
}

class Scan {
  #typeCount = 0
  readonly #reader: ByteReader
  readonly #limits: ScanLimits
  readonly #nesting: Nesting | undefined
  readonly #order: Order | undefined
  readonly #inserts: ClockRange[] = []
  readonly #deletes = new ClockColumns()
  #needs: Map<number, number> | undefined = undefined
  #besideClient = -1
  #besideClock = 0
  #partCount = 0

  constructor(reader: ByteReader, limits: ScanLimits, onlookers: Onlookers = {}) {
    this.#reader = reader
    this.#limits = limits
    this.#nesting = onlookers.nesting
    this.#order = onlookers.order
  }

  run(): ScannedUpdate {
    this.#structs()
    const isOneBeside = this.#partCount === 1 && this.#besideClient >= 0
    const deletesAt = this.#reader.pos
    this.#deleteSet()
    if (this.#reader.remaining > 0) throw new MalformedBytes('bytes are left after the update')
    return {
      kind: 'scanned',
      inserts: this.#inserts,
      deletes: this.#deletes,
      deletesAt,
      needs: this.#needs ?? noNeeds,
      beside: isOneBeside ? { client: this.#besideClient, clock: this.#besideClock } : undefined,
      typeCount: this.#typeCount,
      partCount: this.#partCount,
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
        this.#nesting?.addGap(client, clock)
      } else if (info === infoGc) {
        length = this.#reader.varUint()
        this.#nesting?.addRoot(client, clock)
      } else {
        length = this.#item(client, clock, info)
        this.#order?.end(client, clock, clock + length)
      }
      if (length === 0) throw new MalformedBytes('a struct of length 0')
      clock += length
      if (clock > this.#limits.clockMax || clock - start > this.#limits.clockAdvanceMax) {
        throw new OverLimit('malformed', 'a clock is moved too far')
      }
      this.#nesting?.end(clock)
      if ((this.#nesting?.deepestSoFar ?? 0) > this.#limits.xmlDepthMax) throw tooDeep()
    }
    if (clock > from) this.#inserts.push({ client, from, to: clock })
  }

  #item(client: number, clock: number, info: number): number {
    const ref = info & 0x1f
    const isType = ref === contentRef.type
    if (isType) this.#typeCount += 1
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
    return skipContent(this.#reader, ref)
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
    } else if ((this.#needs?.get(toClient) ?? 0) <= toClock) {
      this.#needs ??= new Map()
      this.#needs.set(toClient, toClock + 1)
    }
    if (toClient !== client) this.#order?.add(client, clock, toClient, toClock)
    if (place === 'sibling') {
      this.#besideClient = toClient
      this.#besideClock = toClock
    }
    if (place) this.#nesting?.add(client, clock, isType, place, toClient, toClock)
  }

  #deleteSet(): void {
    const reader = this.#reader
    const clientCount = this.#reader.count(2)
    for (let i = 0; i < clientCount; i++) {
      const client = reader.varUint()
      const rangeCount = this.#reader.count(2)
      this.#parts(rangeCount)
      this.#deletes.reserve(rangeCount)
      for (let j = 0; j < rangeCount; j++) {
        const from = reader.varUint()
        const length = reader.varUint()
        const to = from + length
        if (length > this.#limits.clockAdvanceMax || to > this.#limits.clockMax) {
          throw new OverLimit('malformed', 'a deletion reaches too far')
        }
        // Beyond what is known, Yjs would keep it for later, and cannot write it down.
        if (length === 0) throw new MalformedBytes('a deletion of length 0')
        this.#deletes.push(client, from, to)
      }
    }
  }
}

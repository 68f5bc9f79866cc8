/**
 * What a room knows of its document without its content: how far each client's clock is known, and
 * which clocks are deleted. Judges a scanned update against it.
 *
 * 1. An update whose predecessors are not known is never taken.
 * 2. An update that adds nothing is never stored: a reconnecting client sends all it has ever deleted.
 * 3. The deletions of the snapshot are decoded only when the first answer to a Step1 carries some.
 * 4. An update of which some waits for itself is never taken: nobody could apply it, ever.
 */
import {
  type ClockColumns,
  clientCountOf,
  encodeStateVector,
  isResolvable,
  keepDeletes,
  parseStateVector,
  type Refused,
  type ScannedUpdate,
  type StateVector,
} from '@quire/protocol'
import { ClockRanges } from './clock-ranges.ts'

export type Verdict =
  /** Waits until `client` is known up to `clock`. */
  | { readonly kind: 'missing'; readonly client: number; readonly clock: number }
  | { readonly kind: 'duplicate' }
  /** Its structs wait for each other. */
  | { readonly kind: 'circular' }
  /** To be taken; `update` is the bytes without the deletions that are known. */
  | { readonly kind: 'news'; readonly update: Uint8Array }

/** What a client says that it has. */
export interface Heard {
  /** Also of clients that nobody here knows, if it was asked for. */
  readonly said: StateVector
  /** What of it is about this document, and the same as bytes. */
  readonly ours: StateVector
  readonly vector: Uint8Array
}

export class Knowledge {
  readonly #clocks: Map<number, number>
  readonly #deleted = new ClockRanges()
  #loadDeletes: (() => ClockColumns) | undefined
  #vector: Uint8Array | undefined = undefined

  /** `clocks` becomes the knowledge's own. `loadDeletes` reads the deletions of the snapshot. */
  constructor(clocks: Map<number, number>, loadDeletes?: () => ClockColumns) {
    this.#clocks = clocks
    this.#loadDeletes = loadDeletes
  }

  get clocks(): ReadonlyMap<number, number> {
    return this.#clocks
  }

  /** The state vector as Yjs encodes it. */
  stateVector(): Uint8Array {
    this.#vector ??= encodeStateVector(this.#clocks)
    return this.#vector
  }

  /**
   * Reads the state vector of a client. When it names more clients than are known here, the others are
   * left out: nothing depends on them, and each of them costs in every step of an answer. With
   * `wantsAll` they are in `said`.
   */
  hear(vector: Uint8Array, clientsMax: number, wantsAll: boolean): Heard | Refused {
    const said = parseStateVector(vector, clientsMax, wantsAll ? undefined : this.#clocks)
    if (!(said instanceof Map)) return said
    const ours = this.#relevant(said)
    const isWhole = ours.size === clientCountOf(vector)
    return { said, ours, vector: isWhole ? vector : encodeStateVector(ours) }
  }

  #relevant(clocks: StateVector): StateVector {
    if (clocks.size <= this.#clocks.size) return clocks
    const part = new Map<number, number>()
    for (const client of this.#clocks.keys()) {
      const clock = clocks.get(client)
      if (clock !== undefined) part.set(client, clock)
    }
    return part
  }

  /**
   * @param isAnswer whether the update answers a Step1. Only those repeat what is known; a fresh edit
   * is not worth looking up.
   */
  judge(update: Uint8Array, scan: ScannedUpdate, isAnswer: boolean): Verdict {
    const missing = this.#missing(scan)
    if (missing) return missing
    if (this.#isCircular(update, scan)) return { kind: 'circular' }
    const hasInserts = scan.inserts.some(({ client, to }) => to > this.#clockOf(client))
    if (scan.deletes.length === 0)
      return hasInserts ? { kind: 'news', update } : { kind: 'duplicate' }
    if (!isAnswer) return { kind: 'news', update }
    this.#readSnapshotDeletes()
    const unknown = this.#deleted.unknownOf(scan.deletes)
    if (unknown.length === 0 && !hasInserts) return { kind: 'duplicate' }
    if (unknown.length === scan.deletes.length) return { kind: 'news', update }
    return { kind: 'news', update: keepDeletes(update, scan, unknown, hasInserts) }
  }

  /** Learns what an update holds that was judged to be news. */
  learn(scan: ScannedUpdate): void {
    for (const { client, to } of scan.inserts) {
      if (to <= this.#clockOf(client)) continue
      this.#clocks.set(client, to)
      this.#vector = undefined
    }
    this.#deleted.addAll(scan.deletes)
  }

  #clockOf(client: number): number {
    return this.#clocks.get(client) ?? 0
  }

  #missing({ inserts, deletes, needs }: ScannedUpdate): Verdict | undefined {
    // An ordinary letter: nothing in it refers to what it brings.
    const isAlone = inserts.length === 1 && needs.size === 0 && deletes.length === 0
    // How far clients are known once this update is in.
    let reach: Map<number, number> | undefined
    const reachOf = (client: number) => reach?.get(client) ?? this.#clockOf(client)
    for (const { client, from, to } of inserts) {
      const known = reachOf(client)
      if (from > known) return { kind: 'missing', client, clock: from }
      if (to > known && !isAlone) {
        reach ??= new Map()
        reach.set(client, to)
      }
    }
    for (const [client, clock] of needs) {
      if (clock > reachOf(client)) return { kind: 'missing', client, clock }
    }
    let client = -1
    let known = 0
    for (let row = 0; row < deletes.length; row++) {
      const next = deletes.clients[row] ?? 0
      if (next !== client) known = reachOf(next)
      client = next
      const to = deletes.tos[row] ?? 0
      if (to > known) return { kind: 'missing', client, clock: to }
    }
    return undefined
  }

  /** Two clients at least must be waited for, both of them news; a look at every struct is for such updates only. */
  #isCircular(update: Uint8Array, { inserts, needs }: ScannedUpdate): boolean {
    let awaitedCount = 0
    let before = -1
    for (const { client } of inserts) {
      if (client !== before && (needs.get(client) ?? 0) > this.#clockOf(client)) awaitedCount += 1
      before = client
    }
    return awaitedCount > 1 && !isResolvable(update, (client) => this.#clockOf(client))
  }

  #readSnapshotDeletes(): void {
    const ranges = this.#loadDeletes?.()
    this.#loadDeletes = undefined
    if (ranges) this.#deleted.addAll(ranges)
  }
}

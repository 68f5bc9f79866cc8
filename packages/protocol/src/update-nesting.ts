/**
 * How deep the shared types of one update nest. Fed by `update-scan.ts` with where each struct says
 * it belongs; used for updates that could nest too deep, alone or with what is known already.
 *
 * A struct names its parent, or a sibling whose parent it shares; both may come later in the bytes or
 * not be in the update at all. How deep something outside the update is, the caller says.
 *
 * Each struct is one row of a few parallel columns: a large update has a million of them, and both time
 * and memory go by rows.
 */

/** How many types contain what stands at `clock` of `client`. Asked for what is not in the update. */
export type DepthOutside = (client: number, clock: number) => number

/** Clocks `[from, to)` of one client with the same number of types around them. */
export interface DepthRun {
  readonly client: number
  readonly from: number
  readonly to: number
  readonly depth: number
}

const isChild = 1
const isSibling = 2
const isTypeBit = 4
const isGapBit = 8
const unknown = -1
const onPath = -2
/** Deeper than anything that bytes can hold; for structs that contain each other. */
const endless = 2 ** 30

/** The rows of one client, `[first, last)`, and the clock after the last. */
interface Rows {
  readonly client: number
  readonly first: number
  last: number
  endClock: number
}

export class Nesting {
  readonly #clocks: number[] = []
  /** 0: under a root, or without a place · 1: child · 2: sibling; plus 4 for a type · 8: clocks that the update leaves out. */
  readonly #places: number[] = []
  readonly #toClients: number[] = []
  readonly #toClocks: number[] = []
  /** Types around the struct; filled by {@link resolve}. */
  readonly #depths: number[] = []
  readonly #clients = new Map<number, Rows>()
  #rows: Rows | undefined = undefined
  #deepestSoFar = 0

  /** The depth of the deepest type of which everything around it has come already; {@link resolve} tells of all. */
  get deepestSoFar(): number {
    return this.#deepestSoFar
  }

  /** A struct whose parent is a root, or that can have no children. Structs come in the order of the bytes. */
  addRoot(client: number, clock: number, isType = false): void {
    this.#push(client, clock, isType ? isTypeBit : 0, 0, 0)
  }

  /** A struct that is a child of, or shares the parent of, the struct that holds clock `toClock`. */
  add(
    client: number,
    clock: number,
    isType: boolean,
    place: 'child' | 'sibling',
    toClient: number,
    toClock: number,
  ): void {
    const bits = (place === 'child' ? isChild : isSibling) + (isType ? isTypeBit : 0)
    this.#push(client, clock, bits, toClient, toClock)
  }

  /** Clocks that the update does not have, between others of the same client. */
  addGap(client: number, clock: number): void {
    this.#push(client, clock, isGapBit, 0, 0)
  }

  /** The clock at which the last struct that was added ends. */
  end(clock: number): void {
    if (this.#rows) this.#rows.endClock = clock
  }

  /** Finds every depth. Returns that of the deepest type, 1 for one under a root; more than any limit when structs contain each other. */
  resolve(outside: DepthOutside): number {
    let deepest = 0
    for (const { first, last } of this.#clients.values()) {
      for (let row = first; row < last; row++) {
        const depth = this.#depthOf(row, outside)
        if (((this.#places[row] ?? 0) & isTypeBit) !== 0 && depth + 1 > deepest) deepest = depth + 1
      }
    }
    return deepest
  }

  /** What {@link resolve} found that is at least `depthMin` deep, as few runs as there are changes of depth. */
  runs(depthMin: number): DepthRun[] {
    const runs: DepthRun[] = []
    for (const { client, first, last, endClock } of this.#clients.values()) {
      let from = this.#clocks[first] ?? 0
      for (let row = first; row < last; row++) {
        const depth = this.#depths[row] ?? 0
        const isGap = this.#places[row] === isGapBit
        const isLast = row + 1 === last
        const isNextGap = this.#places[row + 1] === isGapBit
        if (!isLast && isGap === isNextGap && this.#depths[row + 1] === depth) continue
        const to = isLast ? endClock : (this.#clocks[row + 1] ?? 0)
        if (!isGap && depth >= depthMin) runs.push({ client, from, to, depth })
        from = to
      }
    }
    return runs
  }

  #push(client: number, clock: number, place: number, toClient: number, toClock: number): void {
    let rows = this.#rows
    if (rows?.client !== client) {
      const first = this.#clocks.length
      rows = { client, first, last: first, endClock: clock }
      this.#clients.set(client, rows)
      this.#rows = rows
    }
    this.#clocks.push(clock)
    this.#places.push(place)
    this.#toClients.push(toClient)
    this.#toClocks.push(toClock)
    this.#depths.push(this.#depthBehind(rows, place, toClient, toClock))
    rows.last += 1
  }

  /** The depth of what is under a root, or refers to something that came before it; where that is known. */
  #depthBehind({ client, last }: Rows, place: number, toClient: number, toClock: number): number {
    let depth = 0
    if ((place & (isChild | isSibling)) !== 0) {
      const target = toClient === client ? this.#rowAt(client, toClock, last) : undefined
      const around = target === undefined ? unknown : (this.#depths[target] ?? unknown)
      if (around < 0) return unknown
      depth = (place & isChild) === 0 ? around : around + 1
    }
    if ((place & isTypeBit) !== 0) this.#deepestSoFar = Math.max(this.#deepestSoFar, depth + 1)
    return depth
  }

  /** Follows parents and siblings upwards without recursion: a chain may be as long as the update. */
  #depthOf(start: number, outside: DepthOutside): number {
    const known = this.#depths[start] ?? 0
    if (known >= 0) return known
    const path: number[] = []
    let row = start
    let depth = 0
    for (;;) {
      const here = this.#depths[row] ?? 0
      if (here === onPath) return endless
      if (here >= 0) {
        depth = here
        break
      }
      this.#depths[row] = onPath
      path.push(row)
      const place = (this.#places[row] ?? 0) & 3
      if (place === 0) {
        this.#depths[row] = 0
        path.pop()
        break
      }
      const toClient = this.#toClients[row] ?? 0
      const toClock = this.#toClocks[row] ?? 0
      const next = this.#rowAt(toClient, toClock, row)
      if (next === undefined) {
        depth = outside(toClient, toClock)
        break
      }
      row = next
    }
    for (let i = path.length - 1; i >= 0; i--) {
      const at = path[i] ?? 0
      if (((this.#places[at] ?? 0) & isChild) !== 0) depth += 1
      this.#depths[at] = depth
    }
    return depth
  }

  /** The row that holds `clock`; undefined when the update does not have it. Structs mostly refer to what is a little before `near`. */
  #rowAt(client: number, clock: number, near: number): number | undefined {
    const rows = this.#clients.get(client)
    const clocks = this.#clocks
    if (!rows || clock >= rows.endClock || clock < (clocks[rows.first] ?? 0)) return undefined
    let low = rows.first
    let high = rows.last - 1
    if (near > low && near <= high && clock < (clocks[near] ?? 0)) {
      high = near - 1
      for (let step = 1; high - step > low; step *= 2) {
        if ((clocks[high - step] ?? 0) <= clock) {
          low = high - step
          break
        }
        high -= step
      }
    }
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((clocks[middle] ?? 0) <= clock) low = middle
      else high = middle - 1
    }
    return this.#places[low] === isGapBit ? undefined : low
  }
}

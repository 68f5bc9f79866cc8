/**
 * How deep the shared types of one update nest. Fed by `update-scan.ts` with where each struct says
 * it belongs; used only for updates with so many types that they could nest too deep.
 *
 * A struct names its parent, or a sibling whose parent it shares; both may come later in the bytes or
 * not be in the update at all. What is outside the update counts as depth 0.
 */

export interface Nesting {
  /** A struct whose parent is a root, or that can have no children. */
  addRoot(client: number, clock: number, isType?: boolean): void
  /** A struct that is a child of, or shares the parent of, the struct that holds clock `toClock`. */
  add(
    client: number,
    clock: number,
    isType: boolean,
    place: 'child' | 'sibling',
    toClient: number,
    toClock: number,
  ): void
  readonly structs: ReadonlyMap<number, Structs>
}

/** Columns, one row for each struct of a client, in order of clocks. */
interface Structs {
  readonly clocks: number[]
  /** 0: under a root · 1: child · 2: sibling; plus 4 for a type. */
  readonly places: number[]
  readonly toClients: number[]
  readonly toClocks: number[]
  /** Depth of the container; -1 not known yet, -2 being looked for. */
  readonly depths: number[]
}

const isChild = 1
const isSibling = 2
const isTypeBit = 4

export function startNesting(): Nesting {
  const structs = new Map<number, Structs>()
  const push = (
    client: number,
    clock: number,
    place: number,
    toClient: number,
    toClock: number,
  ) => {
    let rows = structs.get(client)
    if (!rows) {
      rows = { clocks: [], places: [], toClients: [], toClocks: [], depths: [] }
      structs.set(client, rows)
    }
    rows.clocks.push(clock)
    rows.places.push(place)
    rows.toClients.push(toClient)
    rows.toClocks.push(toClock)
    rows.depths.push(-1)
  }
  return {
    structs,
    addRoot: (client, clock, isType = false) => push(client, clock, isType ? isTypeBit : 0, 0, 0),
    add: (client, clock, isType, place, toClient, toClock) =>
      push(
        client,
        clock,
        (place === 'child' ? isChild : isSibling) + (isType ? isTypeBit : 0),
        toClient,
        toClock,
      ),
  }
}

/** The depth of the deepest type, 1 for a type under a root. Infinity when structs contain each other. */
export function nestingOf(nesting: Nesting): number {
  let deepest = 0
  for (const rows of nesting.structs.values()) {
    for (let row = 0; row < rows.clocks.length; row++) {
      if (((rows.places[row] ?? 0) & isTypeBit) === 0) continue
      deepest = Math.max(deepest, containerDepth(nesting, rows, row) + 1)
    }
  }
  return deepest
}

/** Follows parents and siblings upwards without recursion: a chain may be as long as the update. */
function containerDepth(nesting: Nesting, rows: Structs, row: number): number {
  const path: [Structs, number][] = []
  let at: [Structs, number] | undefined = [rows, row]
  let depth = 0
  while (at) {
    const [here, index]: [Structs, number] = at
    const known = here.depths[index] ?? 0
    if (known === -2) return Number.POSITIVE_INFINITY
    if (known >= 0) {
      depth = known
      break
    }
    here.depths[index] = -2
    path.push(at)
    at = targetOf(nesting, here, index)
  }
  if (!at) depth = 0
  // From the top down: a child is one deeper than what it is a child of.
  let target = at
  for (let i = path.length - 1; i >= 0; i--) {
    const [here, index] = path[i] as [Structs, number]
    const place = (here.places[index] ?? 0) & 3
    if (place === isChild) depth = target ? depth + 1 : 1
    else if (!target) depth = 0
    here.depths[index] = depth
    target = [here, index]
  }
  return depth
}

function targetOf(nesting: Nesting, rows: Structs, row: number): [Structs, number] | undefined {
  if (((rows.places[row] ?? 0) & 3) === 0) return undefined
  const target = nesting.structs.get(rows.toClients[row] ?? 0)
  if (!target) return undefined
  const clock = rows.toClocks[row] ?? 0
  let low = 0
  let high = target.clocks.length - 1
  if (high < 0 || (target.clocks[0] ?? 0) > clock) return undefined
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((target.clocks[middle] ?? 0) <= clock) low = middle
    else high = middle - 1
  }
  return [target, low]
}

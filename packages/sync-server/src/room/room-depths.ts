/**
 * How deep the shared types of a document are nested, so that many small updates cannot do what one
 * large update may not. Readers of a document go down into it by recursion; thousands of levels end them.
 *
 * 1. What is refused nests deeper than the limit, or might: of what is stored, only what is deeper than
 *    `shallow` is known exactly, everything else counts as `shallow`. No honest document comes near.
 * 2. Nothing is looked at before somebody adds a shared type: reading, and writing into the blocks that
 *    are there, cost nothing. Then the stored document is read once, about 10 ms for each MB.
 * 3. Memory goes by what was written since then: a run for each change of depth, three for a paragraph.
 *    When that is more than `runsMax`, everything is forgotten and read anew when it is needed.
 */
import { type DepthRun, depthsOf, type ScannedUpdate } from '@quire/protocol'

export interface RoomDepthsOptions {
  readonly depthMax: number
  /** All that is stored or about to be, in order. */
  readonly stored: () => Iterable<Uint8Array>
}

/** Types around a letter in the documents of people: 3 with ours, some 20 in a deeply nested list. */
const shallow = 20
/** About 3 MB. Written in one sitting by 20,000 new paragraphs. */
const runsMax = 65_536

/** Runs of one client in rising order, as two columns, and the clock after the last. */
interface Column {
  readonly froms: number[]
  readonly depths: number[]
  end: number
}

export class RoomDepths {
  readonly #options: RoomDepthsOptions
  readonly #columns = new Map<number, Column>()
  #isReading = false
  #runCount = 0

  constructor(options: RoomDepthsOptions) {
    this.#options = options
  }

  /** How many runs are kept. */
  get runCount(): number {
    return this.#runCount
  }

  /**
   * Whether the document with `update` stays within the limit; learns the update when it does. Call it
   * with what is news and complete, before it becomes part of what is stored.
   */
  take(update: Uint8Array, { typeCount, inserts, beside }: ScannedUpdate): boolean {
    const [only] = inserts
    if (!only || (typeCount === 0 && !this.#isReading)) return true
    if (typeCount === 0 && beside) {
      // A letter is as deep as what it stands beside, and nothing is deeper for it: no second look.
      this.#add({ ...only, depth: this.#depthAt(beside.client, beside.clock) })
      if (this.#runCount > runsMax) this.#forget()
      return true
    }
    if (!this.#isReading) this.#readStored()
    const { deepest, runs } = depthsOf(update, (client, clock) => this.#depthAt(client, clock))
    if (deepest > this.#options.depthMax) return false
    for (const run of runs) this.#add(run)
    if (this.#runCount > runsMax) this.#forget()
    return true
  }

  #readStored(): void {
    this.#isReading = true
    // Rows after the snapshot refer to it and to each other, so each is added before the next is read.
    for (const update of this.#options.stored()) {
      const outside = (client: number, clock: number) => this.#depthAt(client, clock)
      for (const run of depthsOf(update, outside, shallow + 1).runs) this.#add(run)
    }
  }

  #forget(): void {
    this.#isReading = false
    this.#columns.clear()
    this.#runCount = 0
  }

  /** Types around what stands at `clock`: exactly, or `shallow` for what is not known. */
  #depthAt(client: number, clock: number): number {
    const column = this.#columns.get(client)
    if (!column || clock >= column.end) return shallow
    const { froms, depths } = column
    let low = 0
    let high = froms.length - 1
    if (clock < (froms[0] ?? 0)) return shallow
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((froms[middle] ?? 0) <= clock) low = middle
      else high = middle - 1
    }
    return depths[low] ?? shallow
  }

  /** Adds what is behind the last run of its client; what is before that is known. */
  #add({ client, from, to, depth }: DepthRun): void {
    let column = this.#columns.get(client)
    if (!column) {
      column = { froms: [], depths: [], end: from }
      this.#columns.set(client, column)
    }
    if (to <= column.end && column.froms.length > 0) return
    if (from > column.end) this.#push(column, column.end, shallow)
    this.#push(column, Math.max(from, column.end), depth)
    column.end = to
  }

  #push(column: Column, from: number, depth: number): void {
    if (column.depths.at(-1) === depth) return
    column.froms.push(from)
    column.depths.push(depth)
    this.#runCount += 1
  }
}

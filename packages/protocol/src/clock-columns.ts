/**
 * Ranges of clocks as parallel columns. An update may delete hundreds of thousands of them, and an object
 * for each costs ten times as much as reading it.
 */

/** Clocks `[from, to)` of one client. */
export interface ClockRange {
  readonly client: number
  readonly from: number
  readonly to: number
}

/** Arrays that are smaller grow as they are used. */
const reserveMin = 256

export class ClockColumns implements Iterable<ClockRange> {
  /** The first `length` of each count. */
  clients: number[] = []
  froms: number[] = []
  tos: number[] = []
  #length = 0

  /** The same ranges, in their order. */
  static of(ranges: Iterable<ClockRange>): ClockColumns {
    const columns = new ClockColumns()
    for (const { client, from, to } of ranges) columns.push(client, from, to)
    return columns
  }

  get length(): number {
    return this.#length
  }

  /** Makes place for `count` more: growing little by little costs more than all the rest. */
  reserve(count: number): void {
    if (this.#length > 0 || count < reserveMin) return
    this.clients.length = count
    this.froms.length = count
    this.tos.length = count
  }

  push(client: number, from: number, to: number): void {
    const row = this.#length++
    this.clients[row] = client
    this.froms[row] = from
    this.tos[row] = to
  }

  /** One object for each: for few of them, and for tests. */
  *[Symbol.iterator](): Generator<ClockRange> {
    for (let row = 0; row < this.length; row++) {
      yield {
        client: this.clients[row] ?? 0,
        from: this.froms[row] ?? 0,
        to: this.tos[row] ?? 0,
      }
    }
  }
}

/** How far a client's clocks have come at one socket, without gaps. What comes after a gap waits until the gap is filled, as Yjs has it wait. */
export class Extent {
  #end = 0
  #waiting: { readonly from: number; readonly to: number }[] = []

  /** Exclusive. */
  get end(): number {
    return this.#end
  }

  add(from: number, to: number): void {
    if (to <= this.#end) return
    if (from > this.#end) {
      this.#waiting.push({ from, to })
      return
    }
    this.#end = to
    if (this.#waiting.length === 0) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const range of waiting) this.add(range.from, range.to)
  }
}

/** The extents of all clients at one socket. */
export class Extents {
  readonly #of = new Map<number, Extent>()

  of(client: number): Extent {
    let extent = this.#of.get(client)
    if (!extent) {
      extent = new Extent()
      this.#of.set(client, extent)
    }
    return extent
  }

  has(clocks: ReadonlyMap<number, number>): boolean {
    for (const [client, clock] of clocks) {
      if ((this.#of.get(client)?.end ?? 0) < clock) return false
    }
    return true
  }
}

/**
 * Whether the structs of one update can be put in one after the other. A struct waits for what it refers
 * to; in an honest update nothing waits for what waits for it. Where structs of several clients do, no
 * Yjs document ever takes them, and every one that hears of them keeps them for ever as pending.
 *
 * Fed by `update-scan.ts` with the references from one client to another; those within a client only
 * point backwards. Costs as much as there are of them: each is passed once.
 */

/** The clock up to which a client is known without the update. */
export type KnownClock = (client: number) => number

/** The references of one client, `[next, last)`; those before `next` wait for nothing. */
interface Rows {
  readonly client: number
  next: number
  last: number
}

export class Order {
  /** Where the struct that refers begins, and where it ends. */
  readonly #clocks: number[] = []
  readonly #ends: number[] = []
  readonly #toClients: number[] = []
  readonly #toClocks: number[] = []
  readonly #clients = new Map<number, Rows>()
  #rows: Rows | undefined = undefined

  /** The struct at `clock` refers to `toClock` of another client. References come in the order of the bytes. */
  add(client: number, clock: number, toClient: number, toClock: number): void {
    if (this.#rows?.client !== client) {
      this.#rows = { client, next: this.#clocks.length, last: this.#clocks.length }
      this.#clients.set(client, this.#rows)
    }
    this.#clocks.push(clock)
    this.#ends.push(clock)
    this.#toClients.push(toClient)
    this.#toClocks.push(toClock)
    this.#rows.last += 1
  }

  /** The struct of `client` that begins at `clock` ends at `end`. */
  end(client: number, clock: number, end: number): void {
    if (this.#rows?.client !== client) return
    for (let row = this.#clocks.length - 1; this.#clocks[row] === clock; row--) {
      this.#ends[row] = end
      if (row === this.#rows.next) return
    }
  }

  /** False when some of it waits for itself. What it needs from outside the update counts as there. */
  isResolvable(known: KnownClock): boolean {
    for (const rows of this.#clients.values()) {
      if (!this.#resolve(rows, known)) return false
    }
    return true
  }

  /** Follows what is waited for without recursion: a chain may be as long as the update. */
  #resolve(first: Rows, known: KnownClock): boolean {
    const path = [{ rows: first, upTo: Number.POSITIVE_INFINITY }]
    const waiting = new Set([first])
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const { rows, upTo } = top
      const row = rows.next
      const isThere = row === rows.last || (this.#clocks[row] ?? 0) > upTo
      if (isThere) {
        path.pop()
        waiting.delete(rows)
        continue
      }
      const awaited = this.#clients.get(this.#toClients[row] ?? 0)
      const clock = this.#toClocks[row] ?? 0
      const isKnown = (this.#ends[row] ?? 0) <= known(rows.client)
      if (isKnown || !awaited || clock < known(awaited.client) || this.#has(awaited, clock)) {
        rows.next += 1
        continue
      }
      if (waiting.has(awaited)) return false
      path.push({ rows: awaited, upTo: clock })
      waiting.add(awaited)
    }
    return true
  }

  /** Whether everything of the client up to `clock` waits for nothing. */
  #has({ next, last }: Rows, clock: number): boolean {
    return next === last || (this.#clocks[next] ?? 0) > clock
  }
}

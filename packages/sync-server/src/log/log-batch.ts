/**
 * What waits for a commit: the updates of each document in the order they came, in runs of one author.
 * Knows no store and no time; `log-writer.ts` decides when a batch is taken.
 *
 * 1. Whatever is taken and put back, the updates of a document stay in their order.
 * 2. A batch has at most `bytesMax` bytes, or one update.
 */
import type { Append } from '@quire/persistence'
import type { DocumentName } from '@quire/protocol'

/** Who brought an update; see `Append` of the store. */
export type Attribution = Required<Pick<Append, 'author' | 'newClients'>>

/** Updates of one document by one author, in order. */
export interface Run extends Pick<Append, 'author' | 'lineage'> {
  readonly updates: Uint8Array[]
  newClients: readonly number[] | undefined
}

/** The runs of each owner, in order. */
export type Batch<Owner> = Map<Owner, Run[]>

/** What a batch needs of whose updates it holds. */
interface BatchOwner {
  /** The lineage that the document gets if the next append makes it; undefined when it is stored. */
  readonly lineage?: string | undefined
}

/**
 * The batch as the store takes it. Written out: with every commit there are some of each document, and
 * V8 gives objects that are spread and added to shapes of their own, which slows down who reads them.
 */
export function appendsOf(batch: Batch<{ readonly document: DocumentName }>): Append[] {
  const appends: Append[] = []
  for (const [{ document }, runs] of batch) {
    for (const { updates, author, newClients, lineage } of runs) {
      appends.push({ document, updates, author, newClients, lineage })
    }
  }
  return appends
}

export class WaitingUpdates<Owner extends BatchOwner> {
  #batch: Batch<Owner> = new Map()
  readonly #waiters = new Set<object>()
  #count = 0
  #bytes = 0

  /** How many updates wait. */
  get count(): number {
    return this.#count
  }

  get bytes(): number {
    return this.#bytes
  }

  /** How many are told when theirs is stored. */
  get waiterCount(): number {
    return this.#waiters.size
  }

  get owners(): Iterable<Owner> {
    return this.#batch.keys()
  }

  /** `waiter` is told when the update is stored; undefined when nobody is. */
  add(owner: Owner, update: Uint8Array, by: Attribution | undefined, waiter?: object): void {
    if (waiter) this.#waiters.add(waiter)
    this.#count += 1
    this.#bytes += update.length
    const runs = this.#batch.get(owner)
    const last = runs?.at(-1)
    const author = by?.author
    if (last && last.author === author) {
      last.updates.push(update)
      const more = by?.newClients
      if (more?.length) last.newClients = [...(last.newClients ?? []), ...more]
      return
    }
    const { lineage } = owner
    const run: Run = { updates: [update], author, newClients: by?.newClients, lineage }
    if (runs) runs.push(run)
    else this.#batch.set(owner, [run])
  }

  /** Takes out the batch to be written next. */
  take(bytesMax: number): Batch<Owner> {
    const all = this.#batch
    this.#waiters.clear()
    if (this.#bytes <= bytesMax) {
      this.#batch = new Map()
      this.#count = 0
      this.#bytes = 0
      return all
    }
    const taken: Batch<Owner> = new Map()
    let room = bytesMax
    for (const [owner, runs] of all) {
      const head: Run[] = []
      for (let run = runs[0]; run; run = runs[0]) {
        const count = fitting(run.updates, room, taken.size === 0 && head.length === 0)
        if (count === 0) break
        // The first authors of client ids may be told before their updates come, never after.
        head.push({ ...run, updates: run.updates.splice(0, count) })
        run.newClients = undefined
        room -= this.#forget(head.at(-1)?.updates ?? [])
        if (run.updates.length > 0) break
        runs.shift()
      }
      if (head.length > 0) taken.set(owner, head)
      if (runs.length > 0) break
      all.delete(owner)
    }
    return taken
  }

  /** Puts back what could not be written; it goes before what came meanwhile. */
  putBack(batch: Batch<Owner>): void {
    for (const runs of batch.values()) {
      for (const { updates } of runs) {
        this.#count += updates.length
        for (const update of updates) this.#bytes += update.length
      }
    }
    const later = this.#batch
    this.#batch = batch
    for (const [owner, runs] of later) batch.set(owner, [...(batch.get(owner) ?? []), ...runs])
  }

  /** Drops what waits of one owner and returns it. */
  drop(owner: Owner): readonly Run[] {
    const runs = this.#batch.get(owner) ?? []
    this.#batch.delete(owner)
    for (const { updates } of runs) this.#forget(updates)
    return runs
  }

  /** Returns how many bytes it were. */
  #forget(updates: readonly Uint8Array[]): number {
    let bytes = 0
    for (const update of updates) bytes += update.length
    this.#count -= updates.length
    this.#bytes -= bytes
    return bytes
  }
}

/** How many of the first `updates` have room in `bytes`; at least one when `atLeastOne`. */
function fitting(updates: readonly Uint8Array[], bytes: number, atLeastOne: boolean): number {
  let left = bytes
  let count = 0
  for (const { length } of updates) {
    left -= length
    if (left < 0 && !(atLeastOne && count === 0)) break
    count += 1
  }
  return count
}

/**
 * Meters that several sessions share, by a key: an address, a user, a document. Counts who holds each,
 * so that the number of connections of one peer can be bounded too.
 *
 * 1. What somebody holds is never forgotten. What nobody holds is kept while it still owes something,
 *    so that coming back does not wipe the slate.
 * 2. At most `keysMax` keys that nobody holds are kept; beyond, the one that was let go first is
 *    forgotten.
 */
import type { Rate } from '@quire/protocol'
import { Meter } from './rate-meter.ts'

export interface Shared {
  readonly key: string
  readonly meter: Meter
  /** How many hold it now. */
  readonly holderCount: number
}

interface Entry extends Shared {
  holderCount: number
}

export class SharedMeters {
  readonly #rate: Rate
  readonly #keysMax: number
  readonly #held = new Map<string, Entry>()
  /** In the order in which they were let go. */
  readonly #owing = new Map<string, Entry>()

  constructor(rate: Rate, keysMax: number) {
    this.#rate = rate
    this.#keysMax = keysMax
  }

  /** Keys that are known, held or not. */
  get size(): number {
    return this.#held.size + this.#owing.size
  }

  holderCount(key: string): number {
    return this.#held.get(key)?.holderCount ?? 0
  }

  /** One more holder of `key`, until {@link release}. */
  hold(key: string): Shared {
    const known = this.#held.get(key)
    if (known) {
      known.holderCount += 1
      return known
    }
    const entry = this.#owing.get(key) ?? { key, meter: new Meter(this.#rate), holderCount: 0 }
    this.#owing.delete(key)
    entry.holderCount = 1
    this.#held.set(key, entry)
    return entry
  }

  release({ key }: Shared, nowMs: number): void {
    const entry = this.#held.get(key)
    if (!entry) return
    entry.holderCount -= 1
    if (entry.holderCount > 0) return
    this.#held.delete(key)
    this.#keep(entry, nowMs)
  }

  /** Charges `key` without holding it; the answer is that of {@link Meter.charge}. */
  charge(key: string, frameCount: number, byteCount: number, nowMs: number): number {
    const entry = this.hold(key)
    const waitMs = entry.meter.charge(frameCount, byteCount, nowMs)
    this.release(entry, nowMs)
    return waitMs
  }

  #keep(entry: Entry, nowMs: number): void {
    if (!entry.meter.isFull(nowMs)) this.#owing.set(entry.key, entry)
    // The first were let go first and so are most likely full again; two at a time outrun one that comes.
    for (let i = 0; i < 2; i++) {
      const oldest = this.#owing.values().next()
      if (oldest.done) return
      const isOver = this.#owing.size > this.#keysMax
      if (!isOver && !oldest.value.meter.isFull(nowMs)) return
      this.#owing.delete(oldest.value.key)
    }
  }
}

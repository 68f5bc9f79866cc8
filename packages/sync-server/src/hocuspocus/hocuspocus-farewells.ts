/**
 * Farewells: the answers to clients that detached an address. They wait a moment, because a provider
 * that is made anew in the tick in which the old one is destroyed has the same address: it would take
 * the answer to the old one's farewell for its own end. Nobody else waits for it.
 */
import type { Clock, Timer } from '@quire/base'

/** Longer than the frames of one tick take to come, on any network that merges them. */
const waitMs = 50

export class Farewells {
  readonly #clock: Clock
  readonly #countMax: number
  readonly #say: (address: string) => void
  readonly #timers = new Map<string, Timer>()

  /** Beyond `countMax` at a time they are left out. */
  constructor(clock: Clock, countMax: number, say: (address: string) => void) {
    this.#clock = clock
    this.#countMax = countMax
    this.#say = say
  }

  add(address: string): void {
    this.cancel(address)
    if (this.#timers.size >= this.#countMax) return
    const timer = this.#clock.after(waitMs, () => {
      this.#timers.delete(address)
      this.#say(address)
    })
    this.#timers.set(address, timer)
  }

  /** The address is attached again. */
  cancel(address: string): void {
    this.#timers.get(address)?.cancel()
    this.#timers.delete(address)
  }

  close(): void {
    for (const timer of this.#timers.values()) timer.cancel()
    this.#timers.clear()
  }
}

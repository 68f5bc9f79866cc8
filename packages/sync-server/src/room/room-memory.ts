/**
 * Memory of open documents: how much all rooms hold together, and which of them nobody needs. Knows
 * nothing of what a room is.
 *
 * 1. Above `openBytesSoft` idle rooms go before their time, the one that was left first before the others.
 * 2. A room that somebody is in, or that has something unsaved, is never sent away.
 * 3. Above `openBytesMax`, after that, no document is opened that is not open.
 */
import type { Limits } from '@quire/protocol'

/** What memory needs of a room. */
export interface Evictable {
  /** Goes when nobody is here and nothing is unsaved; then its bytes are taken off in the same turn. */
  evict(): void
}

export class RoomMemory<Room extends Evictable> {
  readonly #limits: Pick<Limits, 'openBytesSoft' | 'openBytesMax'>
  /** In the order in which they were left. */
  readonly #idle = new Set<Room>()
  #bytes = 0
  #evictionCount = 0
  #isEvicting = false

  constructor(limits: Pick<Limits, 'openBytesSoft' | 'openBytesMax'>) {
    this.#limits = limits
  }

  get bytes(): number {
    return this.#bytes
  }

  /** How many rooms went before their time. */
  get evictionCount(): number {
    return this.#evictionCount
  }

  /** Whether one more document may be opened. */
  get mayOpen(): boolean {
    return this.#bytes < this.#limits.openBytesMax
  }

  /** Some room holds `more` bytes more, or less. */
  changed(more: number): void {
    this.#bytes += more
    if (more > 0) this.#makeRoom()
  }

  /** The room is idle from now on, or is not any more. */
  setIdle(room: Room, isIdle: boolean): void {
    this.#idle.delete(room)
    if (!isIdle) return
    this.#idle.add(room)
    this.#makeRoom()
  }

  #makeRoom(): void {
    // A room that goes changes the sum and ends up here again.
    if (this.#isEvicting) return
    this.#isEvicting = true
    try {
      for (const room of this.#idle) {
        if (this.#bytes <= this.#limits.openBytesSoft) break
        this.#idle.delete(room)
        this.#evictionCount += 1
        room.evict()
      }
    } finally {
      this.#isEvicting = false
    }
  }
}

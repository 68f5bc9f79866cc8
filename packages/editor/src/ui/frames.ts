/**
 * Frames. Collects changes of the editor state and tells the interface about them together, so that a
 * burst of remote edits costs the toolbar one look, not one per transaction.
 *
 * 1. A listener runs at most once per frame for what a person did here, and only after something
 *    changed.
 * 2. What a colleague did asks for no frame: most of it is out of sight, and a frame that shows nothing
 *    new makes the next key wait for the one after it. Listeners hear of it within `lateMs`.
 * 3. After `stop` no listener runs again.
 */
import type { Clock, Timer } from '@quire/base'

/** How late the interface may be about a colleague's edit. The text itself is never late. */
const lateMs = 100

export class Frames {
  readonly #clock: Clock
  #listeners = new Set<() => void>()
  #cancel: (() => void) | null = null
  #late: Timer | null = null
  #isStopped = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Asks for one run of the listeners in the next frame. */
  request(): void {
    if (this.#isStopped || this.#cancel) return
    this.#late?.cancel()
    this.#late = null
    const handle = requestAnimationFrame(() => {
      this.#cancel = null
      this.#tell()
    })
    this.#cancel = () => cancelAnimationFrame(handle)
  }

  /** Asks for one run of the listeners soon, with the next frame or without one. */
  requestLate(): void {
    if (this.#isStopped || this.#cancel || this.#late) return
    this.#late = this.#clock.after(lateMs, () => {
      this.#late = null
      this.#tell()
    })
  }

  /** Runs `listener` whenever the editor changed. Returns the end of that. */
  on(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  stop(): void {
    this.#isStopped = true
    this.#cancel?.()
    this.#cancel = null
    this.#late?.cancel()
    this.#late = null
    this.#listeners.clear()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

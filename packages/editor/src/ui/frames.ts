/**
 * Frames. Collects changes of the editor state and tells the interface once per animation frame,
 * so that a burst of remote edits costs the toolbar one look, not one per transaction.
 *
 * 1. A listener runs at most once per frame, and only after something changed.
 * 2. After `stop` no listener runs again.
 */
export class Frames {
  #listeners = new Set<() => void>()
  #cancel: (() => void) | null = null
  #isStopped = false

  /** Asks for one run of the listeners in the next frame. */
  request(): void {
    if (this.#isStopped || this.#cancel) return
    const handle = requestAnimationFrame(() => {
      this.#cancel = null
      for (const listener of this.#listeners) listener()
    })
    this.#cancel = () => cancelAnimationFrame(handle)
  }

  /** Runs `listener` in every frame in which the editor changed. Returns the end of that. */
  on(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  stop(): void {
    this.#isStopped = true
    this.#cancel?.()
    this.#cancel = null
    this.#listeners.clear()
  }
}

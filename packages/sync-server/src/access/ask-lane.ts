/**
 * Ask lane: lets a bounded number of sessions ask the access port at a time; the others wait their
 * turn, in order. Knows nothing about the question.
 *
 * 1. A session is in a lane at most once.
 * 2. One that is asking already asks anew when it is added again: its answer may be from before.
 */

export class AskLane<Asker> {
  readonly #max: number
  readonly #ask: (asker: Asker) => void
  readonly #waiting = new Set<Asker>()
  readonly #asking = new Set<Asker>()
  #isStarting = false

  constructor(max: number, ask: (asker: Asker) => void) {
    this.#max = max
    this.#ask = ask
  }

  add(asker: Asker): void {
    if (this.#asking.has(asker)) this.#ask(asker)
    else this.#waiting.add(asker)
    this.#start()
  }

  /** It was answered, or is gone. */
  delete(asker: Asker): void {
    this.#waiting.delete(asker)
    if (this.#asking.delete(asker)) this.#start()
  }

  #start(): void {
    // A port that answers at once ends up here again while the next one is being started.
    if (this.#isStarting) return
    this.#isStarting = true
    for (const asker of this.#waiting) {
      if (this.#asking.size >= this.#max) break
      this.#waiting.delete(asker)
      this.#asking.add(asker)
      this.#ask(asker)
    }
    this.#isStarting = false
  }
}

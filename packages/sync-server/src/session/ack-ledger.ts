/**
 * Ack ledger. One per session of a client that is told what is saved: which of its frames are durable.
 *
 * 1. The count is cumulative and in order: n means the first n frames, none left out.
 * 2. A held frame blocks the count until it is taken.
 * 3. After a frame that was refused the count stays where it is: n would call that frame durable.
 * 4. Frames that wait for the same log row share one entry, so a flood of duplicates costs nothing.
 */

/** A run of frames that become durable together. */
export interface AckEntry {
  /** How many frames came up to and with this entry. */
  lastFrame: number
  /** The number of the log row they wait for; undefined while held. */
  row: number | undefined
}

export class AckLedger {
  #frameCount = 0
  #savedCount = 0
  #hasRefused = false
  readonly #waiting: AckEntry[] = []

  /** Whether frames wait to become durable. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0
  }

  /**
   * Notes the next frame. `row` is the log row whose commit makes it durable, undefined for a held
   * frame; `acks` how many acknowledgements it is due.
   */
  note(row: number | undefined, acks: 0 | 1 = 1): AckEntry {
    this.#frameCount += acks
    if (this.#hasRefused || acks === 0) return { lastFrame: this.#frameCount, row }
    const last = this.#waiting.at(-1)
    if (last && row !== undefined && last.row === row) {
      last.lastFrame = this.#frameCount
      return last
    }
    const entry = { lastFrame: this.#frameCount, row }
    this.#waiting.push(entry)
    return entry
  }

  /** The client does not count any more what waits here. */
  forget(): void {
    this.#frameCount = this.#savedCount
    this.#waiting.length = 0
  }

  /** The next frame was not taken and never will be. Frames before it are acknowledged still, none after it. */
  refused(): void {
    this.#frameCount += 1
    this.#hasRefused = true
  }

  /** Whether {@link stored} would say more. */
  isDue(storedHead: number): boolean {
    const row = this.#waiting[0]?.row
    return row !== undefined && row <= storedHead
  }

  /** The count to tell after everything up to log row `storedHead` is durable; undefined when it did not grow. */
  stored(storedHead: number): number | undefined {
    let done = 0
    for (const entry of this.#waiting) {
      if (entry.row === undefined || entry.row > storedHead) break
      this.#savedCount = entry.lastFrame
      done += 1
    }
    if (done === 0) return undefined
    this.#waiting.splice(0, done)
    return this.#savedCount
  }
}

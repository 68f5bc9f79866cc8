/**
 * Names beside carets: each is shown when its caret has moved, and for a while after. Among many people
 * names come and go all the time, so there is one timer for all of them, and those that are due about the
 * same time go together.
 */
import type { Clock, Timer } from '@quire/base'

/** How long a name stays after its caret has moved: long enough to read, short enough not to cover the line above. */
const shownMs = 2_500
/** At most this much longer. Each going away is a look at the page's styles. */
const togetherMs = 100

/** The longest that a stylesheet should show of a name. */
const flagPxMax = 176

/** Whether the name of a caret so far from the left has more room on its left, on a page of this width. */
export function belongsLeft(leftPx: number, widthPx: number): boolean {
  return widthPx - leftPx < flagPxMax && leftPx > widthPx / 2
}

export class CaretFlags {
  readonly #clock: Clock
  /** Until when each caret shows its name, the first to go first. */
  readonly #until = new Map<HTMLElement, number>()
  #timer: Timer | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Shows the name, from now on as if it had not been shown: the attribute `data-moved` is on the caret. */
  show(caret: HTMLElement): void {
    if (!this.#until.delete(caret)) caret.dataset['moved'] = ''
    this.#until.set(caret, this.#clock.nowMs() + shownMs)
    this.#timer ??= this.#clock.after(shownMs, this.#hideDue)
  }

  /** The caret is no longer there. */
  forget(caret: HTMLElement): void {
    this.#until.delete(caret)
    if (this.#until.size === 0) this.destroy()
  }

  destroy(): void {
    this.#timer?.cancel()
    this.#timer = null
    this.#until.clear()
  }

  readonly #hideDue = (): void => {
    this.#timer = null
    const nowMs = this.#clock.nowMs()
    for (const [caret, untilMs] of this.#until) {
      if (untilMs > nowMs) {
        this.#timer = this.#clock.after(Math.max(untilMs - nowMs, togetherMs), this.#hideDue)
        return
      }
      delete caret.dataset['moved']
      this.#until.delete(caret)
    }
  }
}

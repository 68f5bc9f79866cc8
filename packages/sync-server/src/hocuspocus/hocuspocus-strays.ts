/**
 * Strays: addresses of one Hocuspocus socket that are edited and not attached. What they say is not
 * kept; but a client that goes on like this believes that somebody listens, and has to be told.
 */
import type { Clock, Timer } from '@quire/base'

export interface StraysOptions {
  readonly clock: Clock
  /** How long an address may be edited before it is attached: its token may have to be fetched. */
  readonly waitMs: number
  readonly countMax: number
  /** One of them was not attached in time. */
  readonly onLost: () => void
}

export class Strays {
  readonly #options: StraysOptions
  readonly #addresses = new Map<string, number>()
  #timer: Timer | undefined = undefined

  constructor(options: StraysOptions) {
    this.#options = options
  }

  add(address: string): void {
    const { clock, countMax } = this.#options
    if (this.#addresses.has(address) || this.#addresses.size >= countMax) return
    this.#addresses.set(address, clock.nowMs())
    this.#arm()
  }

  /** It is attached now. */
  delete(address: string): void {
    this.#addresses.delete(address)
  }

  close(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#addresses.clear()
  }

  #arm(): void {
    const { clock, waitMs, onLost } = this.#options
    // The first of a Map is the oldest.
    const [oldestMs] = this.#addresses.values()
    if (oldestMs === undefined || this.#timer) return
    this.#timer = clock.after(Math.max(0, oldestMs + waitMs - clock.nowMs()), () => {
      this.#timer = undefined
      const [first] = this.#addresses.values()
      if (first !== undefined && clock.nowMs() - first >= waitMs) onLost()
      else this.#arm()
    })
  }
}

/**
 * Meter: two token buckets, one for frames and one for bytes, without a timer. A bucket is kept as one
 * number, the moment at which it will be full again; what has flowed back meanwhile is in it by itself.
 *
 * 1. What is charged has come already, so it is always taken, into debt if need be; the answer is how
 *    long to wait until nothing is owed. What is tried is taken only without debt.
 * 2. Debt is at most one burst: nobody waits longer than a burst takes to flow back.
 * 3. Charging allocates nothing and looks at nothing but two numbers.
 */
import type { Rate } from '@quire/protocol'

export class Meter {
  readonly #frameMs: number
  readonly #byteMs: number
  readonly #framesBurstMs: number
  readonly #bytesBurstMs: number
  #framesFullMs = Number.NEGATIVE_INFINITY
  #bytesFullMs = Number.NEGATIVE_INFINITY

  constructor({ framesPerSecond, framesBurst, bytesPerSecond, bytesBurst }: Rate) {
    this.#frameMs = 1_000 / framesPerSecond
    this.#byteMs = 1_000 / bytesPerSecond
    this.#framesBurstMs = framesBurst * this.#frameMs
    this.#bytesBurstMs = bytesBurst * this.#byteMs
  }

  /** Takes what came at `nowMs` and returns for how many ms nothing more should be taken; 0 when within the rate. */
  charge(frameCount: number, byteCount: number, nowMs: number): number {
    const framesMs = Math.max(this.#framesFullMs, nowMs) + frameCount * this.#frameMs
    const bytesMs = Math.max(this.#bytesFullMs, nowMs) + byteCount * this.#byteMs
    this.#framesFullMs = Math.min(framesMs, nowMs + 2 * this.#framesBurstMs)
    this.#bytesFullMs = Math.min(bytesMs, nowMs + 2 * this.#bytesBurstMs)
    return this.waitMs(nowMs)
  }

  /** Takes what came only when nothing is owed afterwards; false: nothing was taken. */
  tries(frameCount: number, byteCount: number, nowMs: number): boolean {
    const framesMs = Math.max(this.#framesFullMs, nowMs) + frameCount * this.#frameMs
    const bytesMs = Math.max(this.#bytesFullMs, nowMs) + byteCount * this.#byteMs
    if (framesMs > nowMs + this.#framesBurstMs || bytesMs > nowMs + this.#bytesBurstMs) return false
    this.#framesFullMs = framesMs
    this.#bytesFullMs = bytesMs
    return true
  }

  /** Gives back: an answer that we provoked is not held against the peer. More than a full bucket is lost. */
  credit(frameCount: number, byteCount: number): void {
    this.#framesFullMs -= frameCount * this.#frameMs
    this.#bytesFullMs -= byteCount * this.#byteMs
  }

  /** For how many ms from `nowMs` something is still owed. */
  waitMs(nowMs: number): number {
    return Math.max(
      0,
      this.#framesFullMs - this.#framesBurstMs - nowMs,
      this.#bytesFullMs - this.#bytesBurstMs - nowMs,
    )
  }

  /** Whether it is as good as new. */
  isFull(nowMs: number): boolean {
    return this.#framesFullMs <= nowMs && this.#bytesFullMs <= nowMs
  }
}

/**
 * Latencies by the million, without keeping them: counts in steps of 0.05 ms up to 200 ms and of 1 ms
 * up to 20 s. What takes longer counts as 20 s.
 */
const fineMsMax = 200
const finePerMs = 20
const coarseMsMax = 20_000
const fineCount = fineMsMax * finePerMs

export class LatencyHistogram {
  readonly #counts = new Uint32Array(fineCount + coarseMsMax)
  #count = 0
  #maxMs = 0

  get count(): number {
    return this.#count
  }

  get maxMs(): number {
    return this.#maxMs
  }

  add(ms: number): void {
    const index =
      ms < fineMsMax
        ? Math.max(0, Math.floor(ms * finePerMs))
        : fineCount + Math.min(coarseMsMax, Math.floor(ms)) - 1
    this.#counts[index] = (this.#counts[index] ?? 0) + 1
    this.#count += 1
    if (ms > this.#maxMs) this.#maxMs = ms
  }

  /** The upper end of the step in which share `share` (0 to 1) lies, in ms; NaN when nothing was added. */
  percentile(share: number): number {
    let left = Math.max(1, Math.ceil(this.#count * share))
    for (let i = 0; i < this.#counts.length; i++) {
      left -= this.#counts[i] ?? 0
      if (this.#count > 0 && left <= 0)
        return i < fineCount ? (i + 1) / finePerMs : i - fineCount + 2
    }
    return Number.NaN
  }

  clear(): void {
    this.#counts.fill(0)
    this.#count = 0
    this.#maxMs = 0
  }
}

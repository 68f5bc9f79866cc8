/** What the sockets of the load sent, received and waited for, between two moments. */
import { performance } from 'node:perf_hooks'
import type { Measured } from './commands.ts'
import { LatencyHistogram } from './latency-histogram.ts'

export class Tally {
  readonly #deliveries = new LatencyHistogram()
  readonly #moves = new LatencyHistogram()
  readonly #acks = new LatencyHistogram()
  #isMeasuring = false
  #updatesSent = 0
  #expected = 0
  #movesSent = 0
  #frames = 0
  #bytes = 0
  #startMs = 0
  #loop = performance.eventLoopUtilization()
  #cpu = process.cpuUsage()

  start(): void {
    for (const histogram of [this.#deliveries, this.#moves, this.#acks]) histogram.clear()
    this.#updatesSent = 0
    this.#expected = 0
    this.#movesSent = 0
    this.#frames = 0
    this.#bytes = 0
    this.#startMs = performance.now()
    this.#loop = performance.eventLoopUtilization()
    this.#cpu = process.cpuUsage()
    this.#isMeasuring = true
  }

  stop(): Measured {
    this.#isMeasuring = false
    const { user, system } = process.cpuUsage(this.#cpu)
    const deliveries = this.#deliveries
    const moves = this.#moves
    const acks = this.#acks
    return {
      wallMs: performance.now() - this.#startMs,
      updatesSent: this.#updatesSent,
      deliveries: deliveries.count,
      deliveriesExpected: this.#expected,
      frames: this.#frames,
      megabytesIn: this.#bytes / 1e6,
      p50Ms: deliveries.percentile(0.5),
      p95Ms: deliveries.percentile(0.95),
      p99Ms: deliveries.percentile(0.99),
      maxMs: deliveries.maxMs,
      movesSent: this.#movesSent,
      movesShown: moves.count,
      moveP50Ms: moves.percentile(0.5),
      moveP95Ms: moves.percentile(0.95),
      acks: acks.count,
      ackP50Ms: acks.percentile(0.5),
      ackP95Ms: acks.percentile(0.95),
      ackP99Ms: acks.percentile(0.99),
      busyShare: performance.eventLoopUtilization(this.#loop).utilization,
      generatorCpuMs: (user + system) / 1_000,
    }
  }

  /** An update went out that `receivers` sockets are to get. */
  sent(receivers: number): void {
    if (!this.#isMeasuring) return
    this.#updatesSent += 1
    this.#expected += receivers
  }

  framed(byteCount: number): void {
    if (!this.#isMeasuring) return
    this.#frames += 1
    this.#bytes += byteCount
  }

  delivered(ms: number): void {
    if (this.#isMeasuring) this.#deliveries.add(ms)
  }

  moved(): void {
    if (this.#isMeasuring) this.#movesSent += 1
  }

  shown(ms: number): void {
    if (this.#isMeasuring) this.#moves.add(ms)
  }

  acknowledged(ms: number): void {
    if (this.#isMeasuring) this.#acks.add(ms)
  }
}

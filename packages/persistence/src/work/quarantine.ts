/**
 * Which documents cost a thread, and how long they are left alone for it. Decides nothing about jobs
 * that fail by themselves; those cost nobody anything.
 *
 * 1. The first loss sets one kind of job for one document aside for `quarantineMsMin`; each further one
 *    for twice as long, up to `quarantineMsMax`. A job that is done clears it.
 * 2. At most `entriesMax` are remembered; the one whose time ends first is forgotten for a new one.
 */
import type { Clock } from '@quire/base'

/** A minute: a machine that was only busy is asked again soon, and a poisoned document costs one thread in it. */
export const quarantineMsMin = 60_000
/** An hour: longer would hide a document from search and compaction for a day after one bad night. */
export const quarantineMsMax = 3_600_000
/** What a person would still read through; more poisoned documents at once are an attack, and stay bounded. */
const entriesMax = 1_000

/** For people: which document, which work, why, and for how long. */
export interface Quarantined {
  readonly document: string
  readonly kind: string
  readonly code: 'too-slow' | 'crashed'
  /** How often in a row its thread was lost. */
  readonly losses: number
  /** On the clock's `nowMs`. */
  readonly untilMs: number
}

const keyOf = (document: string, kind: string): string => `${kind} ${document}`

export class Quarantine {
  readonly #clock: Clock
  readonly #entries = new Map<string, Quarantined>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Notes that a thread was lost to `kind` for `document`. */
  add(document: string, kind: string, code: Quarantined['code']): Quarantined {
    const key = keyOf(document, kind)
    const losses = (this.#entries.get(key)?.losses ?? 0) + 1
    const lastMs = Math.min(quarantineMsMax, quarantineMsMin * 2 ** Math.min(losses - 1, 30))
    const entry = { document, kind, code, losses, untilMs: this.#clock.nowMs() + lastMs }
    this.#entries.set(key, entry)
    if (this.#entries.size > entriesMax) this.#forgetOne(key)
    return entry
  }

  clear(document: string, kind: string): void {
    this.#entries.delete(keyOf(document, kind))
  }

  /** The entry while its time lasts. */
  of(document: string, kind: string): Quarantined | undefined {
    const entry = this.#entries.get(keyOf(document, kind))
    return entry && entry.untilMs > this.#clock.nowMs() ? entry : undefined
  }

  /** Everything that is set aside now. */
  all(): Quarantined[] {
    const nowMs = this.#clock.nowMs()
    return [...this.#entries.values()].filter(({ untilMs }) => untilMs > nowMs)
  }

  #forgetOne(butNot: string): void {
    let first: [string, Quarantined] | undefined
    for (const entry of this.#entries) {
      if (entry[0] !== butNot && (!first || entry[1].untilMs < first[1].untilMs)) first = entry
    }
    if (first) this.#entries.delete(first[0])
  }
}

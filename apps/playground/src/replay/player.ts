/**
 * Plays a round of the fuzz step by step, forwards and back. The round is made from its seed alone, so
 * going back is playing a new one up to the step before.
 *
 * 1. At position n, n steps are done and the next one is known, unless the round is over.
 * 2. What goes wrong in a step is kept in `failure`, and the round ends there.
 */
import type { Round } from '@quire/binding/test/fuzz-round'

export interface Failure {
  /** The step in which it went wrong, counted from 1. */
  readonly step: number
  readonly words: string
}

export class Player {
  readonly #make: () => Round
  #round: Round
  #position = 0
  #next: string | null = null
  #failure: Failure | null = null

  /** `make` makes the round anew, each time in an empty place. */
  constructor(make: () => Round) {
    this.#make = make
    this.#round = make()
    this.#hear()
  }

  get round(): Round {
    return this.#round
  }

  get position(): number {
    return this.#position
  }

  /** What the next step is, in the words of the round; null when it is over. */
  get next(): string | null {
    return this.#next
  }

  get failure(): Failure | null {
    return this.#failure
  }

  /** Does the next step; false when there is none. */
  step(): boolean {
    if (this.#next === null) return false
    this.#position += 1
    this.#hear()
    return true
  }

  /** Goes to a position, or to the end of the round when that comes first. */
  goTo(position: number): void {
    if (position < this.#position) this.#restart()
    while (this.#position < position && this.step());
  }

  close(): void {
    this.#round.close()
  }

  #restart(): void {
    this.#round.close()
    this.#round = this.#make()
    this.#position = 0
    this.#failure = null
    this.#hear()
  }

  /** The round says a step before it takes it, so asking for the next one takes the last. */
  #hear(): void {
    try {
      const said = this.#round.steps.next()
      this.#next = said.done === true ? null : said.value
    } catch (error) {
      this.#next = null
      this.#failure = { step: this.#position, words: String(error) }
    }
  }
}

export interface Survey {
  readonly stepCount: number
  readonly failure: Failure | null
  /** Every step in the words of the round. */
  readonly log: readonly string[]
  /** Letters that are lost or astray at the end, in words. */
  readonly strays: readonly string[]
}

/** Plays a whole round to know how long it is and how it ends. */
export function survey(make: () => Round): Survey {
  const player = new Player(make)
  try {
    player.goTo(Number.POSITIVE_INFINITY)
    const { log, strays } = player.round
    return {
      stepCount: player.position,
      failure: player.failure,
      log: [...log],
      strays: [...strays],
    }
  } finally {
    player.close()
  }
}

/**
 * The life of one room in time: keeps the facts of `room-state.ts` that are its own, holds the two
 * timers that change them, and says when the phase has changed. Decides nothing; `settle` does.
 *
 * 1. In a final phase no timer runs, and no event does anything.
 * 2. Idle time begins anew each time somebody has been here.
 * 3. A store that does not answer in `loadMsMax` has refused.
 */
import type { Log, Timer } from '@quire/base'
import type { DocumentName } from '@quire/protocol'
import type { Ports } from '../ports.ts'
import { isFinal, type RoomFacts, type RoomPhase, settle } from './room-state.ts'

export interface RoomLifeOptions {
  readonly document: DocumentName
  readonly ports: Ports
  /** The facts that others keep. */
  readonly facts: () => Pick<RoomFacts, 'sessionCount' | 'unsavedCount' | 'isCompacting'>
  /** The store did not answer. Whoever loads says that it {@link RoomLife.failed}. */
  readonly onSlowLoad: () => void
  /** The phase is another now. */
  readonly onPhase: (phase: RoomPhase) => void
}

export class RoomLife {
  readonly #options: RoomLifeOptions
  readonly #log: Log
  #phase: RoomPhase = 'loading'
  #load: RoomFacts['load'] = 'pending'
  #isIdleDue = false
  #isCondemned = false
  #loadTimer: Timer | undefined
  #idleTimer: Timer | undefined = undefined

  constructor(options: RoomLifeOptions) {
    this.#options = options
    const { clock, limits, log } = options.ports
    this.#log = log
    this.#loadTimer = clock.after(limits.loadMsMax, () => options.onSlowLoad())
  }

  get phase(): RoomPhase {
    return this.#phase
  }

  /** Whether it takes nobody any more. */
  get isCondemned(): boolean {
    return this.#isCondemned
  }

  /** Whether the document may still be loaded: nothing ended the room meanwhile. */
  get isLoading(): boolean {
    return this.#phase === 'loading'
  }

  loaded(): void {
    this.#load = 'done'
  }

  failed(): void {
    if (this.#load === 'pending') this.#load = 'failed'
    this.settle()
  }

  condemn(): void {
    this.#isCondemned = true
  }

  /** Memory is short: an idle room goes now. */
  evict(): void {
    if (this.#phase !== 'idle') return
    this.#isIdleDue = true
    this.settle()
  }

  /** The server ends: so does the room, with its timers, whatever the facts are. */
  close(): void {
    if (!isFinal(this.#phase)) this.#enter('absent')
  }

  /** The facts may have changed: finds the phase they mean. */
  settle(): void {
    if (isFinal(this.#phase)) return
    const { sessionCount, unsavedCount, isCompacting } = this.#options.facts()
    const phase = settle({
      sessionCount,
      unsavedCount,
      isCompacting,
      load: this.#load,
      isIdleDue: this.#isIdleDue,
      isCondemned: this.#isCondemned,
    })
    if (phase !== this.#phase) this.#enter(phase)
  }

  #enter(phase: RoomPhase): void {
    const { document, onPhase } = this.#options
    const from = this.#phase
    this.#phase = phase
    if (phase !== 'loading') {
      this.#loadTimer?.cancel()
      this.#loadTimer = undefined
    }
    if (phase === 'idle') this.#startIdle()
    else if (phase !== 'unloading') this.#stopIdle()
    this.#log.debug('room', { document, from, to: phase })
    onPhase(phase)
  }

  #startIdle(): void {
    const { clock, idleMs } = this.#options.ports
    this.#idleTimer ??= clock.after(idleMs, () => {
      this.#isIdleDue = true
      this.settle()
    })
  }

  #stopIdle(): void {
    this.#idleTimer?.cancel()
    this.#idleTimer = undefined
    this.#isIdleDue = false
  }
}

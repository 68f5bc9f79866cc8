/**
 * Late acknowledgements: rooms in which somebody is to be told what is saved, with the next frame that is
 * written to them, or by itself when none comes in time. One timer for all rooms.
 *
 * 1. A room that was added before keeps the earlier of its times.
 * 2. What is told alone is told at most a tick late.
 */
import type { Clock, Timer } from '@quire/base'
import { Deadlines } from '../deadlines.ts'

export interface LateAck {
  /** Time is up. Must not throw. */
  late(): void
}

/** Rooms whose time is up within this of each other are told in one turn. */
const tickMs = 20

export class LateAcks {
  readonly #clock: Clock
  readonly #due = new Deadlines<LateAck>()
  #timer: Timer | undefined = undefined
  #timerDueMs = Number.POSITIVE_INFINITY
  #isClosed = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  has(room: LateAck): boolean {
    return this.#due.has(room)
  }

  /** Calls `late` of the room in `waitMs`, unless it is deleted before. */
  add(room: LateAck, waitMs: number): void {
    const dueMs = this.#clock.nowMs() + waitMs
    const known = this.#due.dueMs(room)
    if (known !== undefined && known <= dueMs) return
    this.#due.set(room, dueMs)
    this.#arm()
  }

  delete(room: LateAck): void {
    this.#due.delete(room)
    // Mostly a window took them along, and waking up for nothing costs as much as a window.
    if (this.#due.nextMs === Number.POSITIVE_INFINITY) this.#disarm()
  }

  /** Ends the timer; nobody is told any more. */
  close(): void {
    this.#isClosed = true
    this.#disarm()
  }

  #disarm(): void {
    this.#timer?.cancel()
    this.#timerDueMs = Number.POSITIVE_INFINITY
  }

  #arm(): void {
    const { nextMs } = this.#due
    // A timer that is early finds nothing to do, and arms the next one.
    if (this.#isClosed || nextMs >= this.#timerDueMs) return
    this.#timer?.cancel()
    this.#timerDueMs = nextMs
    const waitMs = Math.max(tickMs, nextMs - this.#clock.nowMs())
    this.#timer = this.#clock.after(waitMs, () => {
      this.#timerDueMs = Number.POSITIVE_INFINITY
      const untilMs = this.#clock.nowMs()
      for (let room = this.#due.take(untilMs); room; room = this.#due.take(untilMs)) room.late()
      this.#arm()
    })
  }
}

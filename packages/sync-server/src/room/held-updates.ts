/**
 * Updates whose predecessors are not here yet. Two tabs of one browser hand each other's edits to the
 * server over two sockets, so an edit may arrive before the one it builds on.
 *
 * 1. Held updates are neither stored nor sent on nor acknowledged.
 * 2. Bounded in bytes and in number, per session and for all sessions of the room.
 * 3. An update is looked at again only when the client it waits for moved far enough, and not more often
 *    than `heldLooksMax`: a large one costs milliseconds each time, and the letter that it waits for
 *    costs its sender nothing.
 * 4. Only bytes are kept. What a scan finds in them can take twenty times as much.
 */
import type { Limits } from '@quire/protocol'
import type { AckEntry } from '../session/ack-ledger.ts'
import type { Session } from '../session/session.ts'

export interface HeldUpdate {
  readonly session: Session
  readonly update: Uint8Array
  readonly isAnswer: boolean
  /** How many acknowledgements its frame is due. */
  readonly acks: 0 | 1
  readonly entry: AckEntry | undefined
  /** How many times it was looked at and had to wait on. */
  readonly lookCount: number
}

type HeldLimits = Pick<
  Limits,
  | 'heldBytesMax'
  | 'heldUpdatesMax'
  | 'heldBytesPerRoomMax'
  | 'heldUpdatesPerRoomMax'
  | 'heldLooksMax'
>

interface Waiting extends HeldUpdate {
  readonly clock: number
}

export class HeldUpdates {
  readonly #limits: HeldLimits
  /** Client id → what waits until that client is known up to `clock`. */
  readonly #byClient = new Map<number, Waiting[]>()
  readonly #sessions = new Map<Session, { bytes: number; count: number }>()
  #count = 0
  #bytes = 0

  constructor(limits: HeldLimits) {
    this.#limits = limits
  }

  get count(): number {
    return this.#count
  }

  has(session: Session): boolean {
    return this.#sessions.has(session)
  }

  /** Keeps `held` until `client` is known up to `clock`; false when that is too much, or too often. */
  hold(held: HeldUpdate, client: number, clock: number): boolean {
    const { heldBytesMax, heldUpdatesMax, heldLooksMax } = this.#limits
    const { heldBytesPerRoomMax, heldUpdatesPerRoomMax } = this.#limits
    if (held.lookCount > heldLooksMax || this.#count >= heldUpdatesPerRoomMax) return false
    if (this.#bytes + held.update.length > heldBytesPerRoomMax) return false
    const sum = this.#sessions.get(held.session) ?? { bytes: 0, count: 0 }
    sum.bytes += held.update.length
    sum.count += 1
    if (sum.bytes > heldBytesMax || sum.count > heldUpdatesMax) return false
    this.#sessions.set(held.session, sum)
    const waiting = this.#byClient.get(client)
    if (waiting) waiting.push({ ...held, clock })
    else this.#byClient.set(client, [{ ...held, clock }])
    this.#count += 1
    this.#bytes += held.update.length
    return true
  }

  /** Takes out what waited for one of `clients` and may be ready now. */
  release(clients: Iterable<number>, clockOf: (client: number) => number): HeldUpdate[] {
    const ready: HeldUpdate[] = []
    if (this.#count === 0) return ready
    for (const client of clients) {
      const waiting = this.#byClient.get(client)
      if (!waiting) continue
      const known = clockOf(client)
      const rest = waiting.filter((held) => held.clock > known)
      if (rest.length === waiting.length) continue
      for (const held of waiting) {
        if (held.clock > known) continue
        ready.push(held)
        this.#forget(held)
      }
      if (rest.length > 0) this.#byClient.set(client, rest)
      else this.#byClient.delete(client)
    }
    return ready
  }

  /** Drops what a session that ended had waiting. It was never acknowledged. */
  drop(session: Session): void {
    if (!this.#sessions.delete(session)) return
    for (const [client, waiting] of this.#byClient) {
      const rest: Waiting[] = []
      for (const held of waiting) {
        if (held.session !== session) {
          rest.push(held)
          continue
        }
        this.#count -= 1
        this.#bytes -= held.update.length
      }
      if (rest.length > 0) this.#byClient.set(client, rest)
      else this.#byClient.delete(client)
    }
  }

  #forget(held: HeldUpdate): void {
    this.#count -= 1
    this.#bytes -= held.update.length
    const sum = this.#sessions.get(held.session)
    if (!sum) return
    sum.bytes -= held.update.length
    sum.count -= 1
    if (sum.count === 0) this.#sessions.delete(held.session)
  }
}

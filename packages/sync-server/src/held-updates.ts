/**
 * Updates whose predecessors are not here yet. Two tabs of one browser hand each other's edits to the
 * server over two sockets, so an edit may arrive before the one it builds on.
 *
 * 1. Held updates are neither stored nor sent on nor acknowledged.
 * 2. Bounded per session, in bytes and in number.
 * 3. An update is looked at again only when the client it waits for moved far enough.
 */
import type { Limits, ScannedUpdate } from '@quire/protocol'
import type { AckEntry } from './ack-ledger.ts'
import type { Session } from './session.ts'

export interface HeldUpdate {
  readonly session: Session
  readonly update: Uint8Array
  readonly scan: ScannedUpdate
  readonly isAnswer: boolean
  readonly entry: AckEntry | undefined
}

interface Waiting extends HeldUpdate {
  readonly clock: number
}

export class HeldUpdates {
  readonly #limits: Pick<Limits, 'heldBytesMax' | 'heldUpdatesMax'>
  /** Client id → what waits until that client is known up to `clock`. */
  readonly #byClient = new Map<number, Waiting[]>()
  readonly #sessions = new Map<Session, { bytes: number; count: number }>()
  #count = 0

  constructor(limits: Pick<Limits, 'heldBytesMax' | 'heldUpdatesMax'>) {
    this.#limits = limits
  }

  get count(): number {
    return this.#count
  }

  has(session: Session): boolean {
    return this.#sessions.has(session)
  }

  /** Keeps `held` until `client` is known up to `clock`; false when the session holds too much. */
  hold(held: HeldUpdate, client: number, clock: number): boolean {
    const sum = this.#sessions.get(held.session) ?? { bytes: 0, count: 0 }
    sum.bytes += held.update.length
    sum.count += 1
    if (sum.bytes > this.#limits.heldBytesMax || sum.count > this.#limits.heldUpdatesMax)
      return false
    this.#sessions.set(held.session, sum)
    const waiting = this.#byClient.get(client)
    if (waiting) waiting.push({ ...held, clock })
    else this.#byClient.set(client, [{ ...held, clock }])
    this.#count += 1
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
      const rest = waiting.filter((held) => held.session !== session)
      this.#count -= waiting.length - rest.length
      if (rest.length > 0) this.#byClient.set(client, rest)
      else this.#byClient.delete(client)
    }
  }

  #forget(held: HeldUpdate): void {
    this.#count -= 1
    const sum = this.#sessions.get(held.session)
    if (!sum) return
    sum.bytes -= held.update.length
    sum.count -= 1
    if (sum.count === 0) this.#sessions.delete(held.session)
  }
}

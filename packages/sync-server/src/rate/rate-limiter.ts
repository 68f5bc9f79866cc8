/**
 * Rate limiter: one per server. Knows how much each address, user and document has sent lately and how
 * many connections each has, and wakes what was told to wait. One timer for all of it.
 * What one socket may do is in `rate-gate.ts`, what one session may in `rate-session.ts`.
 *
 * 1. Whoever is over a rate waits; nothing that came is dropped for it. (Presence is; `rate-session.ts`.)
 * 2. Everything that is kept by address or user is bounded, and forgotten when it says nothing any more.
 * 3. Peers without an address that tells them apart (`rate-network.ts`) and users without an id are not
 *    counted together.
 */
import { type Clock, type Log, reasonOf, type Timer } from '@quire/base'
import type { DocumentName, Limits } from '@quire/protocol'
import { Deadlines } from '../deadlines.ts'
import { networkOf } from './rate-network.ts'
import { type Shared, SharedMeters } from './rate-shared.ts'

/** Something that waits for its rate. */
export interface Sleeper {
  /** The wait is over. May ask to be woken again. */
  wake(nowMs: number): void
}

export interface RateLimiterOptions {
  readonly clock: Clock
  readonly limits: Limits
  readonly log: Log
}

/** Those who wait are looked after this seldom, so that a thousand of them cost one timer. Nobody may ask to be woken at once again and again. */
const tickMs = 20

export class RateLimiter {
  readonly clock: Clock
  readonly limits: Limits
  /** Bytes that sockets sent before anybody knew who they are, all sockets together. */
  openingBytes = 0
  /** Bytes of messages that have begun and not ended, all sockets together. */
  unfinishedBytes = 0
  readonly #log: Log
  readonly #knocks: SharedMeters
  readonly #addresses: SharedMeters
  readonly #users: SharedMeters
  readonly #documents: SharedMeters
  readonly #openingByAddress = new Map<string, number>()
  readonly #sleepers = new Deadlines<Sleeper>()
  #timer: Timer | undefined = undefined
  #timerDueMs = Number.POSITIVE_INFINITY

  constructor({ clock, limits, log }: RateLimiterOptions) {
    this.clock = clock
    this.limits = limits
    this.#log = log
    const { rateKeysMax } = limits
    this.#knocks = new SharedMeters(limits.knockRate, rateKeysMax)
    this.#addresses = new SharedMeters(limits.addressRate, rateKeysMax)
    this.#users = new SharedMeters(limits.userRate, rateKeysMax)
    this.#documents = new SharedMeters(limits.documentRate, rateKeysMax)
  }

  /** Keys of all kinds that are remembered now. */
  get keyCount(): number {
    return this.#knocks.size + this.#addresses.size + this.#users.size + this.#documents.size
  }

  /** How many wait now. */
  get sleeperCount(): number {
    return this.#sleepers.size
  }

  /** One more attempt to connect; false: too many lately from this address. */
  mayKnock(address: string): boolean {
    const network = networkOf(address)
    return network === undefined || this.#knocks.charge(network, 1, 0, this.clock.nowMs()) === 0
  }

  /** Whether `address` may have one more connection, and one more that nobody has granted anything. */
  mayEnter(address: string): boolean {
    const network = networkOf(address)
    if (network === undefined) return true
    const { connectionsPerAddressMax, openingPerAddressMax } = this.limits
    return (
      this.#addresses.holderCount(network) < connectionsPerAddressMax &&
      (this.#openingByAddress.get(network) ?? 0) < openingPerAddressMax
    )
  }

  /** A connection from `address`, until {@link leave}. Undefined for addresses that are not counted. */
  enter(address: string): Shared | undefined {
    const network = networkOf(address)
    if (network === undefined) return undefined
    this.#openingByAddress.set(network, (this.#openingByAddress.get(network) ?? 0) + 1)
    return this.#addresses.hold(network)
  }

  /** The connection is granted something, or is gone before. */
  opened({ key }: Shared): void {
    const count = (this.#openingByAddress.get(key) ?? 0) - 1
    if (count > 0) this.#openingByAddress.set(key, count)
    else this.#openingByAddress.delete(key)
  }

  leave(address: Shared): void {
    this.#addresses.release(address, this.clock.nowMs())
  }

  /** One more session of `userId`; undefined for no id. `full`: the user has as many as it may. */
  holdUser(userId: string): Shared | undefined | 'full' {
    if (userId === '') return undefined
    if (this.#users.holderCount(userId) >= this.limits.sessionsPerUserMax) return 'full'
    return this.#users.hold(userId)
  }

  releaseUser(user: Shared): void {
    this.#users.release(user, this.clock.nowMs())
  }

  holdDocument(document: DocumentName): Shared {
    return this.#documents.hold(document)
  }

  releaseDocument(document: Shared): void {
    this.#documents.release(document, this.clock.nowMs())
  }

  /** Wakes `sleeper` at `atMs` or soon after, instead of when it asked for before; Infinity: never. */
  wakeAt(sleeper: Sleeper, atMs: number): void {
    this.#sleepers.set(sleeper, atMs)
    this.#arm()
  }

  /** `sleeper` is gone. */
  forget(sleeper: Sleeper): void {
    this.#sleepers.delete(sleeper)
    if (this.#sleepers.size === 0) this.close()
  }

  /** Ends the timer. */
  close(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#timerDueMs = Number.POSITIVE_INFINITY
  }

  #arm(): void {
    const dueMs = this.#sleepers.nextMs
    // A timer that is early finds nothing to do, and arms the next one.
    if (dueMs >= this.#timerDueMs) return
    this.#timer?.cancel()
    this.#timerDueMs = dueMs
    const waitMs = Math.max(tickMs, dueMs - this.clock.nowMs())
    this.#timer = this.clock.after(waitMs, () => {
      this.#timerDueMs = Number.POSITIVE_INFINITY
      this.#wake()
      this.#arm()
    })
  }

  #wake(): void {
    const nowMs = this.clock.nowMs()
    for (let next = this.#sleepers.take(nowMs); next; next = this.#sleepers.take(nowMs)) {
      try {
        next.wake(nowMs)
      } catch (error) {
        this.#log.error('what waited for its rate failed', { reason: reasonOf(error) })
      }
    }
  }
}

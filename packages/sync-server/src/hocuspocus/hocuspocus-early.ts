/**
 * Bounds what waits in all sessions of one Hocuspocus socket together, until they are granted access
 * and their documents are loaded. Each session bounds its own.
 */
import type { Limits } from '@quire/protocol'
import type { Session } from '../session/session.ts'

export class EarlyBound {
  readonly #limits: Pick<Limits, 'earlyBytesPerSocketMax' | 'earlyFramesPerSocketMax'>
  /** Never less than what waits; counted anew when it looks like too much. */
  #bytes = 0
  #count = 0

  constructor(limits: Pick<Limits, 'earlyBytesPerSocketMax' | 'earlyFramesPerSocketMax'>) {
    this.#limits = limits
  }

  /** A message of `byteCount` was kept by one of `sessions`. True: too much waits. */
  isExceeded(byteCount: number, sessions: Iterable<Pick<Session, 'kept'>>): boolean {
    this.#bytes += byteCount
    this.#count += 1
    if (!this.#isTooMuch()) return false
    this.#bytes = 0
    this.#count = 0
    for (const { kept } of sessions) {
      this.#bytes += kept?.bytes ?? 0
      this.#count += kept?.count ?? 0
    }
    return this.#isTooMuch()
  }

  #isTooMuch(): boolean {
    const { earlyBytesPerSocketMax, earlyFramesPerSocketMax } = this.#limits
    return this.#bytes > earlyBytesPerSocketMax || this.#count > earlyFramesPerSocketMax
  }
}

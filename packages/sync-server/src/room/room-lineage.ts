/**
 * Which history a document of a name is. Stored with the document; until it is, the first client that
 * brings something and names one decides, and otherwise chance.
 *
 * 1. A client that holds another history never mixes it with this one.
 * 2. Nobody is told a lineage before it is stored: who remembers the lineage of something that was
 *    never stored is locked out later.
 */
import { type Random, randomId } from '@quire/base'
import { isLineage } from '@quire/persistence'
import type { Session } from '../session/session.ts'

export class RoomLineage {
  readonly #drawn: string
  #stored: string | null
  #named: string | undefined = undefined

  /** `stored` is null until the document is. */
  constructor(random: Random, stored: string | null) {
    // Now, while a fault is one of loading, and not when the first edit is on its way to the store.
    this.#drawn = stored ?? randomId(random)
    this.#stored = stored
  }

  /** Null until the document is stored. */
  get stored(): string | null {
    return this.#stored
  }

  /** What the document gets when it is stored for the first time; undefined when it is stored. */
  get next(): string | undefined {
    return this.#stored === null ? (this.#named ?? this.#drawn) : undefined
  }

  /** The document was stored with `lineage`. True when it is known only now. */
  store(lineage: string): boolean {
    if (this.#stored !== null) return false
    this.#stored = lineage
    return true
  }

  /** Whether the client holds another history of the document; `isEmpty` while nothing was taken. */
  isOther({ lineage, mayWrite }: Pick<Session, 'lineage' | 'mayWrite'>, isEmpty: boolean): boolean {
    if (lineage === undefined) return false
    if (this.#stored !== null) return lineage !== this.#stored
    if (this.#named === undefined && isEmpty) {
      // Who brings nothing decides nothing.
      if (!mayWrite) return false
      if (isLineage(lineage)) this.#named = lineage
    }
    return lineage !== this.next
  }
}

/** What the server is given from outside, resolved to one object that its parts share. */
import type { Clock, Log, Random } from '@quire/base'
import type { Compactor, DocumentStore } from '@quire/persistence'
import type { Limits } from '@quire/protocol'
import type { Authorize } from './access/access.ts'
import type { StatelessMessage } from './stateless.ts'
import type { Counters } from './stats.ts'

export interface Ports {
  readonly store: DocumentStore
  readonly authorize: Authorize
  readonly compactor: Compactor | undefined
  readonly limits: Limits
  readonly clock: Clock
  /** Runs a task when everything that this turn of the event loop brought is handled; tests run it at once. */
  readonly atTurnEnd: (task: () => void) => void
  /** Runs a task now, or when the tasks of a crowd that came before it are done; see `turn-budget.ts`. It must not throw. */
  readonly inTurn: (task: () => void) => void
  readonly random: Random
  readonly log: Log
  /** First content of a document that a `quire.v1` client opens first. */
  readonly seed: Uint8Array | undefined
  /** How long a room nobody is in is kept, in ms. */
  readonly idleMs: number
  readonly counters: Counters
  /** Never throws. */
  readonly onStateless: (message: StatelessMessage) => void
}

/**
 * Conflict: does an update say something else about clocks that are known than what is known of them?
 * Then two clients wrote under one Yjs client id, and taking the rest of what one of them wrote would
 * put it where it does not belong, with state vectors that say that everybody has everything.
 *
 * 1. Bounded: `overlapClocks` for each client, `clientsMax` clients, one pass over the tail and one over
 *    the snapshot, `conflictBytesMax` together, and `conflictLooksMax` of that for each session.
 * 2. Only a difference that is proved counts. What cannot be looked up, was deleted, or is beyond a
 *    bound counts as the same.
 */
import {
  type ClockRange,
  isConflict,
  type Limits,
  type ScannedUpdate,
  unitsOf,
} from '@quire/protocol'
import type { Knowledge } from './knowledge.ts'
import type { RoomLog } from './room-log.ts'

export type ConflictLimits = Pick<Limits, 'overlapClocks' | 'conflictBytesMax' | 'conflictLooksMax'>

export interface ConflictOptions {
  readonly log: Pick<RoomLog, 'parts'>
  readonly knowledge: Pick<Knowledge, 'clocks'>
  readonly limits: ConflictLimits
}

/** Clients of one update whose overlap is looked at: as many as a session names, and tabs beside it. */
const clientsMax = 32

export class Conflicts<Member> {
  readonly #options: ConflictOptions
  /** How often what a member sent was compared with what is stored. */
  readonly #looks = new Map<Member, number>()

  constructor(options: ConflictOptions) {
    this.#options = options
  }

  /** Whether the update is of a client that shares its id with another. Costs nothing for an edit that goes on where the last one ended. */
  find(member: Member, update: Uint8Array, scan: ScannedUpdate): boolean {
    const { log, knowledge, limits } = this.#options
    const overlap = overlapOf(scan, knowledge.clocks, limits)
    if (overlap.length === 0) return false
    const lookCount = this.#looks.get(member) ?? 0
    if (lookCount >= limits.conflictLooksMax) return false
    this.#looks.set(member, lookCount + 1)
    return contradicts(update, overlap, log, limits)
  }

  /** The session ended. */
  drop(member: Member): void {
    this.#looks.delete(member)
  }
}

/** The clocks of `scan` that are known already, of each client the last few. Empty for an ordinary edit. */
function overlapOf(
  { inserts }: ScannedUpdate,
  clocks: ReadonlyMap<number, number>,
  { overlapClocks }: Pick<Limits, 'overlapClocks'>,
): readonly ClockRange[] {
  let found: Map<number, ClockRange> | undefined
  for (const { client, from, to } of inserts) {
    const last = Math.min(to, clocks.get(client) ?? 0)
    if (last <= from) continue
    found ??= new Map()
    // A client with gaps comes more than once, in rising order.
    found.set(client, { client, from: Math.max(from, last - overlapClocks), to: last })
    if (found.size > clientsMax) break
  }
  return found ? [...found.values()] : nothing
}

const nothing: readonly ClockRange[] = []

/** Whether `update` contradicts the log somewhere in `overlap`. */
function contradicts(
  update: Uint8Array,
  overlap: readonly ClockRange[],
  log: Pick<RoomLog, 'parts'>,
  { conflictBytesMax }: ConflictLimits,
): boolean {
  let bytesLeft = conflictBytesMax
  const claims = unitsOf(update, overlap)
  for (const part of log.parts()) {
    bytesLeft -= part.length
    if (bytesLeft < 0) return false
    const known = unitsOf(part, overlap)
    if (isConflict(claims, known)) return true
    // What was found needs no look into what is older.
    for (const [client, units] of claims) {
      for (const clock of known.get(client)?.keys() ?? []) units.delete(clock)
      if (units.size === 0) claims.delete(client)
    }
    if (claims.size === 0) return false
  }
  return false
}

/** Numbers about the server, for metrics and health. Counters only grow; the rest is as of now. */
import type { CloseName } from '@quire/protocol'
import type { StorageHealth } from './log/log-writer.ts'

export interface Counters {
  /** Frames received from clients, of every kind. */
  framesIn: number
  /** Updates taken into a log. */
  updatesTaken: number
  /** Updates that said nothing new. */
  updatesDuplicate: number
  /** Updates that the role of their sender does not allow. */
  updatesRefused: number
  /** Attempts to connect that came too often from one address. */
  knocksRefused: number
  /** Sockets of other sites' pages. */
  originsRefused: number
  /** Updates that had to wait for their predecessors. */
  updatesHeld: number
  /** Stateless messages of Hocuspocus clients. */
  stateless: number
  compactions: number
  compactionFailures: number
  loads: number
  loadFailures: number
  /** Sessions ended by the server, by reason. */
  readonly closed: Partial<Record<CloseName, number>>
}

export interface ServerStats {
  readonly rooms: number
  /** Rooms that went before their time because memory was short; only grows. */
  readonly roomsEvicted: number
  readonly connections: number
  readonly sessions: number
  /** Sessions that read slower than their document changes. */
  readonly behindSessions: number
  /** Bytes and number of updates that are not on stable storage yet. */
  readonly unsavedBytes: number
  readonly unsavedUpdates: number
  readonly heldUpdates: number
  /** Bytes of documents kept in memory. */
  readonly documentBytes: number
  readonly storage: StorageHealth
  readonly counters: Readonly<Counters>
}

export function newCounters(): Counters {
  return {
    framesIn: 0,
    updatesTaken: 0,
    updatesDuplicate: 0,
    updatesRefused: 0,
    knocksRefused: 0,
    originsRefused: 0,
    updatesHeld: 0,
    stateless: 0,
    compactions: 0,
    compactionFailures: 0,
    loads: 0,
    loadFailures: 0,
    closed: {},
  }
}

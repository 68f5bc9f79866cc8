/**
 * How long to wait before the next attempt to connect. Full jitter: anything between nothing and a
 * ceiling that doubles, so that thousands of clients of a restarted server do not come in step.
 */
import type { Random } from '@quire/base'
import { closeCodes } from '@quire/protocol'

/** Ceiling of the first wait: a person does not notice it, a server that restarts is not hammered. */
const firstCeilingMs = 300
/** Ceiling of every later wait: a laptop that wakes without an `online` event is back in half a minute. */
const ceilingMsMax = 30_000

/** A server that says it is full is asked again after up to 5 s, even the first time. */
const crowdedDoublings = 4
const crowded: ReadonlySet<number> = new Set([closeCodes.overloaded.code, closeCodes.roomFull.code])

/** `failures`: connections that ended since the last sync, at least 1. `code`: the close code of the last one. */
export function reconnectDelayMs(failures: number, random: Random, code?: number): number {
  const least = code !== undefined && crowded.has(code) ? crowdedDoublings : 0
  const doublings = Math.min(Math.max(failures - 1, least), 16)
  return random.unit() * Math.min(ceilingMsMax, firstCeilingMs * 2 ** doublings)
}

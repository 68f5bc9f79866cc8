/**
 * How far apart commits are: pure rules over what waits and how long ago the last commit began. A commit
 * costs two threads 1.2 ms, however little is in it, and each who is told about it costs a write.
 *
 * 1. Few wait: commits are seldom, and the first after a pause is made at once.
 * 2. Many wait: the more, the sooner.
 * 3. A crowd waits: telling them is the larger cost, so that no more than so many are told in a second.
 */

export interface Awaited {
  /** How many are told when what waits is stored. */
  readonly waiterCount: number
  /** Of all that waits. */
  readonly bytes: number
}

/**
 * While little comes, commits start at least this far apart: five in a second were a quarter of the CPU
 * that ten people typing take. "Saved" is seen by so much later after the last key; a first edit after a
 * pause does not wait.
 */
const seldomGapMs = 400
/**
 * What waits for its commit is usually joined by another edit after the gap, which then starts it in its
 * own turn of the event loop. A timer of its own, and so a wake-up of its own, comes only this much later.
 */
const graceMs = 40
/**
 * This many people, when they began to wait less than `waiterMsMax` after each other, are worth a commit
 * before the gap is over. People and not updates: who goes on typing is not told "Saved" before the last
 * key, however many commits there are.
 */
const waitersMin = 6
const waiterMsMax = 10
/** This much is worth one too, whoever waits for it: it is held in memory meanwhile. */
const bytesWorth = 64 * 1024
/** Acknowledgements come after half of this in the middle, and the fsync. */
const gapMsMin = 24
/** With commits this far apart for each who waits, 500 are told in a second. */
const waiterMsMin = 2
/** Beyond this far apart, what a crowd is told goes out with other frames instead (`LogOwner.stored`). */
const crowdGapMsMax = 150

/** In how many ms the next commit should begin, `sinceMs` after the last one did; `isAppending` in the turn in which an update came. */
export function commitDelayMs(awaited: Awaited, sinceMs: number, isAppending: boolean): number {
  const { waiterCount, bytes } = awaited
  const areMany = waiterCount >= waitersMin && waiterCount * waiterMsMax >= sinceMs
  if (areMany || bytes >= bytesWorth) return Math.max(0, crowdGapMs(awaited) - sinceMs)
  const waitMs = seldomGapMs - sinceMs
  return waitMs <= 0 && isAppending ? 0 : Math.max(0, waitMs) + graceMs
}

/** How far from the last one a commit should begin that many people wait for. */
export function crowdGapMs({ waiterCount, bytes }: Awaited): number {
  if (bytes >= bytesWorth) return gapMsMin
  return Math.min(crowdGapMsMax, Math.max(gapMsMin, waiterCount * waiterMsMin))
}

/** Whether more wait than are told each by itself, for a commit that begins `sinceMs` after the last one. */
export function isCrowd({ waiterCount }: Awaited, sinceMs: number): boolean {
  return waiterCount * waiterMsMin > sinceMs
}

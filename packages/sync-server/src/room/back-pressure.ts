/**
 * Back-pressure: for how long nothing more is read from somebody whose updates come faster than they can
 * be worked off. A pure decision; the session's socket does the waiting.
 *
 * 1. Nobody waits while what waits is within its bound.
 * 2. Beyond it each waits in proportion to what it sent and to how much is too much. So a flood comes to
 *    flow as fast as it is worked off, from however many sockets, and somebody who types does not notice.
 */

/** What a flood may be ahead by: some tenths of a second of a quick disk. More is memory without a use, less slows down a paste. */
export const aheadBytesSoft: number = 4 * 1024 * 1024
/** As far over the bound as the bound is, 64 KB are waited for this long: fifty such sockets then send 16 MB a second together. */
const waitMs = 200
const waitBytes = 64 * 1024
/** A letter is not to wait, however long the disk is gone. */
const overMax = 8
/** The gate looks again then: longer, and a peer would see its keep-alive late. */
const waitMsMax = 2_000
/** Not worth a timer. */
const waitMsMin = 5

/** In ms; 0: reads on. `aheadBytes` wait, of which `softBytes` may; `byteCount` of them were just sent. */
export function holdMs(
  byteCount: number,
  aheadBytes: number,
  softBytes: number = aheadBytesSoft,
): number {
  const over = Math.min(overMax, (aheadBytes - softBytes) / softBytes)
  if (over <= 0) return 0
  const ms = Math.min(waitMsMax, (byteCount / waitBytes) * over * waitMs)
  return ms < waitMsMin ? 0 : ms
}

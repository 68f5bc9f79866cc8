/**
 * When a version is taken without anybody asking, and how long it stays. Pure: reads no clock and no
 * store.
 *
 * A version that nobody named gets lonelier as it ages: of each stretch of time its newest stays, and
 * stretches grow with age. Stretches lie inside of each other, so thinning often or seldom keeps the same.
 */
import type { VersionInfo, VersionKind } from './version-store.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** A pause after which what was written is worth a version: people stop at the end of a thought. */
export const pauseMs: number = 10 * minuteMs
/** Who writes without a pause gets a version this often. */
export const steadyMs: number = hourMs

/** What the policy looks at. All times in ms, by one clock. */
export interface VersionFacts {
  readonly nowMs: number
  readonly head: number
  /** When the last edit was stored. */
  readonly changedMs: number
  /** The newest version, of whatever kind. */
  readonly newest: Pick<VersionInfo, 'number' | 'madeMs'> | undefined
  /** When the document was made, for one without versions. */
  readonly createdMs: number
}

/** Why a version is to be taken now; undefined when none is. Pure; ask it as often as you like. */
export function versionDue(facts: VersionFacts): VersionKind | undefined {
  const { nowMs, head, changedMs, newest, createdMs } = facts
  if (head <= (newest?.number ?? 0)) return undefined
  if (nowMs - changedMs >= pauseMs) return 'activity'
  return nowMs - (newest?.madeMs ?? createdMs) >= steadyMs ? 'time' : undefined
}

/** What is older than `afterMs` keeps the newest version of each `widthMs`. Widths divide each other. */
interface Tier {
  readonly afterMs: number
  readonly widthMs: number
}

/**
 * From coarse to fine. A day with every pause, a week by the hour, two months by the day, a year by the
 * week, then every fourth week: about 330 versions in the first year, and 13 in each later one.
 */
const tiers: readonly Tier[] = [
  { afterMs: 364 * dayMs, widthMs: 28 * dayMs },
  { afterMs: 56 * dayMs, widthMs: 7 * dayMs },
  { afterMs: 7 * dayMs, widthMs: dayMs },
  { afterMs: dayMs, widthMs: hourMs },
  { afterMs: 0, widthMs: pauseMs },
]

/** A version from before a restore is what undoes it; so long it is not thinned. */
const restoreMs = 28 * dayMs

/** The stretch of time that a version is in, once all of that stretch is old enough for its tier. */
function stretchOf(madeMs: number, nowMs: number): string {
  for (const { afterMs, widthMs } of tiers) {
    const at = Math.floor(madeMs / widthMs)
    if ((at + 1) * widthMs <= nowMs - afterMs) return `${widthMs} ${at}`
  }
  return `now ${madeMs}`
}

/** The ids of the versions that may go now. `versions` are all that a document has, in any order. */
export function versionsToThin(versions: readonly VersionInfo[], nowMs: number): number[] {
  const newestId = Math.max(...versions.map(({ id }) => id))
  const newestIn = new Map<string, VersionInfo>()
  const removable: [string, VersionInfo][] = []
  for (const version of versions) {
    if (version.kind === 'named' || version.name !== '' || version.id === newestId) continue
    if (version.kind === 'before-restore' && nowMs - version.madeMs < restoreMs) continue
    const stretch = stretchOf(version.madeMs, nowMs)
    removable.push([stretch, version])
    const other = newestIn.get(stretch)
    if (!other || isNewer(version, other)) newestIn.set(stretch, version)
  }
  return removable
    .filter(([stretch, version]) => newestIn.get(stretch) !== version)
    .map(([, { id }]) => id)
}

function isNewer(one: VersionInfo, other: VersionInfo): boolean {
  return one.madeMs === other.madeMs ? one.id > other.id : one.madeMs > other.madeMs
}

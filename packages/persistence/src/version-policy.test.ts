import { createSeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import { pauseMs, steadyMs, versionDue, versionsToThin } from './version-policy.ts'
import { type VersionInfo, versionKinds } from './version-store.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const startMs = 1_700_000_000_000

const versionAt = (id: number, madeMs: number, more: Partial<VersionInfo> = {}): VersionInfo => ({
  id,
  number: id,
  kind: 'activity',
  name: '',
  author: '',
  madeMs,
  byteCount: 1,
  ...more,
})

/** What stays of `versions`. */
function thinned(versions: readonly VersionInfo[], nowMs: number): VersionInfo[] {
  const gone = new Set(versionsToThin(versions, nowMs))
  return versions.filter(({ id }) => !gone.has(id))
}

const idsOf = (versions: readonly VersionInfo[]): number[] => versions.map(({ id }) => id)

/** Versions of `days` days at random times, some of them named or of other kinds. */
function history(seed: number, days: number, count: number): VersionInfo[] {
  const random = createSeededRandom(seed)
  const times = Array.from(
    { length: count },
    () => startMs + random.below(days * 24 * 60) * minuteMs,
  )
  return times
    .toSorted((a, b) => a - b)
    .map((madeMs, at) =>
      versionAt(at + 1, madeMs, {
        kind: random.chance(0.2) ? (versionKinds[random.below(4)] ?? 'time') : 'activity',
        name: random.chance(0.02) ? 'Kept' : '',
      }),
    )
}

test('[VP1] what a person named stays for ever, and so does the newest', () => {
  for (let seed = 1; seed <= 30; seed++) {
    const versions = history(seed, 900, 600)
    const nowMs = startMs + 5_000 * dayMs
    const left = new Set(idsOf(thinned(versions, nowMs)))
    for (const { id, kind, name } of versions) {
      if (kind === 'named' || name !== '') expect(left.has(id)).toBe(true)
    }
    expect(left.has(600)).toBe(true)
  }
  expect(versionsToThin([], startMs)).toEqual([])
})

test('[VP1] what was there before a restore stays for four weeks', () => {
  const versions = Array.from({ length: 5 }, (_, at) =>
    versionAt(at + 1, startMs + at * minuteMs, { kind: 'before-restore' }),
  )
  expect(thinned(versions, startMs + 27 * dayMs)).toEqual(versions)
  expect(thinned(versions, startMs + 57 * dayMs).length).toBeLessThan(3)
})

test('[VP2] thinning step by step keeps the same as thinning at once, and once more changes nothing', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = createSeededRandom(seed + 1_000)
    const versions = history(seed, 500, 800)
    const endMs = startMs + (300 + random.below(600)) * dayMs + random.below(1_440) * minuteMs
    let kept: VersionInfo[] = []
    let seen = 0
    // Versions come while time goes on, as they do on a server.
    for (let nowMs = startMs; nowMs < endMs; nowMs += (1 + random.below(80)) * 3_600_000) {
      const until = versions.findIndex(({ madeMs }) => madeMs > nowMs)
      const next = until < 0 ? versions.length : until
      kept = thinned([...kept, ...versions.slice(seen, next)], nowMs)
      seen = next
    }
    kept = thinned([...kept, ...versions.slice(seen)], endMs)
    const atOnce = new Set(idsOf(thinned(versions, endMs)))
    expect(new Set(idsOf(kept)), `seed ${seed}`).toEqual(atOnce)
    expect(versionsToThin(kept, endMs)).toEqual([])
  }
})

test('[VP3] what stays is bounded, and close to every moment as its age allows', () => {
  const everyTenMinutes = Array.from({ length: 6 * 24 * 800 }, (_, at) =>
    versionAt(at + 1, startMs + at * 10 * minuteMs),
  )
  const nowMs = startMs + 800 * dayMs
  const left = thinned(everyTenMinutes, nowMs)
  expect(left.length).toBeLessThan(450)
  const within = (madeMs: number): number => {
    const ageMs = nowMs - madeMs
    if (ageMs < dayMs) return 10 * minuteMs
    // A stretch is thinned when all of it is old enough; until then it has the finer distance.
    if (ageMs < 7 * dayMs) return 60 * minuteMs
    if (ageMs < 56 * dayMs) return dayMs
    return ageMs < 364 * dayMs ? 7 * dayMs : 28 * dayMs
  }
  for (let momentMs = startMs; momentMs < nowMs; momentMs += 7 * 60 * minuteMs) {
    const nearest = Math.min(...left.map(({ madeMs }) => Math.abs(madeMs - momentMs)))
    expect(nearest).toBeLessThanOrEqual(within(momentMs))
  }
})

test('[VP4] a version is due after a pause or an hour of writing, and never when nothing is new', () => {
  const facts = {
    nowMs: startMs,
    head: 5,
    changedMs: startMs,
    newest: undefined,
    createdMs: startMs,
  }
  expect(versionDue(facts)).toBeUndefined()
  expect(versionDue({ ...facts, nowMs: startMs + pauseMs - 1 })).toBeUndefined()
  expect(versionDue({ ...facts, nowMs: startMs + pauseMs })).toBe('activity')
  const busyMs = startMs + steadyMs
  expect(versionDue({ ...facts, nowMs: busyMs, changedMs: busyMs - 1 })).toBe('time')
  const newest = { number: 4, madeMs: busyMs - steadyMs + 1 }
  expect(versionDue({ ...facts, nowMs: busyMs, changedMs: busyMs - 1, newest })).toBeUndefined()
  expect(
    versionDue({ ...facts, nowMs: busyMs + dayMs, newest: { ...newest, number: 5 } }),
  ).toBeUndefined()
  expect(versionDue({ ...facts, head: 0, nowMs: busyMs + dayMs })).toBeUndefined()
})

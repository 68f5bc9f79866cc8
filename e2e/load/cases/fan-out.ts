/**
 * What does it cost to deliver an update? One room, some type and move their cursors, all read: Quire,
 * which stores every update with an fsync before it says saved, beside servers that do less.
 */
import { fanOut } from '../config.ts'
import { measureStretch, type Stretch, sleep, withLoad } from '../measure.ts'
import { boundGoal, ratioGoal, rowsOf, runRounds } from '../rounds.ts'
import { type CaseResult, rounded } from '../results.ts'
import type { Subject, SubjectName } from '../subjects/subject.ts'

type Values = Record<keyof Stretch | 'cpuUsPerDelivery' | 'missing', number>

export const fanOutSubjects: readonly SubjectName[] = [
  'quire',
  'relay',
  'hocuspocus',
  'hocuspocus-sqlite',
  'y-websocket-server',
]

/** `magnitudes` and `subjects` are smaller in the smoke test. */
export async function runFanOut(
  magnitudes: typeof fanOut = fanOut,
  subjects: readonly SubjectName[] = fanOutSubjects,
): Promise<CaseResult> {
  const { socketCount, typistCount, keysPerSecondEach, goal } = magnitudes
  const rounds = await runRounds<Values>({
    subjects,
    roundCount: magnitudes.roundCount,
    run: (subject) => runRound(subject, magnitudes),
    line: ({ cpuUsPerDelivery, p95Ms, p99Ms }) =>
      `${rounded(cpuUsPerDelivery)} µs CPU per delivery, p95 ${rounded(p95Ms)} ms, p99 ${rounded(p99Ms)} ms`,
  })
  const cost = (subject: SubjectName): number => rounds.of(subject, 'cpuUsPerDelivery')
  return {
    name: 'fan-out',
    question: `CPU of the server per delivered update: one room, ${socketCount} sockets, ${typistCount} of them typing ${keysPerSecondEach} keys a second, each key moving a cursor.`,
    method: [
      ...rounds.method,
      `${magnitudes.roundCount} rounds each, alternating order, a fresh process per round; ${magnitudes.warmUpMs / 1_000} s warm-up at ${magnitudes.warmUpKeysPerSecondEach} keys a second, ${magnitudes.settleMs / 1_000} s at the rate, ${magnitudes.measureMs / 1_000} s measured; medians.`,
      'CPU: all threads of the server process (storage worker included) from /proc, cursors included. Deliveries: characters by client and clock, however they are merged into frames.',
    ],
    rows: rowsOf(rounds, {
      cpuUsPerDelivery: 2,
      cpuMs: 0,
      deliveries: 0,
      frames: 0,
      missing: 0,
      p50Ms: 2,
      p95Ms: 2,
      p99Ms: 2,
      moveP95Ms: 2,
      residentMb: 0,
      generatorBusyShare: 2,
    }),
    goals: [
      ratioGoal(
        'CPU per delivery, of the relay’s',
        cost('quire'),
        cost('relay'),
        goal.relayRatioMax,
      ),
      ratioGoal(
        'CPU per delivery, of Hocuspocus’',
        cost('quire'),
        cost('hocuspocus'),
        goal.hocuspocusRatioMax,
      ),
      boundGoal(
        'p99 beside the relay’s',
        rounds.of('quire', 'p99Ms'),
        rounds.of('relay', 'p99Ms'),
        'ms',
      ),
    ],
    notes: rounds.notes,
    rounds: rounds.rounds,
  }
}

function runRound(subject: Subject, magnitudes: typeof fanOut): Promise<Values> {
  const { socketCount, typistCount, keysPerSecondEach, warmUpKeysPerSecondEach } = magnitudes
  return withLoad(subject, async (server, generator) => {
    await generator.open({
      target: server.target,
      documents: ['fan-out'],
      socketsPerDocument: socketCount,
      atOnce: 10,
    })
    await generator.type({
      typistsPerDocument: typistCount,
      keysPerSecondEach: warmUpKeysPerSecondEach,
      movesCursor: true,
    })
    await sleep(magnitudes.warmUpMs)
    await generator.setKeysPerSecond(keysPerSecondEach)
    await sleep(magnitudes.settleMs)
    const stretch = await measureStretch(server, generator, magnitudes.measureMs)
    const { missing } = await generator.rest(2_000)
    return { ...stretch, missing, cpuUsPerDelivery: (stretch.cpuMs * 1_000) / stretch.deliveries }
  })
}

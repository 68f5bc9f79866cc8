/**
 * How much can one room carry? The rate climbs step by step until people would notice, or the server
 * no longer keeps up, or the generator does not.
 */
import { saturation } from '../config.ts'
import type { Generator } from '../generator/generator.ts'
import { measureStretch, type Stretch, sleep, withLoad } from '../measure.ts'
import { type CaseResult, type GoalResult, rounded } from '../results.ts'
import { generatorBusyShareMax, ratioGoal, rowsOf, runRounds } from '../rounds.ts'
import type { RunningSubject, Subject, SubjectName } from '../subjects/subject.ts'

interface Values extends Record<string, number> {
  /** Of the last step that was good. */
  readonly deliveriesPerSecond: number
  readonly p99Ms: number
  readonly cpuUsPerDelivery: number
  readonly framesPerSecond: number
  readonly residentMb: number
  readonly busyShare: number
  readonly othersBusyCores: number
  /** 0: the server gave in, 1: the generator did, 2: the ladder ended. */
  readonly limit: number
}

const limits = ['the server', 'the load generator', 'the end of the ladder'] as const

export async function runSaturation(): Promise<CaseResult> {
  const { socketCount, writerCount, p99MsMax, goal } = saturation
  const rounds = await runRounds<Values>({
    subjects: ['quire', 'quire-memory', 'relay', 'hocuspocus', 'y-websocket-server'],
    roundCount: saturation.roundCount,
    run: runRound,
    line: ({ deliveriesPerSecond, p99Ms, cpuUsPerDelivery, limit }) =>
      `${rounded(deliveriesPerSecond / 1_000, 0)} k deliveries/s, p99 ${rounded(p99Ms)} ms, ${rounded(cpuUsPerDelivery)} µs CPU each; limit: ${limits[limit]}`,
  })
  const cost = (subject: SubjectName): number => rounds.of(subject, 'cpuUsPerDelivery')
  const reached = rounds.of('quire', 'deliveriesPerSecond')
  const limit = limits[Math.round(rounds.of('quire', 'limit'))]
  const throughput: GoalResult = {
    goal: `≥ ${goal.deliveriesPerSecondMin / 1e6} M delivered updates a second, or the generator’s limit`,
    measured: `${rounded(reached / 1e6)} M a second, then ${limit ?? 'not measured'}`,
    isMet: Number.isFinite(reached)
      ? reached >= goal.deliveriesPerSecondMin || limit === limits[1]
      : undefined,
  }
  return {
    name: 'saturation',
    question: `Delivered updates a second with p99 ≤ ${p99MsMax} ms, and their CPU: one room, ${socketCount} sockets, ${writerCount} of them typing faster and faster.`,
    method: [
      ...rounds.method,
      `Keys a second of each writer: ${saturation.keysPerSecondEach.join(', ')}. Each step ${saturation.settleMs / 1_000} s, then ${saturation.measureMs / 1_000} s measured. A step is good while p99 ≤ ${p99MsMax} ms and ${saturation.keptShareMin * 100} % of what is sent arrives in the measured time; one that is not is tried once more. The figures are those of the last good step.`,
      `The generator is the limit when it is more than ${generatorBusyShareMax * 100} % busy in the step that is not good.`,
      `${saturation.roundCount} rounds, medians. \`limit\`: 0 ${limits[0]}, 1 ${limits[1]}, 2 ${limits[2]}.`,
    ],
    rows: rowsOf(rounds, {
      deliveriesPerSecond: 0,
      p99Ms: 2,
      cpuUsPerDelivery: 3,
      framesPerSecond: 0,
      residentMb: 0,
      busyShare: 2,
      limit: 0,
    }),
    goals: [
      throughput,
      ratioGoal(
        'CPU per delivery, of Hocuspocus’',
        cost('quire'),
        cost('hocuspocus'),
        goal.hocuspocusRatioMax,
      ),
      ratioGoal(
        'CPU per delivery, of y-websocket-server’s',
        cost('quire'),
        cost('y-websocket-server'),
        goal.yWebsocketRatioMax,
      ),
    ],
    notes: rounds.notes,
    rounds: rounds.rounds,
  }
}

function runRound(subject: Subject): Promise<Values> {
  return withLoad(subject, async (server, generator) => {
    const { socketCount, writerCount, keysPerSecondEach } = saturation
    await generator.open({
      target: server.target,
      documents: ['saturation'],
      socketsPerDocument: socketCount,
      atOnce: 10,
    })
    let good: Stretch | undefined
    let limit = 2
    await generator.type({ typistsPerDocument: writerCount, keysPerSecondEach: 1 })
    for (const keys of keysPerSecondEach) {
      let step = await runStep(server, generator, keys)
      // Once more: the hiccup of a machine is not the end of a server.
      if (!isGood(step)) step = await runStep(server, generator, keys)
      if (!isGood(step)) {
        limit = step.busyShare > generatorBusyShareMax ? 1 : 0
        break
      }
      good = step
    }
    const seconds = (good?.wallMs ?? Number.NaN) / 1_000
    return {
      deliveriesPerSecond: good ? good.deliveries / seconds : 0,
      framesPerSecond: good ? good.frames / seconds : 0,
      p99Ms: good?.p99Ms ?? Number.NaN,
      cpuUsPerDelivery: good ? (good.cpuMs * 1_000) / good.deliveries : Number.NaN,
      residentMb: good?.residentMb ?? Number.NaN,
      busyShare: good?.busyShare ?? Number.NaN,
      othersBusyCores: good?.othersBusyCores ?? 0,
      limit,
    }
  })
}

function isGood({ p99Ms, deliveries, deliveriesExpected }: Stretch): boolean {
  return p99Ms <= saturation.p99MsMax && deliveries >= deliveriesExpected * saturation.keptShareMin
}

async function runStep(
  server: RunningSubject,
  generator: Generator,
  keysPerSecondEach: number,
): Promise<Stretch> {
  await generator.setKeysPerSecond(keysPerSecondEach)
  await sleep(saturation.settleMs)
  return measureStretch(server, generator, saturation.measureMs)
}

/**
 * How long until an edit is on disk and its author is told? Many type in one document, and each in a
 * document of their own. Only Quire says so at all: Hocuspocus acknowledges before it stores.
 */
import { tmpdir } from 'node:os'
import { ack } from '../config.ts'
import { measureFsync } from '../disk.ts'
import { measureStretch, type Stretch, sleep, withLoad } from '../measure.ts'
import { type CaseResult, type GoalResult, type Row, rounded } from '../results.ts'
import { runRounds } from '../rounds.ts'
import type { Subject } from '../subjects/subject.ts'

interface Values extends Record<string, number> {
  readonly fsyncP50Ms: number
  readonly fsyncP95Ms: number
  readonly generatorBusyShare: number
  readonly othersBusyCores: number
}

/** What the columns of a round begin with, and what people read. */
const shapes = [
  { key: 'together', what: 'one document', documents: 1 },
  { key: 'apart', what: 'a document each', documents: ack.typistCount },
] as const

export async function runAck(): Promise<CaseResult> {
  const { typistCount, keysPerSecondEach, fsyncCount, goal } = ack
  const rounds = await runRounds<Values>({
    subjects: ['quire'],
    roundCount: ack.roundCount,
    run: runRound,
    line: (values) =>
      shapes
        .map(
          ({ key, what }) =>
            `${what}: p50 ${values[`${key}P50Ms`]} ms, p95 ${values[`${key}P95Ms`]} ms`,
        )
        .join('; '),
  })
  const of = (column: string): number => rounds.of('quire', column)
  const judged = (key: string, what: string, share: 'P50' | 'P95', max: number): GoalResult => {
    const above = of(`${key}${share}Ms`) - of(`fsync${share}Ms`)
    return {
      goal: `≤ ${max} ms above the disk’s fsync`,
      measured: `${share.toLowerCase()}, ${what}: ${rounded(above)} ms above it`,
      isMet: Number.isFinite(above) ? above <= max : undefined,
    }
  }
  return {
    name: 'ack',
    question: `From sending an edit until its author is told that it is on disk: ${typistCount} people, each typing ${keysPerSecondEach} keys a second.`,
    method: [
      ...rounds.method,
      'Latency: from writing an update to the socket until the message (17, Saved) that counts it.',
      `The disk: ${fsyncCount} times 4 KB appended and fdatasync, on the file system of the server’s folder, before the server starts.`,
      `${ack.roundCount} rounds, a fresh process each; ${ack.warmUpMs / 1_000} s warm-up, ${ack.measureMs / 1_000} s measured; medians.`,
    ],
    rows: [
      ...shapes.map(
        ({ key, what }): Row => ({
          typing: what,
          p50Ms: rounded(of(`${key}P50Ms`)),
          p95Ms: rounded(of(`${key}P95Ms`)),
          p99Ms: rounded(of(`${key}P99Ms`)),
          acknowledged: rounded(of(`${key}Acks`), 0),
        }),
      ),
      {
        typing: 'the disk’s fsync',
        p50Ms: rounded(of('fsyncP50Ms')),
        p95Ms: rounded(of('fsyncP95Ms')),
      },
    ],
    goals: shapes.flatMap(({ key, what }) => [
      judged(key, what, 'P50', goal.p50MsMax),
      judged(key, what, 'P95', goal.p95MsMax),
    ]),
    notes: rounds.notes,
    rounds: rounds.rounds,
  }
}

async function runRound(subject: Subject): Promise<Values> {
  const fsync = measureFsync(tmpdir(), ack.fsyncCount)
  const measured: Record<string, number> = {}
  let generatorBusyShare = 0
  let othersBusyCores = 0
  for (const { key, documents } of shapes) {
    const stretch = await runShape(subject, documents)
    measured[`${key}P50Ms`] = stretch.ackP50Ms
    measured[`${key}P95Ms`] = stretch.ackP95Ms
    measured[`${key}P99Ms`] = stretch.ackP99Ms
    measured[`${key}Acks`] = stretch.acks
    generatorBusyShare = Math.max(generatorBusyShare, stretch.generatorBusyShare)
    othersBusyCores = Math.max(othersBusyCores, stretch.othersBusyCores)
  }
  return {
    ...measured,
    fsyncP50Ms: fsync.p50Ms,
    fsyncP95Ms: fsync.p95Ms,
    generatorBusyShare,
    othersBusyCores,
  }
}

function runShape(subject: Subject, documentCount: number): Promise<Stretch> {
  return withLoad(subject, async (server, generator) => {
    const typistsPerDocument = ack.typistCount / documentCount
    await generator.open({
      target: server.target,
      documents: Array.from({ length: documentCount }, (_, i) => `ack-${i}`),
      socketsPerDocument: typistsPerDocument,
      atOnce: 10,
    })
    await generator.type({ typistsPerDocument, keysPerSecondEach: ack.keysPerSecondEach })
    await sleep(ack.warmUpMs)
    const stretch = await measureStretch(server, generator, ack.measureMs)
    await generator.rest(2_000)
    return stretch
  })
}

/**
 * Reading a large document with a long past: one more person in an open document, a hundred at once,
 * and the first after a restart, who must not be told "synced" over an empty document.
 */
import * as Y from 'yjs'
import { makeDataFolder, removeDataFolder } from '../../sim/data-folder.ts'
import { join } from '../config.ts'
import { clocksOf, type Content } from '../documents/content.ts'
import { buildPaperDocument, paperRoot } from '../documents/paper.ts'
import { type Generator, startGenerator } from '../generator/generator.ts'
import { quietCpuMs, sleep } from '../measure.ts'
import { type CaseResult, rounded } from '../results.ts'
import { boundGoal, leastOf, ratioGoal, rowsOf, runRounds } from '../rounds.ts'
import type { RunningSubject, Subject, SubjectName } from '../subjects/subject.ts'

interface Values extends Record<string, number> {
  readonly warmCpuMs: number
  readonly warmMs: number
  /** CPU of each of many who come at once. */
  readonly crowdCpuMs: number
  readonly crowdMs: number
  readonly coldCpuMs: number
  readonly coldMs: number
  /** Joiners whose first answer lacked content, of all that were measured. */
  readonly answeredEmpty: number
}

interface Paper extends Content {
  readonly text: string
}

const document = 'paper'
const peers: readonly SubjectName[] = [
  'hocuspocus',
  'hocuspocus-sqlite',
  'y-websocket-server',
  'y-websocket-server-leveldb',
]
/** Those of them that find the document again after a restart. */
const storing: readonly SubjectName[] = ['hocuspocus-sqlite', 'y-websocket-server-leveldb']

export async function runJoin(): Promise<CaseResult> {
  const { crowdCount, warmJoins, goal } = join
  const { source, doc, text, updates } = buildPaperDocument(join.madeEditCount)
  const paper = { updates, clocks: clocksOf(doc), text }
  const rounds = await runRounds<Values>({
    subjects: ['quire', ...peers],
    roundCount: join.roundCount,
    run: (subject) => runRound(subject, paper),
    line: ({ warmCpuMs, crowdCpuMs, coldCpuMs, answeredEmpty }) =>
      `warm ${rounded(warmCpuMs)} ms CPU, of many at once ${rounded(crowdCpuMs)} each, cold ${rounded(coldCpuMs)}; answered too early ${answeredEmpty}`,
  })
  const best = (names: readonly SubjectName[], column: string): number =>
    leastOf(names.map((name) => rounds.of(name, column)))
  const quire = (column: string): number => rounds.of('quire', column)
  return {
    name: 'join',
    question: `CPU of the server for each join of a large document: ${source}, ${Y.encodeStateAsUpdate(doc).length} bytes as one update; it was written in ${updates.length}.`,
    method: [
      ...rounds.method,
      `Warm: two people are in the document; after ${join.warmUpJoins} joins to warm up, ${warmJoins} more, one after the other. Crowd: ${crowdCount} at once, CPU divided by them. Cold: the server is stopped and started on its folder, and somebody joins; only servers that store.`,
      'CPU: the whole process by its own getrusage, in steps of µs. A joiner has nothing and is done when all content is there; the text of the cold joiner is compared.',
      '`answeredEmpty`: joiners whose first answer, after which a stock client calls itself synced, lacked content.',
      `${join.roundCount} rounds each, alternating order, a fresh process and folder per round; medians.`,
    ],
    rows: rowsOf(rounds, {
      warmCpuMs: 2,
      warmMs: 2,
      crowdCpuMs: 2,
      crowdMs: 0,
      coldCpuMs: 1,
      coldMs: 1,
      answeredEmpty: 0,
      kilobytes: 0,
      residentMb: 0,
    }),
    goals: [
      ratioGoal(
        'CPU of a warm join, of the best peer’s',
        quire('warmCpuMs'),
        best(peers, 'warmCpuMs'),
        goal.warmRatioMax,
      ),
      ratioGoal(
        `CPU of each of ${crowdCount} at once, of the best peer’s`,
        quire('crowdCpuMs'),
        best(peers, 'crowdCpuMs'),
        goal.crowdRatioMax,
      ),
      ratioGoal(
        'CPU of a cold join, of the best storing peer’s',
        quire('coldCpuMs'),
        best(storing, 'coldCpuMs'),
        goal.coldRatioMax,
      ),
      boundGoal('joiners told "synced" too early', quire('answeredEmpty'), 0, 'joiners'),
    ],
    notes: rounds.notes,
    rounds: rounds.rounds,
  }
}

async function runRound(subject: Subject, paper: Paper): Promise<Values> {
  const data = makeDataFolder()
  const generator = startGenerator()
  try {
    const warm = await runWarm(subject, data, generator, paper)
    const isStored = subject.name === 'quire' || storing.includes(subject.name)
    const cold = isStored ? await runCold(subject, data, generator, paper) : undefined
    return {
      ...warm,
      coldCpuMs: cold?.coldCpuMs ?? Number.NaN,
      coldMs: cold?.coldMs ?? Number.NaN,
      answeredEmpty: warm.answeredEmpty + (cold?.answeredEmpty ?? 0),
    }
  } finally {
    await generator.end()
    removeDataFolder(data)
  }
}

async function runWarm(
  subject: Subject,
  data: string,
  generator: Generator,
  paper: Paper,
): Promise<
  Pick<Values, 'warmCpuMs' | 'warmMs' | 'crowdCpuMs' | 'crowdMs' | 'answeredEmpty'> &
    Record<string, number>
> {
  const server = await subject.start(data)
  try {
    await generator.open({ target: server.target, documents: [document], socketsPerDocument: 2 })
    await generator.seed(paper)
    await sleep(join.storeMs)
    const joinOnce = (count: number) => joinAll(server, generator, paper, count)
    for (let i = 0; i < join.warmUpJoins; i++) await joinOnce(1)
    let answeredEmpty = 0
    let warmMs = 0
    let kilobytes = 0
    const warmBefore = await quietCpuMs(server)
    for (let i = 0; i < join.warmJoins; i++) {
      const joined = await joinOnce(1)
      answeredEmpty += joined.answeredEmpty
      warmMs += joined.allMs
      kilobytes = joined.kilobytesEach
    }
    const warmCpuMs = (await server.cpuMs()) - warmBefore
    const crowdBefore = await quietCpuMs(server)
    const crowd = await joinOnce(join.crowdCount)
    const crowdCpuMs = (await server.cpuMs()) - crowdBefore
    await generator.close()
    // What is stored late is stored before the end.
    await sleep(join.storeMs)
    return {
      warmCpuMs: warmCpuMs / join.warmJoins,
      warmMs: warmMs / join.warmJoins,
      crowdCpuMs: crowdCpuMs / join.crowdCount,
      crowdMs: crowd.allMs,
      answeredEmpty: answeredEmpty + crowd.answeredEmpty,
      kilobytes,
    }
  } finally {
    await server.stop()
  }
}

async function runCold(
  subject: Subject,
  data: string,
  generator: Generator,
  paper: Paper,
): Promise<Pick<Values, 'coldCpuMs' | 'coldMs' | 'answeredEmpty'>> {
  const server = await subject.start(data)
  try {
    const before = await quietCpuMs(server)
    const joined = await joinAll(server, generator, paper, 1, paperRoot)
    const coldCpuMs = (await server.cpuMs()) - before
    if (joined.text !== paper.text) throw new Error('the stored document is another one')
    return { coldCpuMs, coldMs: joined.allMs, answeredEmpty: joined.answeredEmpty }
  } finally {
    await server.stop()
  }
}

async function joinAll(
  { target }: RunningSubject,
  generator: Generator,
  { clocks }: Paper,
  count: number,
  wantsText?: string,
): ReturnType<Generator['join']> {
  const joined = await generator.join({
    target,
    document,
    count,
    clocks,
    waitMsMax: join.waitMsMax,
    ...(wantsText === undefined ? {} : { wantsText }),
  })
  if (joined.failed > 0) throw new Error(`${joined.failed} joiners did not get the document`)
  return joined
}

/** Does an edit cost what the edit is? Typing into a document of many megabytes beside typing into an empty one. */
import { largeDocument } from '../config.ts'
import { blocksOf } from '../documents/blocks.ts'
import { measureStretch, quietCpuMs, sleep, withLoad } from '../measure.ts'
import { type CaseResult, type GoalResult, rounded } from '../results.ts'
import { ratioGoal, rowsOf, runRounds } from '../rounds.ts'
import type { Subject } from '../subjects/subject.ts'

interface Values extends Record<string, number> {
  readonly largeCpuUs: number
  readonly emptyCpuUs: number
  /** Of this round. */
  readonly growth: number
  readonly largeP99Ms: number
  readonly emptyP99Ms: number
}

type Blocks = ReturnType<typeof blocksOf>

export async function runLarge(): Promise<CaseResult> {
  const { megabytes, socketCount, typistCount, keysPerSecondEach, goal } = largeDocument
  const blocks = blocksOf(megabytes * 1e6, largeDocument.updateMegabytes * 1e6)
  const rounds = await runRounds<Values>({
    subjects: ['quire', 'relay', 'y-websocket-server', 'hocuspocus'],
    roundCount: largeDocument.roundCount,
    run: (subject) => runRound(subject, blocks),
    line: ({ largeCpuUs, emptyCpuUs, growth }) =>
      `${rounded(largeCpuUs, 0)} µs CPU per update in the large one, ${rounded(emptyCpuUs, 0)} in the empty one, ${rounded(growth)}×`,
  })
  const growth = rounds.of('quire', 'growth')
  const growthGoal: GoalResult = {
    goal: `≤ ${goal.growthMax}×`,
    measured: `CPU per update in the large document, of that in the empty one: ${rounded(growth)}×`,
    isMet: Number.isFinite(growth) ? growth <= goal.growthMax : undefined,
  }
  return {
    name: 'large',
    question: `CPU of the server per update in a document of ${megabytes} MB (blocks with attributes, ${blocks.updates.length} updates) and in an empty one: ${socketCount} sockets, ${typistCount} of them typing ${keysPerSecondEach} keys a second in the middle of its text.`,
    method: [
      ...rounds.method,
      `${largeDocument.roundCount} rounds each, alternating order, a fresh process for each document; until the server is quiet after the content, then ${largeDocument.warmUpMs / 1_000} s warm-up, ${largeDocument.measureMs / 1_000} s measured; medians. \`growth\` is the ratio within a round.`,
      'CPU: all threads of the server process from /proc, divided by the updates that were sent.',
    ],
    rows: rowsOf(rounds, {
      largeCpuUs: 0,
      emptyCpuUs: 0,
      growth: 2,
      largeP99Ms: 2,
      emptyP99Ms: 2,
      largeResidentMb: 0,
      emptyResidentMb: 0,
      missing: 0,
      generatorBusyShare: 2,
    }),
    goals: [
      growthGoal,
      ratioGoal(
        'CPU per update in the large document, of y-websocket-server’s',
        rounds.of('quire', 'largeCpuUs'),
        rounds.of('y-websocket-server', 'largeCpuUs'),
        goal.yWebsocketRatioMax,
      ),
    ],
    notes: rounds.notes,
    rounds: rounds.rounds,
  }
}

async function runRound(subject: Subject, blocks: Blocks): Promise<Values> {
  const empty = await runOne(subject, undefined)
  const large = await runOne(subject, blocks)
  return {
    largeCpuUs: large.cpuUs,
    emptyCpuUs: empty.cpuUs,
    growth: large.cpuUs / empty.cpuUs,
    largeP99Ms: large.p99Ms,
    emptyP99Ms: empty.p99Ms,
    largeResidentMb: large.residentMb,
    emptyResidentMb: empty.residentMb,
    missing: large.missing + empty.missing,
    generatorBusyShare: Math.max(large.generatorBusyShare, empty.generatorBusyShare),
    othersBusyCores: Math.max(large.othersBusyCores, empty.othersBusyCores),
  }
}

function runOne(
  subject: Subject,
  blocks: Blocks | undefined,
): Promise<
  Record<
    'cpuUs' | 'p99Ms' | 'residentMb' | 'missing' | 'generatorBusyShare' | 'othersBusyCores',
    number
  >
> {
  const { socketCount, typistCount, keysPerSecondEach } = largeDocument
  return withLoad(subject, async (server, generator) => {
    await generator.open({
      target: server.target,
      documents: ['large'],
      socketsPerDocument: socketCount,
    })
    if (blocks) await generator.seed({ updates: blocks.updates, clocks: blocks.clocks })
    // Storing and compacting the content is not typing.
    await quietCpuMs(server, largeDocument.quietMsMax)
    await generator.type({
      typistsPerDocument: typistCount,
      keysPerSecondEach,
      ...(blocks ? { places: blocks.places } : {}),
    })
    await sleep(largeDocument.warmUpMs)
    const stretch = await measureStretch(server, generator, largeDocument.measureMs)
    const { missing } = await generator.rest(5_000)
    const { p99Ms, residentMb, generatorBusyShare, othersBusyCores } = stretch
    return {
      cpuUs: (stretch.cpuMs * 1_000) / stretch.updatesSent,
      p99Ms,
      residentMb,
      missing,
      generatorBusyShare,
      othersBusyCores,
    }
  })
}

/**
 * What does a client that means harm cost, and do its neighbours notice? One frame after the other,
 * each by a fresh client in a document of its own, while others type.
 */
import { makeDataFolder, removeDataFolder } from '../../sim/data-folder.ts'
import { hostile } from '../config.ts'
import { plainText } from '../documents/content.ts'
import { type Generator, startGenerator } from '../generator/generator.ts'
import { type HostileFrame, hostileFrames } from '../hostile-frames.ts'
import { watchOthers } from '../machine.ts'
import { quietCpuMs, sleep } from '../measure.ts'
import { residentMbOf } from '../process-cpu.ts'
import { watchResident } from '../resident.ts'
import { type CaseResult, median, type Row, rounded } from '../results.ts'
import { boundGoal } from '../rounds.ts'
import { chooseSubjects, type RunningSubject, type Subject } from '../subjects/subject.ts'
import { concat, varBytes } from '../generator/client-frame.ts'

interface Price {
  readonly frame: string
  readonly cpuMs: number
  readonly growthMb: number
  readonly neighboursP99Ms: number
  readonly neighboursMaxMs: number
  readonly ended: string
}

/** What a harmless client costs, sent so many times to find the median. */
const harmlessCount = 5
const content = plainText(20_000)

export async function runHostile(): Promise<CaseResult> {
  const { subjects, notes } = chooseSubjects(['quire'])
  const frames = hostileFrames()
  const quire = subjects[0]
  const { prices, othersBusyCores } = quire
    ? await pricesOf(quire, frames)
    : { prices: [], othersBusyCores: 0 }
  const worst = (of: (price: Price) => number): Price | undefined =>
    [...prices].sort((a, b) => of(b) - of(a))[0]
  const judged = (
    what: string,
    of: (price: Price) => number,
    max: number,
    unit: string,
  ): ReturnType<typeof boundGoal> => {
    const price = worst(of)
    return boundGoal(
      `${what} of the worst frame (${price?.frame ?? 'none'})`,
      price ? of(price) : Number.NaN,
      max,
      unit,
    )
  }
  const { goal } = hostile
  return {
    name: 'hostile',
    question: `CPU and memory that each of ${frames.length} hostile frames costs the server, how it ends the client, and how long its neighbours wait.`,
    method: [
      ...subjects.map(({ name, what }) => `\`${name}\`: ${what}.`),
      `One server for all. Each frame comes from a fresh client that opened as it should, in a document of its own with 20,000 characters, and is watched for ${hostile.watchMs} ms; two neighbours in another document type ${hostile.neighbourKeysPerSecond} keys a second each.`,
      'CPU: all threads, by the process’ own getrusage, less the median of the same with nothing hostile sent. Memory: the most resident memory meanwhile less that before; a garbage collection that was due shows as growth or hides it.',
      '`ended`: the close code, `open` when the client was still connected, `died` when the server was not there any more.',
    ],
    rows: prices.map(
      (price): Row => ({
        frame: price.frame,
        cpuMs: rounded(price.cpuMs, 1),
        growthMb: rounded(price.growthMb, 1),
        ended: price.ended,
        neighboursP99Ms: rounded(price.neighboursP99Ms, 1),
        neighboursMaxMs: rounded(price.neighboursMaxMs, 1),
      }),
    ),
    goals: [
      judged('CPU', ({ cpuMs }) => cpuMs, goal.cpuMsMax, 'ms'),
      judged('memory', ({ growthMb }) => growthMb, goal.growthMbMax, 'MB'),
      judged('neighbours’ p99', (price) => price.neighboursP99Ms, goal.neighboursP99MsMax, 'ms'),
      boundGoal(
        'frames that ended the server',
        prices.filter(({ ended }) => ended === 'died').length,
        0,
        'frames',
      ),
    ],
    notes:
      othersBusyCores > 0.1
        ? [...notes, `The machine was busy with other work: ${rounded(othersBusyCores)} cores.`]
        : notes,
    rounds: prices,
  }
}

async function pricesOf(
  subject: Subject,
  frames: readonly HostileFrame[],
): Promise<{ readonly prices: readonly Price[]; readonly othersBusyCores: number }> {
  const data = makeDataFolder()
  const prices: Price[] = []
  const generator = startGenerator()
  let server = await begin(subject, data, generator)
  const others = watchOthers([server.pid, generator.pid])
  try {
    const harmless: number[] = []
    for (let i = 0; i < harmlessCount; i++) {
      harmless.push((await price(server, generator, { name: `harmless-${i}`, frames: [] })).cpuMs)
    }
    const baseMs = median(harmless)
    for (const frame of frames) {
      const paid = await price(server, generator, frame)
      prices.push({ ...paid, cpuMs: paid.cpuMs - baseMs })
      if (paid.ended !== 'died') await quietCpuMs(server, 3_000)
      else {
        await generator.close()
        server = await begin(subject, data, generator)
      }
    }
    return { prices, othersBusyCores: others.stop() }
  } finally {
    await generator.end()
    await server.stop()
    removeDataFolder(data)
  }
}

/** A server with neighbours who type. */
async function begin(
  subject: Subject,
  data: string,
  generator: Generator,
): Promise<RunningSubject> {
  const server = await subject.start(data)
  await generator.open({
    target: server.target,
    documents: ['neighbours'],
    socketsPerDocument: 2,
  })
  await generator.type({
    typistsPerDocument: 2,
    keysPerSecondEach: hostile.neighbourKeysPerSecond,
  })
  await sleep(hostile.warmUpMs)
  return server
}

async function price(
  server: RunningSubject,
  generator: Generator,
  { name, frames }: HostileFrame,
): Promise<Price> {
  const beforeMb = residentMbOf(server.pid)
  const cpuBeforeMs = await server.cpuMs()
  const resident = watchResident(server.pid, hostile.sampleEveryMs)
  await generator.startMeasuring()
  const startMs = performance.now()
  const { closeCode } = await generator.poke({
    target: server.target,
    document: `hostile-${name.replaceAll(/[^a-z0-9]+/gi, '-')}`,
    frames: [
      ...content.updates.map((bytes) => ({ bytes: asUpdate(bytes), isRaw: false })),
      ...frames,
    ],
    waitMs: hostile.watchMs,
  })
  await sleep(Math.max(0, hostile.watchMs - (performance.now() - startMs)))
  const { p99Ms, maxMs } = await generator.stopMeasuring()
  const growthMb = resident.stop() - beforeMb
  if (server.hasEnded) {
    return {
      frame: name,
      cpuMs: Number.NaN,
      growthMb,
      neighboursP99Ms: p99Ms,
      neighboursMaxMs: maxMs,
      ended: 'died',
    }
  }
  return {
    frame: name,
    cpuMs: (await server.cpuMs()) - cpuBeforeMs,
    growthMb,
    neighboursP99Ms: p99Ms,
    neighboursMaxMs: maxMs,
    ended: closeCode === undefined ? 'open' : String(closeCode),
  }
}

function asUpdate(update: Uint8Array): Uint8Array {
  return concat([[0, 2], varBytes(update)])
}

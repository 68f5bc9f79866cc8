/**
 * What does it cost to deliver an update? One room, some type, all read: Quire, which stores every
 * update with an fsync before it says saved, against a relay that knows nothing and stores nothing.
 * Each in a process of its own, in turn, in alternating order.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { makeDataFolder, removeDataFolder } from '../sim/data-folder.ts'
import { startServerProcess } from '../sim/server-process.ts'
import { fanOut } from './config.ts'
import type { LoadMessage } from './fan-out-load.ts'
import { cpuMsOf, residentMbOf } from './process-cpu.ts'
import { type CaseResult, median, rounded } from './results.ts'

type Subject = 'quire' | 'relay'

interface Round {
  readonly subject: Subject
  readonly cpuMs: number
  readonly cpuUsPerDelivery: number
  readonly deliveries: number
  readonly frames: number
  readonly missing: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly residentMb: number
  readonly generatorBusyShare: number
}

interface Target {
  readonly url: string
  readonly pid: number
  stop(): Promise<void>
}

const typescript = ['--conditions=source', '--import', 'tsx']
const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

export async function runFanOut(): Promise<CaseResult> {
  const rounds: Round[] = []
  for (let i = 0; i < fanOut.roundCount; i++) {
    const order: readonly Subject[] = i % 2 === 0 ? ['quire', 'relay'] : ['relay', 'quire']
    for (const subject of order) {
      const round = await runRound(subject)
      rounds.push(round)
      process.stdout.write(
        `  round ${i + 1} ${subject}: ${rounded(round.cpuUsPerDelivery)} µs CPU per delivery, p95 ${rounded(round.p95Ms)} ms\n`,
      )
    }
  }
  const cost = (subject: Subject): number =>
    median(rounds.filter((round) => round.subject === subject).map((r) => r.cpuUsPerDelivery))
  const ratio = cost('quire') / cost('relay')
  const isGeneratorTheLimit = rounds.some(
    ({ generatorBusyShare }) => generatorBusyShare > fanOut.generatorBusyShareMax,
  )
  return {
    name: 'fan-out',
    question: `CPU of the server per delivered update: one room, ${fanOut.socketCount} sockets, ${fanOut.typistCount} of them typing ${fanOut.keysPerSecondEach} keys a second.`,
    method: [
      'Quire as shipped: SQLite, synchronous=FULL, acknowledgements to the typists. The relay: `ws`, one `send` per receiver, nothing stored.',
      `${fanOut.roundCount} rounds each, alternating order, a fresh process per round; ${fanOut.warmUpMs / 1000} s warm-up, ${fanOut.measureMs / 1000} s measured; medians.`,
      'CPU: all threads of the server process (storage worker included) from /proc. Deliveries: updates by client and clock, however they are merged into frames.',
    ],
    rows: (['quire', 'relay'] as const).map((subject) => rowOf(subject, rounds)),
    goal: `≤ ${fanOut.goalRatioMax}× the relay`,
    isMet: ratio <= fanOut.goalRatioMax,
    measured: `${rounded(ratio)}× the relay`,
    notes: isGeneratorTheLimit
      ? ['The load generator was the limit in at least one round: latencies are its own.']
      : [],
    rounds,
  }
}

function rowOf(subject: Subject, rounds: readonly Round[]): Record<string, string | number> {
  const own = rounds.filter((round) => round.subject === subject)
  const of = (column: Exclude<keyof Round, 'subject'>, digits?: number): number =>
    rounded(median(own.map((round) => round[column])), digits)
  return {
    subject,
    cpuUsPerDelivery: of('cpuUsPerDelivery'),
    cpuMs: of('cpuMs', 0),
    deliveries: of('deliveries', 0),
    missing: of('missing', 0),
    p50Ms: of('p50Ms'),
    p95Ms: of('p95Ms'),
    p99Ms: of('p99Ms'),
    residentMb: of('residentMb', 0),
    generatorBusyShare: of('generatorBusyShare'),
  }
}

async function runRound(subject: Subject): Promise<Round> {
  const target = subject === 'quire' ? await startQuire() : await startRelay()
  try {
    const load = fork(here('./fan-out-load.ts'), [target.url], { execArgv: typescript })
    let cpuBeforeMs = 0
    return await new Promise<Round>((resolve, reject) => {
      load.once('error', reject)
      load.once('exit', (code) => {
        reject(new Error(`the load generator ended early with code ${code}`))
      })
      load.on('message', (message: LoadMessage) => {
        if (message.kind === 'measuring') {
          cpuBeforeMs = cpuMsOf(target.pid)
          return
        }
        const cpuMs = cpuMsOf(target.pid) - cpuBeforeMs
        resolve({
          subject,
          cpuMs,
          cpuUsPerDelivery: (cpuMs * 1_000) / message.deliveries,
          deliveries: message.deliveries,
          frames: message.frames,
          missing: message.expected - message.deliveries,
          p50Ms: message.p50Ms,
          p95Ms: message.p95Ms,
          p99Ms: message.p99Ms,
          residentMb: residentMbOf(target.pid),
          generatorBusyShare: message.busyShare,
        })
      })
    })
  } finally {
    await target.stop()
  }
}

async function startQuire(): Promise<Target> {
  const data = makeDataFolder()
  const server = await startServerProcess({ data })
  return {
    url: `${server.syncUrl}/fan-out`,
    pid: server.pid,
    async stop() {
      await server.stop('SIGTERM')
      removeDataFolder(data)
    },
  }
}

async function startRelay(): Promise<Target> {
  const child: ChildProcess = spawn(process.execPath, [...typescript, here('./relay.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the relay ended with ${code}`)))
    child.stdout?.on('data', (chunk: Buffer) => {
      const found = /listening (\d+)/.exec(chunk.toString())
      if (found?.[1] !== undefined) resolve(found[1])
    })
  })
  return {
    url: `ws://127.0.0.1:${port}/fan-out`,
    pid: child.pid ?? 0,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.kill('SIGTERM')
      }),
  }
}

/**
 * A server comes back and everybody with it: hundreds of rooms, a thousand clients that have their
 * documents, all in the same moment. How long until the last one is synced, and does anything else
 * wait meanwhile?
 */
import * as Y from 'yjs'
import { makeDataFolder, removeDataFolder } from '../../sim/data-folder.ts'
import { reconnect } from '../config.ts'
import { plainText } from '../documents/content.ts'
import { type Generator, startGenerator } from '../generator/generator.ts'
import { watchOthers } from '../machine.ts'
import { quietCpuMs, sleep } from '../measure.ts'
import { cpuMsOf, residentMbOf } from '../process-cpu.ts'
import { type CaseResult, rounded } from '../results.ts'
import { boundGoal, leastOf, ratioGoal, rowsOf, runRounds } from '../rounds.ts'
import { startStallProbe } from '../stall-probe.ts'
import type { Subject, SubjectName } from '../subjects/subject.ts'

interface Values extends Record<string, number> {
  readonly allMs: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly cpuMs: number
  readonly stallMs: number
  readonly failed: number
  readonly residentMb: number
  readonly generatorBusyShare: number
  readonly othersBusyCores: number
}

const peers: readonly SubjectName[] = [
  'hocuspocus',
  'hocuspocus-sqlite',
  'y-websocket-server',
  'y-websocket-server-leveldb',
]
const documents = Array.from({ length: reconnect.roomCount }, (_, i) => `room-${i}`)
const content = plainText(reconnect.documentChars)
const holds = { update: Y.mergeUpdates([...content.updates]), clocks: content.clocks }

export async function runReconnect(): Promise<CaseResult> {
  const { roomCount, socketsPerRoom, documentChars, goal } = reconnect
  const rounds = await runRounds<Values>({
    subjects: ['quire', 'relay', ...peers],
    roundCount: reconnect.roundCount,
    run: runRound,
    line: ({ allMs, cpuMs, stallMs, failed }) =>
      `all synced after ${rounded(allMs, 0)} ms, ${rounded(cpuMs, 0)} ms CPU, longest stall ${rounded(stallMs, 0)} ms, ${failed} failed`,
  })
  const best = (column: string): number => leastOf(peers.map((name) => rounds.of(name, column)))
  return {
    name: 'reconnect',
    question: `${roomCount * socketsPerRoom} clients (${roomCount} rooms, ${socketsPerRoom} in each) that have their documents of ${documentChars} characters connect at once to a server that was restarted.`,
    method: [
      ...rounds.method,
      'The documents are written to a first server, which is stopped; the second starts on its folder, and all clients connect when it listens. Servers in memory come back empty and get the documents from their clients.',
      `A client is synced with the answer to its question. Each shows its cursor too. CPU: from before the first connection until ${reconnect.afterMs} ms after the last client was synced, by its own getrusage.`,
      'The relay stores nothing and answers nothing; its clients are done when the handshake is. It shows what a thousand handshakes, and cursors passed on one by one, cost with `ws` alone.',
      `Stall: the longest answer to a GET on a connection of its own, asked every ${reconnect.probeEveryMs} ms from another process.`,
      `${reconnect.roundCount} rounds each, alternating order, fresh processes and folders; medians.`,
    ],
    rows: rowsOf(rounds, {
      allMs: 0,
      p50Ms: 0,
      p95Ms: 0,
      cpuMs: 0,
      stallMs: 0,
      failed: 0,
      residentMb: 0,
      generatorBusyShare: 2,
    }),
    goals: [
      ratioGoal(
        'time until all are synced, of the fastest peer’s',
        rounds.of('quire', 'allMs'),
        best('allMs'),
        goal.timeRatioMax,
      ),
      ratioGoal(
        'CPU, of the cheapest peer’s',
        rounds.of('quire', 'cpuMs'),
        best('cpuMs'),
        goal.cpuRatioMax,
      ),
      boundGoal('longest stall', rounds.of('quire', 'stallMs'), goal.stallMsMax, 'ms'),
      boundGoal('clients that were not synced', rounds.of('quire', 'failed'), 0, 'clients'),
    ],
    notes: rounds.notes,
    rounds: rounds.rounds,
  }
}

async function runRound(subject: Subject): Promise<Values> {
  const data = makeDataFolder()
  const generator = startGenerator()
  try {
    if (subject.name !== 'relay') await writeDocuments(subject, data, generator)
    const server = await subject.start(data)
    try {
      const cpuBeforeMs = await quietCpuMs(server)
      const generatorBeforeMs = cpuMsOf(generator.pid)
      const others = watchOthers([server.pid, generator.pid])
      const probe = await startStallProbe(server.probeUrl, reconnect.probeEveryMs)
      const opened = await generator.open({
        target: server.target,
        documents,
        socketsPerDocument: reconnect.socketsPerRoom,
        holds,
        showsItself: true,
        waitMsMax: reconnect.waitMsMax,
      })
      const stallMs = probe.stop()
      const generatorBusyShare = (cpuMsOf(generator.pid) - generatorBeforeMs) / opened.allMs
      const othersBusyCores = others.stop()
      // Everybody's cursors are still being told.
      await sleep(reconnect.afterMs)
      const cpuMs = (await server.cpuMs()) - cpuBeforeMs
      const residentMb = residentMbOf(server.pid)
      return { ...opened, cpuMs, stallMs, residentMb, generatorBusyShare, othersBusyCores }
    } finally {
      await server.stop()
    }
  } finally {
    await generator.end()
    removeDataFolder(data)
  }
}

async function writeDocuments(subject: Subject, data: string, generator: Generator): Promise<void> {
  const server = await subject.start(data)
  try {
    await generator.open({
      target: server.target,
      documents,
      socketsPerDocument: 2,
      atOnce: 20,
    })
    await generator.seed(content)
    await sleep(reconnect.storeMs)
    await generator.close()
    await quietCpuMs(server)
  } finally {
    await server.stop()
  }
}

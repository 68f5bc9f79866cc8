/**
 * Many documents are open, two people type in each: what does a room cost, in CPU, in memory, and when
 * nobody does anything? Quire stores with an fsync; who it is compared with keeps everything in memory.
 */
import { manyRooms } from '../config.ts'
import { plainText } from '../documents/content.ts'
import { measureStretch, type Stretch, sleep, withLoad } from '../measure.ts'
import { cpuMsOf, residentMbOf } from '../process-cpu.ts'
import { type CaseResult, rounded } from '../results.ts'
import { boundGoal, ratioGoal, rowsOf, runRounds } from '../rounds.ts'
import type { Subject, SubjectName } from '../subjects/subject.ts'

type Values = Record<
  | keyof Stretch
  | 'cpuUsPerDelivery'
  | 'kbPerRoom'
  | 'emptyServerMb'
  | 'idleCpuMsPerSecond'
  | 'missing',
  number
>

export async function runRooms(): Promise<CaseResult> {
  const { roomCount, socketsPerRoom, keysPerSecondEach, documentChars, goal } = manyRooms
  const rounds = await runRounds<Values>({
    subjects: ['quire', 'quire-memory', 'relay', 'y-websocket-server', 'hocuspocus-sqlite'],
    roundCount: manyRooms.roundCount,
    run: runRound,
    line: ({ cpuUsPerDelivery, p99Ms, kbPerRoom, idleCpuMsPerSecond }) =>
      `${rounded(cpuUsPerDelivery, 0)} µs CPU per delivery, p99 ${rounded(p99Ms)} ms, ${rounded(kbPerRoom, 0)} KB per room, idle ${rounded(idleCpuMsPerSecond)} ms/s`,
  })
  const quire = (column: keyof Values): number => rounds.of('quire', column)
  const peer = (column: keyof Values): number =>
    rounds.of('y-websocket-server' satisfies SubjectName, column)
  return {
    name: 'rooms',
    question: `CPU, memory and latency of many rooms: ${roomCount} documents of ${documentChars} characters, ${socketsPerRoom} people in each, each typing ${keysPerSecondEach} keys a second.`,
    method: [
      ...rounds.method,
      `${manyRooms.roundCount} rounds each, alternating order, a fresh process per round; ${manyRooms.warmUpMs / 1_000} s warm-up, ${manyRooms.measureMs / 1_000} s measured; medians.`,
      'Memory per room: resident memory at the end of the measured time less that of the server before the first client, divided by the rooms. Two sockets are in it.',
      `Idle: CPU of ${manyRooms.idleMs / 1_000} s in which nobody does anything, ${manyRooms.restMs / 1_000} s after the last key; the clients stay.`,
    ],
    rows: rowsOf(rounds, {
      cpuUsPerDelivery: 1,
      cpuMs: 0,
      deliveries: 0,
      missing: 0,
      p50Ms: 2,
      p95Ms: 2,
      p99Ms: 2,
      kbPerRoom: 1,
      emptyServerMb: 0,
      residentMb: 0,
      idleCpuMsPerSecond: 2,
      generatorBusyShare: 2,
    }),
    goals: [
      ratioGoal(
        'CPU per delivery, of y-websocket-server’s in memory',
        quire('cpuUsPerDelivery'),
        peer('cpuUsPerDelivery'),
        goal.cpuRatioMax,
      ),
      ratioGoal(
        'memory per room, of y-websocket-server’s',
        quire('kbPerRoom'),
        peer('kbPerRoom'),
        goal.memoryRatioMax,
      ),
      boundGoal('p99', quire('p99Ms'), goal.p99MsMax, 'ms'),
      boundGoal(
        'CPU when everybody is silent',
        quire('idleCpuMsPerSecond'),
        goal.idleCpuMsPerSecondMax,
        'ms/s',
      ),
    ],
    notes: rounds.notes,
    rounds: rounds.rounds,
  }
}

function runRound(subject: Subject): Promise<Values> {
  const { roomCount, socketsPerRoom, keysPerSecondEach } = manyRooms
  return withLoad(subject, async (server, generator) => {
    const emptyServerMb = residentMbOf(server.pid)
    await generator.open({
      target: server.target,
      documents: Array.from({ length: roomCount }, (_, i) => `room-${i}`),
      socketsPerDocument: socketsPerRoom,
      atOnce: 20,
    })
    await generator.seed(plainText(manyRooms.documentChars))
    await generator.type({ typistsPerDocument: socketsPerRoom, keysPerSecondEach })
    await sleep(manyRooms.warmUpMs)
    const stretch = await measureStretch(server, generator, manyRooms.measureMs)
    const { missing } = await generator.rest(5_000)
    await sleep(manyRooms.restMs)
    const before = cpuMsOf(server.pid)
    await sleep(manyRooms.idleMs)
    const idleCpuMs = cpuMsOf(server.pid) - before
    return {
      ...stretch,
      missing,
      emptyServerMb,
      cpuUsPerDelivery: (stretch.cpuMs * 1_000) / stretch.deliveries,
      kbPerRoom: ((stretch.residentMb - emptyServerMb) * 1_024) / roomCount,
      idleCpuMsPerSecond: (idleCpuMs * 1_000) / manyRooms.idleMs,
    }
  })
}

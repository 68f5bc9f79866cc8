/**
 * Somebody stops reading, a laptop that was closed, while much is written. What does the server hold
 * for them, and what do they have when they read again? The same flow with everybody reading stands
 * beside it, because megabytes that pass through a process leave their mark anyway.
 */
import { paused } from '../config.ts'
import { watchOthers } from '../machine.ts'
import { quietCpuMs, withLoad } from '../measure.ts'
import { residentMbOf } from '../process-cpu.ts'
import { watchResident } from '../resident.ts'
import { type CaseResult, rounded } from '../results.ts'
import { boundGoal, rowsOf, runRounds } from '../rounds.ts'
import type { Subject } from '../subjects/subject.ts'

interface Values extends Record<string, number> {
  /** Peak until all are equal, less before, with everybody reading and with one who does not. */
  readonly readingGrowthMb: number
  readonly pausedGrowthMb: number
  readonly extraMb: number
  /** 1 or 0. */
  readonly converged: number
  readonly convergeMs: number
  readonly closedSockets: number
}

export async function runPaused(): Promise<CaseResult> {
  const { megabytes, megabytesPerSecond, updateBytes, goal } = paused
  const rounds = await runRounds<Values>({
    subjects: ['quire', 'relay', 'y-websocket-server', 'hocuspocus'],
    roundCount: paused.roundCount,
    run: runRound,
    line: ({ readingGrowthMb, pausedGrowthMb, extraMb, converged, convergeMs }) =>
      `grew ${rounded(readingGrowthMb, 0)} MB with all reading, ${rounded(pausedGrowthMb, 0)} MB with one paused, ${rounded(extraMb, 0)} MB more; ${converged ? `equal after ${rounded(convergeMs, 0)} ms` : 'NOT equal'}`,
  })
  return {
    name: 'paused',
    question: `Memory that the server holds for a client that does not read while ${megabytes} MB flow through its document.`,
    method: [
      ...rounds.method,
      `${paused.writerCount} clients set a key each again and again, ${updateBytes / 1_024} KB each time, together ${megabytesPerSecond} MB a second, so the document stays small; one more reads; the last does not, then reads again and has to end with the last values (read with Yjs) within ${paused.convergeMsMax / 1_000} s.`,
      'Growth: the most resident memory from the first write until all are equal (sampled), less that before. `extraMb`: the growth with one paused less that with all reading, each on a fresh server.',
      `${paused.roundCount} rounds each, alternating order; medians.`,
    ],
    rows: rowsOf(rounds, {
      extraMb: 0,
      pausedGrowthMb: 0,
      readingGrowthMb: 0,
      converged: 0,
      convergeMs: 0,
      closedSockets: 0,
      flowMs: 0,
    }),
    goals: [
      boundGoal(
        'growth while it flows, one paused',
        rounds.of('quire', 'pausedGrowthMb'),
        goal.growthMbMax,
        'MB',
      ),
      boundGoal(
        'of it what the paused reader adds',
        rounds.of('quire', 'extraMb'),
        goal.growthMbMax,
        'MB',
      ),
      {
        goal: 'it ends equal',
        measured: `equal: ${rounds.of('quire', 'converged') === 1 ? 'yes' : 'no'}, after ${rounded(rounds.of('quire', 'convergeMs'), 0)} ms`,
        isMet: rounds.has('quire') ? rounds.of('quire', 'converged') === 1 : undefined,
      },
    ],
    notes: rounds.notes,
    rounds: rounds.rounds,
  }
}

async function runRound(subject: Subject): Promise<Values> {
  const reading = await runOne(subject, false)
  const one = await runOne(subject, true)
  return {
    readingGrowthMb: reading.growthMb,
    pausedGrowthMb: one.growthMb,
    extraMb: one.growthMb - reading.growthMb,
    converged: one.converged,
    convergeMs: one.convergeMs,
    closedSockets: one.closedSockets,
    flowMs: one.flowMs,
    othersBusyCores: Math.max(reading.othersBusyCores, one.othersBusyCores),
  }
}

function runOne(
  subject: Subject,
  isPaused: boolean,
): Promise<
  Record<
    'growthMb' | 'converged' | 'convergeMs' | 'closedSockets' | 'flowMs' | 'othersBusyCores',
    number
  >
> {
  const { writerCount, megabytes, megabytesPerSecond, updateBytes } = paused
  const { convergeMsMax, sampleEveryMs } = paused
  return withLoad(subject, async (server, generator) => {
    await generator.open({
      target: server.target,
      documents: ['paused'],
      socketsPerDocument: writerCount + 2,
    })
    await quietCpuMs(server)
    const others = watchOthers([server.pid, generator.pid])
    const beforeMb = residentMbOf(server.pid)
    const resident = watchResident(server.pid, sampleEveryMs)
    const flow = await generator.flow({
      writerCount,
      megabytes,
      megabytesPerSecond,
      updateBytes,
      isPaused,
    })
    const end = await generator.converge(convergeMsMax)
    const growthMb = resident.stop() - beforeMb
    return {
      growthMb,
      converged: end.hasConverged ? 1 : 0,
      convergeMs: end.ms,
      closedSockets: end.closeCodes.length,
      flowMs: flow.flowMs,
      othersBusyCores: others.stop(),
    }
  })
}

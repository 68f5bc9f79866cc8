/** One stretch of load on one server: its CPU and memory from /proc, beside what the generator saw. */
import type { Measured } from './generator/commands.ts'
import { type Generator, startGenerator } from './generator/generator.ts'
import { watchOthers } from './machine.ts'
import { cpuMsOf, residentMbOf } from './process-cpu.ts'
import { type RunningSubject, type Subject, withSubject } from './subjects/subject.ts'

export interface Stretch extends Measured {
  /** All threads of the server. */
  readonly cpuMs: number
  readonly residentMb: number
  readonly generatorBusyShare: number
  /** Cores that other work on the machine took. */
  readonly othersBusyCores: number
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Starts a server and a generator, and ends both when `run` is over. */
export function withLoad<Result>(
  subject: Subject,
  run: (server: RunningSubject, generator: Generator) => Promise<Result>,
): Promise<Result> {
  return withSubject(subject, async (server) => {
    const generator = startGenerator()
    try {
      return await run(server, generator)
    } finally {
      await generator.end()
    }
  })
}

/** Measures for `measureMs` what goes on anyway. */
export async function measureStretch(
  server: RunningSubject,
  generator: Generator,
  measureMs: number,
): Promise<Stretch> {
  const others = watchOthers([server.pid, generator.pid])
  await generator.startMeasuring()
  const cpuBeforeMs = cpuMsOf(server.pid)
  await sleep(measureMs)
  const cpuMs = cpuMsOf(server.pid) - cpuBeforeMs
  const measured = await generator.stopMeasuring()
  return {
    ...measured,
    cpuMs,
    residentMb: residentMbOf(server.pid),
    generatorBusyShare: measured.busyShare,
    othersBusyCores: others.stop(),
  }
}

/** Resolves with the CPU time when the process has stopped using any: what it still does would count as the next thing. */
export async function quietCpuMs(server: RunningSubject, waitMsMax = 20_000): Promise<number> {
  const endMs = performance.now() + waitMsMax
  for (let before = await server.cpuMs(); ; ) {
    await sleep(250)
    const now = await server.cpuMs()
    if (now - before < 1.5 || performance.now() > endMs) return now
    before = now
  }
}

/** The machine of a run: its name, and how much of it was busy with other work meanwhile. */
import { readFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { cpuMsOf } from './process-cpu.ts'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly system: string
  readonly node: string
}

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Number((totalmem() / 1024 ** 3).toFixed(1)),
    system: `${process.platform} ${release()}`,
    node: process.version,
  }
}

/** /proc/stat counts in steps of 10 ms, as /proc/<pid>/stat does. */
const tickMs = 10

interface MachineTimes {
  readonly busyMs: number
  readonly stolenMs: number
}

function machineTimes(): MachineTimes {
  const line = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? ''
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number)
  return { busyMs: (user + nice + system + irq + softirq) * tickMs, stolenMs: steal * tickMs }
}

/**
 * Watches a stretch of time. `stop` answers with the cores that others kept busy: everything that ran
 * on the machine, less the processes of the run, and what the host took away.
 */
export function watchOthers(pids: readonly number[]): { stop(): number } {
  const own = (): number => [process.pid, ...pids].reduce((sum, pid) => sum + cpuMsOf(pid), 0)
  const startMs = performance.now()
  const before = machineTimes()
  const ownBefore = own()
  return {
    stop() {
      const now = machineTimes()
      const othersMs = now.busyMs - before.busyMs - (own() - ownBefore)
      const stolenMs = now.stolenMs - before.stolenMs
      return Math.max(0, (othersMs + stolenMs) / (performance.now() - startMs))
    },
  }
}

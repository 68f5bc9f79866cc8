/** What another process used, from /proc. Linux only; elsewhere `canMeasureCpu` is false. */
import { existsSync, readFileSync } from 'node:fs'

/** One tick of /proc/<pid>/stat. 100 per second on every Linux that Node runs on. */
const tickMs = 10

export function canMeasureCpu(): boolean {
  return process.platform === 'linux' && existsSync('/proc/self/stat')
}

/** CPU time of the process since its start, all threads, user and system, in steps of 10 ms. */
export function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // Fields after the name, which is in brackets and may hold spaces: 11 and 12 are utime and stime.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * tickMs
}

/** Resident memory in MB. */
export function residentMbOf(pid: number): number {
  const found = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(found?.[1] ?? 0) / 1024
}

/** Watches how much memory a process holds. */
import { residentMbOf } from './process-cpu.ts'

export interface ResidentWatch {
  /** The most it held since the watch began, in MB. */
  stop(): number
}

export function watchResident(pid: number, everyMs: number): ResidentWatch {
  let peakMb = residentMbOf(pid)
  const look = (): void => {
    peakMb = Math.max(peakMb, residentMbOf(pid))
  }
  const timer = setInterval(look, everyMs)
  return {
    stop() {
      clearInterval(timer)
      look()
      return peakMb
    },
  }
}

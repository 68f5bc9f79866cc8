/**
 * Honest people beside somebody hostile: two in each of some documents, who keep exchanging letters while
 * something else goes on, and how long each letter took. In a process of their own, so that what the
 * test does meanwhile does not count.
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Host } from './harness.ts'

export interface Neighbours {
  /** The times of all exchanges so far in ms, quickest first; what comes is counted anew. */
  lap(): Promise<readonly number[]>
  /** Stops, and gives the times since the last lap. */
  stop(): Promise<readonly number[]>
}

export async function startNeighbours(
  host: Pick<Host, 'url'>,
  documents: readonly string[],
): Promise<Neighbours> {
  const file = fileURLToPath(new URL('neighbours-main.ts', import.meta.url))
  const child = fork(file, [host.url, ...documents], {
    execArgv: ['--conditions=source', '--import', 'tsx'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  const nextMessage = <Message>(): Promise<Message> =>
    new Promise((resolve, reject) => {
      const ended = (code: number | null): void =>
        reject(new Error(`the neighbours ended with ${code}`))
      child.once('exit', ended)
      child.once('message', (message) => {
        child.off('exit', ended)
        resolve(message as Message)
      })
    })
  await nextMessage()
  const ask = async (question: 'lap' | 'stop'): Promise<readonly number[]> => {
    const answered = nextMessage<number[]>()
    child.send(question)
    return (await answered).sort((a, b) => a - b)
  }
  return {
    lap: () => ask('lap'),
    async stop() {
      const times = await ask('stop')
      child.disconnect()
      return times
    },
  }
}

/**
 * Whether times are judged by what people notice. Not beside other tests: they take the cores away, and
 * the times would be theirs. `QUIRE_TIMED=1` on a quiet machine, this package's tests alone.
 */
export const isTimed: boolean = process.env['QUIRE_TIMED'] === '1'
/** Without judging times: whoever waits longer is not served any more. */
const servedMsMax = 5_000

/**
 * What 99 of 100 exchanges may take: 100 ms, which people do not notice; on a machine that is busy with
 * other things, four times what they take when nobody does anything else.
 */
export async function patienceMs(neighbours: Neighbours): Promise<number> {
  await neighbours.lap()
  if (!isTimed) return servedMsMax
  const quiet: number[] = []
  while (quiet.length < 200) {
    await new Promise((resolve) => setTimeout(resolve, 200))
    quiet.push(...(await neighbours.lap()))
  }
  return Math.max(
    100,
    4 *
      percentile(
        quiet.sort((a, b) => a - b),
        0.99,
      ),
  )
}

/** The time that this share of `times` (quickest first) did not exceed. */
export function percentile(times: readonly number[], share: number): number {
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN
}

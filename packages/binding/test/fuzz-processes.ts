/** Plays batches of the fuzz on all cores, in processes of their own (`fuzz-process.ts`). */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Batch, PlayedBatch } from './fuzz-process.ts'

const processesMax = 4

export class FuzzProcesses {
  /** Each ready for a batch, or soon. */
  readonly #free: Promise<ChildProcess>[] = []
  readonly #children: ChildProcess[] = []
  readonly #played = new Map<number, Promise<PlayedBatch>>()

  /** Begins to play; the batches that are given first come first. */
  constructor(batches: readonly Batch[]) {
    const count = Math.min(availableParallelism(), processesMax, batches.length)
    for (let i = 0; i < count; i++) this.#free.push(this.#start())
    batches.forEach((batch, i) => {
      const before = this.#free[i % count] as Promise<ChildProcess>
      const played = before.then((child) => this.#ask(child, batch))
      this.#free[i % count] = played.then(() => before)
      this.#played.set(batch.firstSeed, played)
      // Whoever waits for a batch hears of a failure; for later ones nobody may wait any more.
      for (const promise of [played, this.#free[i % count]]) promise?.catch(() => undefined)
    })
  }

  /** What was found; rejects when the process has ended before its time. */
  played(firstSeed: number): Promise<PlayedBatch> {
    const played = this.#played.get(firstSeed)
    if (!played) throw new RangeError(`no batch begins with seed ${firstSeed}`)
    return played
  }

  end(): void {
    for (const child of this.#children) child.kill()
  }

  async #start(): Promise<ChildProcess> {
    const child = fork(join(import.meta.dirname, 'fuzz-process.ts'), {
      execArgv: ['--conditions=source', '--import', 'tsx'],
    })
    this.#children.push(child)
    await answerOf(child)
    return child
  }

  #ask(child: ChildProcess, batch: Batch): Promise<PlayedBatch> {
    const answer = answerOf(child)
    child.send(batch)
    return answer as Promise<PlayedBatch>
  }
}

async function answerOf(child: ChildProcess): Promise<unknown> {
  const over = new AbortController()
  const { signal } = over
  try {
    const ended = once(child, 'exit', { signal }).then(([code]): never => {
      throw new Error(`a process of the fuzz has ended with ${String(code)}`)
    })
    const [message] = (await Promise.race([once(child, 'message', { signal }), ended])) as [unknown]
    // Whichever has not come yet is no longer waited for.
    ended.catch(() => undefined)
    return message
  } finally {
    over.abort()
  }
}

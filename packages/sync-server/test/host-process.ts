/**
 * A sync server in a process of its own, over a store in memory: so that what it costs can be measured
 * beside what its clients cost, and so that the test's own work does not delay it.
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Limits } from '@quire/protocol'
import type { ServerStats } from '../src/index.ts'

/** `collect`: after a garbage collection. */
export type HostQuestion = 'look' | 'collect'

export interface HostAnswer {
  /** CPU time of the whole process since its start. */
  readonly cpuMs: number
  readonly rssBytes: number
  /** What lives in the heap, and beside it in buffers. */
  readonly liveBytes: number
  readonly stats: ServerStats
}

export interface HostProcess {
  readonly url: string
  ask(question?: HostQuestion): Promise<HostAnswer>
  /** Undefined while it runs. */
  readonly exitCode: number | null | undefined
  stop(): Promise<void>
}

export async function startHostProcess(
  options: { readonly limits?: Partial<Limits>; readonly idleMs?: number } = {},
): Promise<HostProcess> {
  const file = fileURLToPath(new URL('host-main.ts', import.meta.url))
  const child = fork(file, [JSON.stringify(options)], {
    execArgv: ['--conditions=source', '--import', 'tsx', '--expose-gc'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  let exitCode: number | null | undefined
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code) => {
      exitCode = code
      resolve()
    })
  })
  const nextMessage = <Message>(): Promise<Message> =>
    new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error('the server ended'))
      child.once('exit', ended)
      child.once('message', (message) => {
        child.off('exit', ended)
        resolve(message as Message)
      })
    })
  const { url } = await nextMessage<{ url: string }>()
  let before: Promise<unknown> = Promise.resolve()
  return {
    url,
    // One at a time: answers carry no name.
    ask: (question = 'look') => {
      const answer = before.then(() => {
        const answered = nextMessage<HostAnswer>()
        child.send(question)
        return answered
      })
      before = answer.catch(() => undefined)
      return answer
    },
    get exitCode() {
      return exitCode
    },
    async stop() {
      child.disconnect()
      await exited
    },
  }
}

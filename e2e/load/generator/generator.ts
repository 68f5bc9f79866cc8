/** The load generator as a case holds it: a process of its own, so that its CPU is not the case's and not the server's. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Answer, CommandName, Commands } from './commands.ts'

export interface Generator extends Commands {
  readonly pid: number
  end(): Promise<void>
}

type Pending = {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** Starts a generator. Every call fails when its process ends. */
export function startGenerator(): Generator {
  const child = fork(fileURLToPath(new URL('./main.ts', import.meta.url)), {
    execArgv: ['--conditions=source', '--import', 'tsx', '--max-semi-space-size=64'],
    // Updates travel as bytes, not as JSON.
    serialization: 'advanced',
  })
  const pending = new Map<number, Pending>()
  let nextId = 1
  let isOver = false
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code) => {
      isOver = true
      for (const { reject } of pending.values()) {
        reject(new Error(`the load generator ended with ${code}`))
      }
      pending.clear()
      resolve()
    })
  })
  child.on('message', (answer: Answer) => {
    const call = pending.get(answer.id)
    pending.delete(answer.id)
    if (answer.kind === 'done') call?.resolve(answer.value)
    else call?.reject(new Error(answer.why))
  })
  const call = <Name extends CommandName>(name: Name): Commands[Name] =>
    // The process at the other end implements the same interface.
    ((argument: unknown) =>
      new Promise((resolve, reject) => {
        if (isOver) {
          reject(new Error('the load generator has ended'))
          return
        }
        const id = nextId++
        pending.set(id, { resolve, reject })
        child.send({ id, name, argument })
      })) as Commands[Name]
  return {
    pid: child.pid ?? 0,
    open: call('open'),
    seed: call('seed'),
    type: call('type'),
    setKeysPerSecond: call('setKeysPerSecond'),
    move: call('move'),
    startMeasuring: call('startMeasuring'),
    stopMeasuring: call('stopMeasuring'),
    rest: call('rest'),
    join: call('join'),
    flow: call('flow'),
    converge: call('converge'),
    poke: call('poke'),
    close: call('close'),
    end() {
      if (!isOver) child.kill('SIGKILL')
      return ended
    },
  }
}

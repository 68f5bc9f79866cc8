/**
 * A server under test as a child process: started, asked for its CPU time, stopped. Knows nothing of
 * what the server is.
 *
 * `QUIRE_BENCH_PROFILE=<folder>` makes every server write a CPU profile there when it stops.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface NodeProcess {
  readonly pid: number
  readonly port: number
  /** CPU time since its start, all threads, in steps of µs. Late when its event loop is. */
  cpuMs(): Promise<number>
  /** SIGTERM, and SIGKILL when that is not enough. */
  stop(): Promise<void>
  readonly hasEnded: boolean
}

export interface NodeProcessOptions {
  /** Program and arguments, without node. */
  readonly args: readonly string[]
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Finds the port in what it prints. */
  readonly listening: RegExp
}

/** From sources, on a busy machine. */
const startMsMax = 60_000
/** Above what Quire gives itself to store what waits. */
const stopMsMax = 15_000
const probe = new URL('../cpu-probe.mjs', import.meta.url).href

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Resolves when it listens; fails with its output when it does not. */
export async function startNodeProcess(options: NodeProcessOptions): Promise<NodeProcess> {
  const { args, cwd, env, listening } = options
  const folder = process.env['QUIRE_BENCH_PROFILE']
  const profile = folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`]
  const child = spawn(process.execPath, ['--import', probe, ...profile, ...args], {
    cwd: cwd ?? fileURLToPath(new URL('.', import.meta.url)),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  })
  running.add(child)
  let output = ''
  let hasEnded = false
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      hasEnded = true
      running.delete(child)
      resolve()
    })
  })
  const port = await new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`a server did not start within ${startMsMax} ms:\n${output}`))
    }, startMsMax)
    const read = (chunk: Buffer): void => {
      // Afterwards it is only drained: a server that complains about each frame must not fill memory here.
      if (output.length > 64 * 1024) return
      output += chunk.toString()
      const found = listening.exec(output)
      if (!found) return
      clearTimeout(timer)
      resolve(Number(found[1]))
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('error', reject)
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`a server ended with ${code} instead of starting:\n${output}`))
    })
  })
  return {
    pid: child.pid ?? 0,
    port,
    get hasEnded() {
      return hasEnded
    },
    cpuMs: () =>
      new Promise((resolve, reject) => {
        if (hasEnded) {
          reject(new Error(`the server has ended:\n${output}`))
          return
        }
        child.once('message', (answer: { cpuUs: number }) => resolve(answer.cpuUs / 1_000))
        child.send('cpu')
      }),
    async stop() {
      if (hasEnded) return
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), stopMsMax)
      await ended
      clearTimeout(timer)
    },
  }
}

/**
 * Runs the real command line from its sources, for tests of it: what it writes, how it ends. Ends what a
 * test left running.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { until } from '@quire/testkit'

const serverFolder = fileURLToPath(new URL('..', import.meta.url))
const running = new Set<ChildProcess>()

export function killAll(): void {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
}

export interface Run {
  readonly child: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  readonly exit: Promise<number | null>
}

/** `fileBytesMax`: no file grows beyond it; writing more fails, as on a disk that is out of order. Not on Windows. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly fileBytesMax?: number
}

export function run(args: readonly string[], { env = {}, fileBytesMax }: RunOptions = {}): Run {
  const main = join(serverFolder, 'src/main.ts')
  const node = [process.execPath, '--conditions=source', '--import', 'tsx', main, ...args]
  // The unit of `ulimit -f` is 512 bytes in POSIX shells. Node ignores the signal that comes with it.
  const limited = ['sh', '-c', `ulimit -f ${(fileBytesMax ?? 0) / 512} && exec "$@"`, 'sh', ...node]
  const [command = '', ...rest] = fileBytesMax === undefined ? node : limited
  const child = spawn(command, rest, {
    cwd: serverFolder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  })
  running.add(child)
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const exit = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      running.delete(child)
      resolve(code)
    })
  })
  return { child, stdout: () => stdout, stderr: () => stderr, exit }
}

/** Runs the server and resolves when it says where it is. */
export async function started(
  args: readonly string[],
  options: RunOptions = {},
): Promise<Run & { readonly port: number }> {
  const command = run(args, options)
  const port = await until(
    `the server says where it is:\n${command.stderr()}`,
    () => {
      const found = /Quire is at http:\/\/127\.0\.0\.1:(\d+)\n/.exec(command.stdout())
      return found ? Number(found[1]) : undefined
    },
    60_000,
  )
  return { ...command, port }
}

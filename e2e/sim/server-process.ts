/**
 * The real server as a child process on a real data folder: what the simulation kills, stops and
 * starts again. Runs the build when it is newer than every source, else the sources.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('../../', import.meta.url))
const serverFolder = join(repository, 'apps/server')
const built = join(serverFolder, 'dist/main.js')
const sourceFolders = [
  'apps/server/src',
  ...['base', 'protocol', 'document', 'persistence', 'sync-server'].map(
    (name) => `packages/${name}/src`,
  ),
]
/** A cold start from sources on a busy machine takes about 5 s. */
const startMsMax = 60_000

export interface ServerProcess {
  readonly port: number
  readonly pid: number
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** Base URL for providers: `ws://127.0.0.1:<port>/sync`. */
  readonly syncUrl: string
  /** All it wrote so far, stdout and stderr together. */
  output(): string
  /** CPU time since its start in ms, all threads; needs `probe`. */
  cpuMs(): Promise<number>
  /** Sends the signal and resolves with the exit code when the process is gone; null after SIGKILL. */
  stop(signal: 'SIGTERM' | 'SIGKILL' | 'SIGINT'): Promise<number | null>
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Command line that runs the server, without its flags. */
export function serverCommand(): readonly string[] {
  if (isBuildFresh()) return [process.execPath, built]
  return [
    process.execPath,
    '--conditions=source',
    '--import',
    'tsx',
    join(serverFolder, 'src/main.ts'),
  ]
}

/** Starts the server and resolves when it listens. Port 0: a free one. Fails with its output when it does not start. */
export async function startServerProcess(options: {
  readonly data: string
  readonly port?: number
  readonly env?: Readonly<Record<string, string>>
  /** A module to load into the server that answers messages with `{ cpuUs }`. */
  readonly probe?: string
}): Promise<ServerProcess> {
  const [command, ...args] = serverCommand()
  const probe = options.probe === undefined ? [] : ['--import', options.probe]
  const child = spawn(
    command ?? process.execPath,
    [...probe, ...args, '--port', String(options.port ?? 0), '--data', options.data],
    {
      cwd: serverFolder,
      stdio: ['ignore', 'pipe', 'pipe', ...(options.probe === undefined ? [] : ['ipc' as const])],
      env: { ...process.env, NODE_OPTIONS: '', ...options.env },
    },
  )
  const { stdout, stderr } = child
  if (stdout === null || stderr === null) throw new Error('the output of the server is piped')
  running.add(child)
  let output = ''
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      running.delete(child)
      resolve(code)
    })
  })
  const port = await new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`the server did not start within ${startMsMax} ms:\n${output}`))
    }, startMsMax)
    const read = (chunk: Buffer): void => {
      output += chunk.toString()
      const found = /Quire is at http:\/\/[^\s]*:(\d+)/.exec(output)
      if (!found) return
      clearTimeout(timer)
      resolve(Number(found[1]))
    }
    stdout.on('data', read)
    stderr.on('data', read)
    child.once('error', reject)
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`the server ended with ${code} instead of starting:\n${output}`))
    })
  })
  return {
    port,
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${port}`,
    syncUrl: `ws://127.0.0.1:${port}/sync`,
    output: () => output,
    cpuMs: () =>
      new Promise((resolve) => {
        child.once('message', (answer: { cpuUs: number }) => resolve(answer.cpuUs / 1_000))
        child.send('cpu')
      }),
    stop(signal) {
      child.kill(signal)
      return exited
    },
  }
}

function isBuildFresh(): boolean {
  if (!existsSync(built)) return false
  const builtMs = statSync(built).mtimeMs
  return sourceFolders.every((folder) => newestMs(join(repository, folder)) <= builtMs)
}

function newestMs(folder: string): number {
  let newest = 0
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || entry.name.includes('.test.')) continue
    newest = Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs)
  }
  return newest
}

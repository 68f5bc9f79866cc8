/**
 * A PostgreSQL server of the tests' own, or the one that `DATABASE_URL` names. No fixed port, a new data
 * folder, as root (through the user postgres or nobody: the server refuses root) or as anybody.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from './until.ts'

export interface PostgresServer {
  readonly url: string
  readonly port: number
  /** Ends all connections at once, as a crash does, and starts again on the same data. */
  crash(): Promise<void>
  stop(): Promise<void>
}

const debian = '/usr/lib/postgresql'

/** Where `initdb` and `postgres` are; undefined when PostgreSQL is not installed. */
export function postgresFolder(): string | undefined {
  const versions = existsSync(debian)
    ? readdirSync(debian).sort((a, b) => Number(b) - Number(a))
    : []
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    '/opt/homebrew/bin',
    '/usr/local/bin',
    '/usr/local/pgsql/bin',
  ]
  return folders.find((folder) => existsSync(join(folder, 'initdb')))
}

function idOf(flag: '-u' | '-g', user: string): number | undefined {
  const { status, stdout } = spawnSync('id', [flag, user], { encoding: 'utf8' })
  return status === 0 ? Number(stdout) : undefined
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

export async function startPostgres(): Promise<PostgresServer> {
  const folder = postgresFolder()
  if (folder === undefined) throw new Error('PostgreSQL is not installed')
  const place = mkdtempSync(join(tmpdir(), 'quire-postgres-'))
  let who: { uid?: number; gid?: number } = {}
  if (process.getuid?.() === 0) {
    const user = idOf('-u', 'postgres') === undefined ? 'nobody' : 'postgres'
    who = { uid: idOf('-u', user) ?? 65_534, gid: idOf('-g', user) ?? 65_534 }
    chownSync(place, who.uid as number, who.gid as number)
  }
  const data = join(place, 'data')
  const options = { cwd: place, env: { ...process.env, LC_ALL: 'C' }, ...who }
  const made = spawnSync(
    join(folder, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-locale'],
    { ...options, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`)
  const port = await freePort()
  let server: ChildProcess
  const start = async (): Promise<void> => {
    let said = ''
    server = spawn(
      join(folder, 'postgres'),
      ['-D', data, '-p', `${port}`, '-h', '127.0.0.1', '-k', place, '-c', 'shared_buffers=16MB'],
      { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
    )
    server.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
    await until('PostgreSQL takes connections', () => {
      if (server.exitCode !== null) throw new Error(`PostgreSQL ended: ${said}`)
      return said.includes('ready to accept connections')
    })
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill(signal)
    await ended
  }
  await start()
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    async crash() {
      // Immediate shutdown: no checkpoint, the log is replayed at the next start.
      await end('SIGQUIT')
      await start()
    },
    async stop() {
      await end('SIGINT')
      rmSync(place, { recursive: true, force: true })
    },
  }
}

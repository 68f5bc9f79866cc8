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
  /** Another server that follows this one: every commit waits for it, until it is promoted. Stop it, too. */
  standby(): Promise<PostgresStandby>
  stop(): Promise<void>
}

export interface PostgresStandby {
  readonly port: number
  /** It takes writes from now on. */
  promote(): Promise<void>
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

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

/** The user that servers of databases run as when we are root, which they refuse; otherwise ourselves. */
export function serverUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const user = idOf('-u', 'postgres') === undefined ? 'nobody' : 'postgres'
  return { uid: idOf('-u', user) ?? 65_534, gid: idOf('-g', user) ?? 65_534 }
}

/** A folder for one server, which belongs to its user. */
export function serverFolder(): string {
  const place = mkdtempSync(join(tmpdir(), 'quire-postgres-'))
  const { uid, gid } = serverUser()
  if (uid !== undefined && gid !== undefined) chownSync(place, uid, gid)
  return place
}

/** Runs one of PostgreSQL's programs to its end. */
function runProgram(place: string, program: string, args: readonly string[]): void {
  const options = { cwd: place, env: { ...process.env, LC_ALL: 'C' }, ...serverUser() }
  const { status, stderr } = spawnSync(join(programs(), program), args, {
    ...options,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`)
}

function programs(): string {
  const folder = postgresFolder()
  if (folder === undefined) throw new Error('PostgreSQL is not installed')
  return folder
}

/** A server on data that is there, which is started and ended. */
class RunningServer {
  readonly port: number
  readonly #place: string
  #process: ChildProcess | undefined = undefined

  constructor(place: string, port: number) {
    this.#place = place
    this.port = port
  }

  async start(): Promise<void> {
    const place = this.#place
    const server = spawn(
      join(programs(), 'postgres'),
      [
        ...['-D', join(place, 'data'), '-p', `${this.port}`, '-h', '127.0.0.1', '-k', place],
        ...['-c', 'shared_buffers=16MB'],
      ],
      {
        cwd: place,
        env: { ...process.env, LC_ALL: 'C' },
        ...serverUser(),
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    )
    this.#process = server
    let said = ''
    server.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    await until('PostgreSQL takes connections', () => {
      if (server.exitCode !== null) throw new Error(`PostgreSQL ended: ${said}`)
      // A standby says "read-only" in between.
      return /ready to accept (read-only )?connections/.test(said)
    })
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const server = this.#process
    if (server === undefined || server.exitCode !== null) return
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill(signal)
    await ended
  }

  async stop(): Promise<void> {
    await this.end('SIGINT')
    rmSync(this.#place, { recursive: true, force: true })
  }
}

export async function startPostgres(): Promise<PostgresServer> {
  const place = serverFolder()
  const data = join(place, 'data')
  const options = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-locale']
  runProgram(place, 'initdb', ['-D', data, ...options])
  const server = new RunningServer(place, await freePort())
  await server.start()
  const connection = ['-h', '127.0.0.1', '-p', `${server.port}`, '-U', 'postgres']
  return {
    url: `postgres://postgres@127.0.0.1:${server.port}/postgres`,
    port: server.port,
    async crash() {
      // Immediate shutdown: no checkpoint, the log is replayed at the next start.
      await server.end('SIGQUIT')
      await server.start()
    },
    async standby() {
      const follower = serverFolder()
      const copy = join(follower, 'data')
      runProgram(follower, 'pg_basebackup', ['-D', copy, '-R', '-c', 'fast', '-N', ...connection])
      const standby = new RunningServer(follower, await freePort())
      await standby.start()
      for (const sql of [
        "ALTER SYSTEM SET synchronous_standby_names = '*'",
        'SELECT pg_reload_conf()',
      ]) {
        runProgram(place, 'psql', [...connection, '-d', 'postgres', '-q', '-c', sql])
      }
      return {
        port: standby.port,
        promote: async () => runProgram(follower, 'pg_ctl', ['promote', '-w', '-D', copy]),
        stop: () => standby.stop(),
      }
    },
    stop: () => server.stop(),
  }
}

/** A PgBouncer of the tests' own, in transaction mode: each statement may meet another connection. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '@quire/testkit'
import { freePort, serverFolder, serverUser } from '@quire/testkit/postgres-server'

/** Where the program is; undefined when it is not installed. */
export const pgbouncerFile: string | undefined = [
  '/usr/sbin/pgbouncer',
  '/opt/homebrew/bin/pgbouncer',
  '/usr/local/bin/pgbouncer',
].find((file) => existsSync(file))

export interface PgBouncer {
  readonly url: string
  stop(): Promise<void>
}

/** Leads to the server on `port`, over at most `connections` connections for everybody. */
export async function startPgBouncer(port: number, connections: number): Promise<PgBouncer> {
  if (pgbouncerFile === undefined) throw new Error('PgBouncer is not installed')
  const place = serverFolder()
  const own = await freePort()
  const file = join(place, 'pgbouncer.ini')
  writeFileSync(
    file,
    `[databases]
postgres = host=127.0.0.1 port=${port} dbname=postgres user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${own}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${connections}
`,
  )
  const bouncer: ChildProcess = spawn(pgbouncerFile, [file], {
    cwd: place,
    ...serverUser(),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  bouncer.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await until('PgBouncer takes connections', () => {
    if (bouncer.exitCode !== null) throw new Error(`PgBouncer ended: ${said}`)
    return said.includes('process up')
  })
  return {
    url: `postgres://postgres@127.0.0.1:${own}/postgres`,
    async stop() {
      const ended = new Promise((resolve) => bouncer.once('exit', resolve))
      bouncer.kill('SIGINT')
      await ended
      rmSync(place, { recursive: true, force: true })
    },
  }
}

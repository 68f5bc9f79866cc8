/** The command as an operator meets it: the real CLI from its sources, its exit codes, its one line of complaint, its signals. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createProvider } from '@quire/provider'
import { until } from '@quire/testkit'
import { afterEach, beforeEach, expect, test } from 'vitest'
import WebSocket from 'ws'
import * as Y from 'yjs'
import { killAll, type Run, run, started } from './cli.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quire-cli-'))
})
afterEach(() => {
  killAll()
  rmSync(folder, { recursive: true, force: true })
})

/** The complaint: exactly one line. */
async function complaint(command: Run, code: number): Promise<string> {
  expect(await command.exit, command.stderr()).toBe(code)
  expect(command.stdout()).toBe('')
  expect(command.stderr()).toMatch(/^quire: [^\n]+\n$/)
  return command.stderr()
}

test.each([
  [['--port', '70000'], {}, '--port'],
  [['--nonsense'], {}, '--nonsense'],
  [[], { QUIRE_PORT: 'eighty' }, 'QUIRE_PORT'],
])('%j with %j ends with code 2 and one line that names it', async (args, env, name) => {
  expect(await complaint(run([...args, '--data', folder], { env }), 2)).toContain(name)
})

test('help goes to stdout, with code 0', async () => {
  const command = run(['--help'])
  expect(await command.exit).toBe(0)
  expect(command.stdout()).toContain('QUIRE_DATA')
  expect(command.stderr()).toBe('')
})

test('a port in use ends with code 1, one line that names it, and the folder free again', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const address = other.address()
  const port = typeof address === 'object' && address ? address.port : 0
  try {
    const text = await complaint(run(['--port', String(port), '--data', folder]), 1)
    expect(text).toContain(`port ${port}`)
    expect(text).toContain('in use')
  } finally {
    other.close()
  }
  const second = await started(['--port', '0', '--data', folder])
  second.child.kill('SIGTERM')
  expect(await second.exit).toBe(0)
})

test('a data path that is a file, or a damaged database, ends with code 1 and one line that names the folder', async () => {
  const file = join(folder, 'file')
  writeFileSync(file, 'not a folder')
  expect(await complaint(run(['--port', '0', '--data', file]), 1)).toContain(file)

  const data = join(folder, 'data')
  const first = await started(['--port', '0', '--data', data])
  first.child.kill('SIGTERM')
  expect(await first.exit).toBe(0)
  const [database] = readdirSync(data).filter((name) => /\.(db|sqlite)$/.test(name))
  writeFileSync(join(data, database ?? ''), Buffer.alloc(8192, 7))
  const text = await complaint(run(['--port', '0', '--data', data]), 1)
  expect(text).toContain(data)
  expect(text).toContain('backup')
})

// Root may write anywhere.
test.skipIf(process.getuid?.() === 0)(
  'a folder without the right to write ends with code 1',
  async () => {
    const data = join(folder, 'locked')
    mkdirSync(data)
    chmodSync(data, 0o555)
    expect(await complaint(run(['--port', '0', '--data', data]), 1)).toContain(data)
  },
)

test('a folder that another server uses ends with code 1 and one line that says so', async () => {
  const first = await started(['--port', '0', '--data', folder])
  const text = await complaint(run(['--port', '0', '--data', folder]), 1)
  expect(text).toContain('another process')
  expect(text).toContain(folder)
  first.child.kill('SIGINT')
  expect(await first.exit).toBe(0)
})

test('the first run says that the folder is new, the second does not; SIGTERM keeps what was typed', async () => {
  const data = join(folder, 'new')
  const first = await started(['--port', '0', '--data', data])
  await until('both lines are out', () => first.stdout().includes('(a new folder)'))
  const doc = new Y.Doc()
  const provider = createProvider({
    url: `ws://127.0.0.1:${first.port}/sync`,
    document: 'notes',
    doc,
    webSocket: WebSocket,
  })
  await until('the client joined', () => provider.synced)
  doc.getText('t').insert(0, 'typed just before the end')
  first.child.kill('SIGTERM')
  expect(await first.exit).toBe(0)
  expect(first.stderr()).toBe('')
  await provider.close()
  expect(existsSync(join(data, 'files'))).toBe(true)

  const second = await started(['--port', '0', '--data', data])
  await until('both lines are out', () => second.stdout().includes(data))
  expect(second.stdout()).not.toContain('new folder')
  const reader = new Y.Doc()
  const again = createProvider({
    url: `ws://127.0.0.1:${second.port}/sync`,
    document: 'notes',
    doc: reader,
    webSocket: WebSocket,
  })
  await until('the reader joined', () => again.synced)
  const text = reader.getText('t').toJSON()
  expect(['', 'typed just before the end']).toContain(text)
  await again.close()
  second.child.kill('SIGTERM')
  expect(await second.exit).toBe(0)
})

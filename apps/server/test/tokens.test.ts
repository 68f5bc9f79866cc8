/** The server of an operator who has set a secret: sockets, REST, and what it writes about them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createLog, type LogEntry } from '@quire/base'
import { createProvider, type Provider } from '@quire/provider'
import { until } from '@quire/testkit'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import * as Y from 'yjs'
import { type Server, startServer } from '../src/index.ts'
import { formatEntry } from '../src/log-sink.ts'
import { secret, signToken } from './sign-token.ts'

const serverFolder = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'quire-tokens-'))
const running = new Set<ChildProcess>()
const providers: Provider[] = []

function run(env: Record<string, string>) {
  const args = ['--port', '0', '--data', join(folder, `data-${running.size}`)]
  const main = join(serverFolder, 'src/main.ts')
  const child = spawn(process.execPath, ['--conditions=source', '--import', 'tsx', main, ...args], {
    cwd: serverFolder,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  })
  running.add(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
  }
  const exit = new Promise<number | null>((resolve) => child.on('exit', resolve))
  return { child, exit, said: () => said }
}

const entries: LogEntry[] = []
let server: Server
let url: string
beforeAll(async () => {
  server = await startServer({
    port: 0,
    host: '127.0.0.1',
    data: join(folder, 'data'),
    web: folder,
    tokens: { secret, audience: 'quire' },
    log: createLog((entry) => entries.push(entry)),
  })
  url = server.url
}, 60_000)
afterEach(async () => {
  await Promise.all(providers.splice(0).map((provider) => provider.close()))
})
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL')
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

const aud = { aud: 'quire' }
function open(document: string, token?: string | (() => string)): Provider {
  const provider = createProvider({
    url: `${url.replace('http', 'ws')}/sync`,
    document,
    doc: new Y.Doc(),
    webSocket: WebSocket,
    token,
  })
  providers.push(provider)
  return provider
}

test('a token opens the documents that it names, on sockets and over REST, and nothing else', async () => {
  const token = signToken({ plan: 'edit', notes: 'view' }, aud)
  const plan = open('plan', token)
  const notes = open('notes', () => token)
  const others = [open('other', token), open('plan'), open('plan', signToken({ plan: 'edit' }))]
  await until('plan is saved', () => plan.status.kind === 'saved')
  plan.doc.getText('t').insert(0, 'x')
  await until('plan is saved', () => plan.status.kind === 'saved')
  await until('notes can be read', () => notes.status.kind === 'readOnly')
  for (const [i, code] of [4403, 4401, 4401].entries()) {
    await until('refused', () => others[i]?.status.kind === 'refused')
    expect(others[i]?.status).toMatchObject({ code })
  }
  const get = async (path: string, bearer = token): Promise<number> =>
    (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${bearer}` } })).status
  expect(await get('/api/documents/plan')).toBe(200)
  expect(await get('/api/documents/other')).toBe(404)
  expect(await get('/api/documents', signToken({ '*': 'own' }))).toBe(401)
})

/** `fetch` does not let one choose a Host. */
const askFor = (host: string, upgrade = false): Promise<number> =>
  new Promise((resolve, reject) => {
    const path = upgrade ? '/sync/plan' : '/healthz'
    const headers = {
      host,
      ...(upgrade && {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      }),
    }
    request({ host: '127.0.0.1', port: server.port, path, headers })
      .on('response', (response) => resolve(response.statusCode ?? 0))
      .on('upgrade', (_response, socket) => {
        socket.destroy()
        resolve(101)
      })
      .on('error', reject)
      .end()
  })

test('a name that somebody pointed at this machine is not answered to, on sockets neither', async () => {
  const { port } = server
  for (const upgrade of [false, true]) {
    expect(await askFor(`evil.example:${port}`, upgrade)).toBe(421)
    expect(await askFor(`localhost:${port}`, upgrade)).toBe(upgrade ? 101 : 200)
  }
})

test('a token is nowhere in what the server writes, and the secret neither', async () => {
  const words: string[] = []
  const sign = (...args: Parameters<typeof signToken>): string => {
    const token = signToken(...args)
    // The end is the signature: enough to know it by.
    words.push(token, token.slice(-20))
    return token
  }
  const good = sign({ plan: 'edit' }, aud)
  const seen = [
    open('plan', good),
    open('plan', sign({ plan: 'edit' }, { aud: 'somebody else' })),
    open('plan', sign({ plan: 'edit' }, { ...aud, exp: 1 })),
    open('other', good),
  ]
  await until('all know', () => seen.every(({ status }) => status.kind !== 'saving'))
  const inUrl = new WebSocket(`${url.replace('http', 'ws')}/sync/plan?token=${good}`)
  await until('it is open', () => inUrl.readyState === WebSocket.OPEN)
  inUrl.send(Uint8Array.of(0, 9))
  await until('it is closed', () => inUrl.readyState === WebSocket.CLOSED)
  const answers: string[] = []
  for (const path of ['/api/documents/plan', '/api/nothing', '/files', `/?token=${good}`]) {
    const headers = { authorization: `Bearer ${good}` }
    const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: 'x' })
    answers.push(await response.text(), JSON.stringify([...response.headers]))
  }
  answers.push(await (await fetch(`${url}/metrics`)).text())
  answers.push(JSON.stringify(seen.map((provider) => [provider.trace(), provider.status])))
  const written = entries.map(formatEntry).join('\n')
  expect(written).toContain('ERR_JWT_EXPIRED')
  expect(written).toContain('session closed')
  const everything = written + answers.join('\n')
  for (const word of [...words, secret]) expect(everything).not.toContain(word)
})

test.each([
  [
    'a short secret',
    { QUIRE_TOKEN_SECRET: 'short' },
    2,
    'QUIRE_TOKEN_SECRET must be a text of at least 32 bytes, and is not',
  ],
  [
    'a key file that is not there',
    { QUIRE_TOKEN_KEY: '/nowhere/key.pem' },
    1,
    'the key file /nowhere/key.pem cannot be read: ENOENT',
  ],
  [
    'a key file without a key',
    { QUIRE_TOKEN_KEY: join(folder, 'text') },
    1,
    'the public key cannot be read',
  ],
  [
    'a key set that is not JSON',
    { QUIRE_TOKEN_JWKS: join(folder, 'text') },
    1,
    `the key set ${join(folder, 'text')} is not JSON`,
  ],
  [
    'a key set over plain HTTP',
    { QUIRE_TOKEN_JWKS: 'http://host.example/keys' },
    1,
    'the address of the key set is not an https: address',
  ],
])('%s is one line, and the server does not start', async (_what, env, code, line) => {
  writeFileSync(join(folder, 'text'), 'hello')
  const { exit, said } = run(env)
  expect(await exit).toBe(code)
  expect(said()).toBe(`quire: ${line}\n`)
})

/** The server over real HTTP and real sockets, on a port of its own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { closeCodes, type DocumentEvent } from '@quire/protocol'
import { createProvider, type Provider } from '@quire/provider'
import { until } from '@quire/testkit'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import * as Y from 'yjs'
import { type Server, startServer } from '../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'quire-server-'))
const providers: Provider[] = []
let server: Server

beforeAll(async () => {
  server = await startServer({
    port: 0,
    host: '127.0.0.1',
    data: join(folder, 'data'),
    web: folder,
  })
}, 60_000)
afterEach(async () => {
  await Promise.all(providers.splice(0).map((provider) => provider.close()))
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

function open(document: string, doc = new Y.Doc()): Provider {
  const provider = createProvider({
    url: `${server.url.replace('http', 'ws')}/sync`,
    document,
    doc,
    webSocket: WebSocket,
  })
  providers.push(provider)
  return provider
}

const api = async (method: string, path: string, body?: object, headers = {}) =>
  fetch(`${server.url}/api/documents${path}`, {
    method,
    ...(body ? { body: JSON.stringify(body) } : {}),
    headers: { 'content-type': 'application/json', ...headers },
  })

const create = async (title: string): Promise<string> =>
  ((await (await api('POST', '', { title })).json()) as { id: string }).id

test('a rename reaches the people who have the document open', async () => {
  const id = await create('before')
  const provider = open(id)
  const events: DocumentEvent[] = []
  provider.on('event', (event) => events.push(event))
  await until('the client joined', () => provider.synced)
  expect((await api('PATCH', `/${id}`, { title: 'after' })).status).toBe(200)
  await until('the event came', () => events.length > 0)
  expect(events).toEqual([{ kind: 'title', title: 'after' }])
})

test('a delete closes open sessions for good, and the document stays gone', async () => {
  const id = await create('short-lived')
  const provider = open(id)
  await until('the client joined', () => provider.synced)
  provider.doc.getText('t').insert(0, 'x')
  expect((await api('DELETE', `/${id}`)).status).toBe(204)
  const status = await until('the client is told', () =>
    provider.status.kind === 'refused' ? provider.status : undefined,
  )
  expect(status.code).toBe(closeCodes.deleted.code)
  const later = open(id)
  await until('a later client is refused too', () => later.status.kind === 'refused')
  expect((await api('GET', `/${id}`)).status).toBe(404)
})

test('an edit moves a document to the top of the list; one first seen by a socket has no title yet', async () => {
  await create('older')
  const provider = open('by-socket')
  await until('the client joined', () => provider.synced)
  provider.doc.getText('t').insert(0, 'x')
  await until('it is saved', () => provider.status.kind === 'saved')
  const page = (await (await api('GET', '?limit=1')).json()) as {
    documents: { id: string; title: string }[]
  }
  expect(page.documents).toMatchObject([{ id: 'by-socket', title: '' }])
})

test('pages of another site may neither open a socket nor change anything', async () => {
  const evil = { origin: 'https://evil.example' }
  for (const [headers, status] of [
    [evil, 403],
    [{ origin: server.url }, 101],
    [{}, 101],
  ] as const) {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/sync/origin`, { headers })
    const seen = await new Promise<number>((resolve, reject) => {
      socket.once('open', () => resolve(101))
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
      socket.once('error', reject)
    })
    expect(seen).toBe(status)
    socket.terminate()
  }
  expect((await api('POST', '', { title: 'x' }, evil)).status).toBe(403)
  const upload = await fetch(`${server.url}/files`, { method: 'POST', body: 'x', headers: evil })
  expect(upload.status).toBe(403)
  expect((await api('GET', '', undefined, evil)).status).toBe(200)
})

test('health, readiness and metrics answer; every answer forbids sniffing', async () => {
  for (const path of ['/healthz', '/readyz', '/metrics', '/nothing', '/api/nothing', '/files/x']) {
    const response = await fetch(server.url + path)
    expect(response.headers.get('x-content-type-options'), path).toBe('nosniff')
    expect(response.status, path).toBe(/nothing|files/.test(path) ? 404 : 200)
  }
})

test('an upload that says HTML.png is refused over real HTTP, and no path climbs out of a folder', async () => {
  const response = await fetch(`${server.url}/files`, {
    method: 'POST',
    body: '<!doctype html><script>alert(1)</script>',
    headers: { 'content-type': 'image/png' },
  })
  expect(response.status).toBe(415)
  // fetch tidies paths up; a raw request does not.
  for (const path of [
    '/files/../../../etc/passwd',
    '/../../etc/passwd',
    '/files/..%2f..%2fetc%2fpasswd',
  ]) {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request({ host: '127.0.0.1', port: server.port, path }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
        .on('error', reject)
        .end()
    })
    expect(status, path).toBe(404)
  }
})

test('bytes that are not HTTP, and a socket that is cut during its upgrade, do not disturb the server', async () => {
  for (const bytes of [
    '\x16\x03\x01',
    'GET /sync/x HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
  ]) {
    await new Promise<void>((resolve) => {
      const socket = connect(server.port, '127.0.0.1', () => {
        socket.write(bytes, () => socket.resetAndDestroy())
      })
      socket.on('error', () => undefined)
      socket.on('close', () => resolve())
    })
  }
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
})

test('closing twice is one close, and everything is stored', async () => {
  const other = await startServer({
    port: 0,
    host: '127.0.0.1',
    data: join(folder, 'other'),
    web: folder,
  })
  expect(other.isNew).toBe(true)
  expect(await Promise.all([other.close(), other.close()])).toEqual([
    { unsaved: 0 },
    { unsaved: 0 },
  ])
  await expect(fetch(`${other.url}/healthz`)).rejects.toThrow()
})

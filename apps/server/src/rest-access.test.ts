/** Who may call what: every kind of asker at every endpoint. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog, type LogEntry } from '@quire/base'
import { createMemoryStore } from '@quire/persistence'
import { type DocumentName, parseDocumentName } from '@quire/protocol'
import { createSyncServer } from '@quire/sync-server'
import { afterEach, expect, test } from 'vitest'
import { secret, signToken } from '../test/sign-token.ts'
import { type Access, openAccess, tokenAccess } from './access.ts'
import { createApp } from './app.ts'
import { openUploads } from './uploads.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const named = (text: string): DocumentName => {
  const name = parseDocumentName(text)
  if (!name) throw new Error(`${text} is no name`)
  return name
}

/** A server with the document `plan`, which somebody has a role in, and `other`, which is somebody else's. */
async function createScene(access: Access) {
  const folder = mkdtempSync(join(tmpdir(), 'quire-rest-'))
  folders.push(folder)
  const store = createMemoryStore()
  for (const name of ['plan', 'other']) await store.create(named(name), `The ${name}`)
  const entries: LogEntry[] = []
  const app = createApp({
    store,
    access,
    syncServer: createSyncServer({ store }),
    workers: { quarantined: () => [], render: async () => '' },
    uploads: await openUploads(folder, undefined),
    web: async (c) => c.text('the app'),
    isAccepting: () => true,
    log: createLog((entry) => entries.push(entry)),
  })
  const call = async (method: string, path: string, token?: string) => {
    const [sent, type] =
      path === '/files' ? [png, 'image/png'] : [JSON.stringify({ title: 'x' }), 'application/json']
    return app.request(path, {
      method,
      ...(method === 'GET' || method === 'DELETE' ? {} : { body: sent }),
      headers: {
        'content-type': type,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    })
  }
  return { call, entries, store }
}

const endpoints = [
  ['GET', '/api/documents'],
  ['POST', '/api/documents'],
  ['GET', '/api/documents/plan'],
  ['PATCH', '/api/documents/plan'],
  ['DELETE', '/api/documents/plan'],
  ['GET', '/api/documents/other'],
  ['PATCH', '/api/documents/other'],
  ['DELETE', '/api/documents/other'],
  ['GET', '/api/documents/missing'],
  ['PATCH', '/api/documents/missing'],
  ['DELETE', '/api/documents/missing'],
  ['GET', '/api/documents/__proto__'],
  ['PUT', '/api/documents/plan'],
  ['POST', '/files'],
] as const

/** For each asker, the statuses in the order of `endpoints`. */
const matrix: readonly (readonly [string, () => string | undefined, string])[] = [
  ['nobody', () => undefined, '401 401 401 401 401 401 401 401 401 401 401 401 401 401'],
  ['garbage', () => 'garbage', '401 401 401 401 401 401 401 401 401 401 401 401 401 401'],
  [
    'an expired token',
    () => signToken({ '*': 'own' }, { exp: 1 }),
    '401 401 401 401 401 401 401 401 401 401 401 401 401 401',
  ],
  ['nothing', () => signToken({}), '200 403 404 404 404 404 404 404 404 404 404 404 405 403'],
  [
    'view',
    () => signToken({ plan: 'view' }),
    '200 403 200 403 403 404 404 404 404 404 404 404 405 403',
  ],
  [
    'comment',
    () => signToken({ plan: 'comment' }),
    '200 403 200 403 403 404 404 404 404 404 404 404 405 403',
  ],
  [
    'edit',
    () => signToken({ plan: 'edit' }),
    '200 403 200 200 403 404 404 404 404 404 404 404 405 201',
  ],
  [
    'own',
    () => signToken({ plan: 'own' }),
    '200 403 200 200 204 404 404 404 404 404 404 404 405 201',
  ],
  [
    'view everywhere',
    () => signToken({ '*': 'view' }),
    '200 403 200 403 403 200 403 403 404 403 403 404 405 403',
  ],
  [
    'edit everywhere, view in one',
    () => signToken({ '*': 'edit', plan: 'view' }),
    '200 201 200 403 403 200 200 403 404 404 403 404 405 201',
  ],
  [
    'own everywhere',
    () => signToken({ '*': 'own' }),
    '200 201 200 200 204 200 200 204 404 404 404 404 405 201',
  ],
]

test.each(matrix)('a token for %s', async (_who, tokenOf, expected) => {
  const token = tokenOf()
  const statuses: number[] = []
  for (const [method, path] of endpoints) {
    const { call } = await createScene(tokenAccess({ secret }))
    statuses.push((await call(method, path, token)).status)
  }
  const statusesOf = (list: readonly (number | string)[]) =>
    Object.fromEntries(endpoints.map((endpoint, i) => [endpoint.join(' '), Number(list[i])]))
  expect(statusesOf(statuses)).toEqual(statusesOf(expected.split(' ')))
})

test('without tokens everybody may do everything, whatever they send', async () => {
  const expected = [200, 201, 200, 200, 204, 200, 200, 204, 404, 404, 404, 404, 405, 201]
  for (const token of [undefined, 'garbage']) {
    for (const [i, [method, path]] of endpoints.entries()) {
      const { call } = await createScene(openAccess)
      expect((await call(method, path, token)).status, `${method} ${path}`).toBe(expected[i])
    }
  }
})

test('a document that is missing and one that is forbidden answer alike, to the last byte', async () => {
  const { call } = await createScene(tokenAccess({ secret }))
  const token = signToken({ plan: 'own' })
  for (const method of ['GET', 'PATCH', 'DELETE']) {
    const [forbidden, missing] = [
      await call(method, '/api/documents/other', token),
      await call(method, '/api/documents/missing', token),
    ]
    expect([forbidden.status, await forbidden.text()]).toEqual([
      missing.status,
      await missing.text(),
    ])
    expect([...forbidden.headers]).toEqual([...missing.headers])
  }
})

test('the list has what the token names and is there, in pages, and shows nothing of the rest', async () => {
  const { call, store } = await createScene(tokenAccess({ secret }))
  const names = ['a', 'b', 'c', 'd']
  for (const name of names) await store.create(named(name), name)
  const token = signToken(
    Object.fromEntries([...names, 'never-made'].map((name) => [name, 'view'])),
  )
  const seen: string[] = []
  let after = ''
  for (let page = 0; page < 5; page++) {
    const response = await call('GET', `/api/documents?limit=3${after}`, token)
    const text = await response.text()
    expect(text).not.toMatch(/other|plan/)
    const body = JSON.parse(text) as { documents: { id: string }[]; next: string | null }
    seen.push(...body.documents.map(({ id }) => id))
    if (body.next === null) break
    after = `&after=${encodeURIComponent(body.next)}`
  }
  expect(seen.sort()).toEqual(names)
  for (const cursor of ['x', '5', '~a', '5~', '-1~a']) {
    const response = await call('GET', `/api/documents?after=${encodeURIComponent(cursor)}`, token)
    expect(response.status, cursor).toBe(cursor === '5~' || !/^\d+~./.test(cursor) ? 400 : 200)
  }
})

test('keys that cannot be had are no denial, and the token is not in the log', async () => {
  const keys = { keySetUrl: 'https://host.example/keys' }
  const fetch = () => Promise.reject(new TypeError('fetch failed'))
  const { call, entries } = await createScene(tokenAccess({ ...keys, fetch }))
  const token = signToken({ plan: 'own' })
  const rsa = `${Buffer.from('{"alg":"RS256"}').toString('base64url')}${token.slice(token.indexOf('.'))}`
  const response = await call('GET', '/api/documents/plan', rsa)
  expect(response.status).toBe(503)
  expect(entries.map(({ message }) => message)).toEqual(['access could not be decided'])
  expect(JSON.stringify([entries, await response.text()])).not.toContain(token.slice(-20))
})

test('a picture is shown to whoever knows its name, and health is for machines', async () => {
  const { call } = await createScene(tokenAccess({ secret }))
  const { src } = (await (await call('POST', '/files', signToken({ plan: 'edit' }))).json()) as {
    src: string
  }
  for (const path of [src, '/healthz', '/readyz', '/metrics', '/', '/d/plan']) {
    expect((await call('GET', path)).status, path).toBe(200)
  }
})

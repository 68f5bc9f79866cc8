import { silentLog } from '@quire/base'
import { createMemoryStore } from '@quire/persistence'
import { type DocumentEvent, documentNameCharsMax } from '@quire/protocol'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { openAccess } from './access.ts'
import { documentsApi } from './documents-api.ts'

interface Info {
  id: string
  title: string
  createdMs: number
  changedMs: number
}

function createWorld() {
  const announced: { document: string; event: DocumentEvent }[] = []
  const closed: string[] = []
  const store = createMemoryStore()
  const app = new Hono()
  app.route(
    '/api/documents',
    documentsApi({
      store,
      access: openAccess,
      log: silentLog,
      open: {
        announce: (document, event) => void announced.push({ document, event }),
        closeDocument: (document) => void closed.push(document),
      },
    }),
  )
  const call = async (method: string, path: string, body?: unknown) =>
    app.request(`/api/documents${path}`, {
      method,
      ...(body === undefined
        ? {}
        : {
            body: typeof body === 'string' ? body : JSON.stringify(body),
            headers: { 'content-type': 'application/json' },
          }),
    })
  const create = async (title: string): Promise<Info> =>
    (await (await call('POST', '', { title })).json()) as Info
  return { app, store, announced, closed, call, create }
}

test('a document is created with a title and an id of its own, and can be read back', async () => {
  const { call } = createWorld()
  const made = await call('POST', '', { title: '  Notes\nof\tMay ' })
  expect(made.status).toBe(201)
  const info = (await made.json()) as Info
  expect(info.title).toBe('Notes of May')
  expect(info.id).toMatch(/^[A-Za-z0-9_-]{22}$/)
  expect(made.headers.get('location')).toBe(`/api/documents/${info.id}`)
  const read = await call('GET', `/${info.id}`)
  expect(await read.json()).toEqual(info)
  expect(read.headers.get('cache-control')).toBe('no-store')
})

test('without a body the title is empty', async () => {
  const { call } = createWorld()
  const made = await call('POST', '')
  expect(made.status).toBe(201)
  expect(((await made.json()) as Info).title).toBe('')
})

test('the list is paged, each document once, and a limit is obeyed', async () => {
  const { call, create } = createWorld()
  const titles = ['a', 'b', 'c', 'd', 'e']
  for (const title of titles) await create(title)
  const seen: string[] = []
  let after = ''
  for (let page = 0; page < 10; page++) {
    const response = await call('GET', `?limit=2${after}`)
    const body = (await response.json()) as { documents: Info[]; next: string | null }
    expect(body.documents.length).toBeLessThanOrEqual(2)
    seen.push(...body.documents.map(({ title }) => title))
    if (body.next === null) break
    after = `&after=${encodeURIComponent(body.next)}`
  }
  expect(seen.sort()).toEqual(titles)
})

test('a rename is stored and announced to open sessions', async () => {
  const { call, create, announced } = createWorld()
  const { id } = await create('old')
  const renamed = await call('PATCH', `/${id}`, { title: 'new' })
  expect(renamed.status).toBe(200)
  expect(((await renamed.json()) as Info).title).toBe('new')
  expect(announced).toEqual([{ document: id, event: { kind: 'title', title: 'new' } }])
})

test('a deleted document is gone from everywhere, and its sessions are closed', async () => {
  const { call, create, closed } = createWorld()
  const { id } = await create('x')
  expect((await call('DELETE', `/${id}`)).status).toBe(204)
  expect(closed).toEqual([id])
  for (const method of ['GET', 'DELETE']) expect((await call(method, `/${id}`)).status).toBe(404)
  expect((await call('PATCH', `/${id}`, { title: 'y' })).status).toBe(404)
  expect(await (await call('GET', '')).json()).toEqual({ documents: [], next: null })
})

const longTitle = { title: 'x'.repeat(301) }
test.each([
  ['POST', '', '{', 400, 'bad-request'],
  ['POST', '', [], 400, 'bad-request'],
  ['POST', '', { title: 7 }, 400, 'bad-request'],
  ['POST', '', longTitle, 400, 'bad-request'],
  ['POST', '', { title: 'x', owner: 'me' }, 400, 'bad-request'],
  ['POST', '', { title: 'x'.repeat(20_000) }, 413, 'too-large'],
  ['PATCH', '/none', {}, 400, 'bad-request'],
  ['PATCH', '/none', { title: 'x' }, 404, 'not-found'],
  ['GET', '?limit=0', undefined, 400, 'bad-request'],
  ['GET', '?limit=201', undefined, 400, 'bad-request'],
  ['GET', '?limit=1e2', undefined, 400, 'bad-request'],
  ['GET', '?after=', undefined, 400, 'bad-request'],
  ['GET', '/none', undefined, 404, 'not-found'],
  ['GET', '/..%2f..%2fetc', undefined, 404, 'not-found'],
  ['GET', `/${'x'.repeat(documentNameCharsMax + 1)}`, undefined, 404, 'not-found'],
  ['PUT', '/none', undefined, 405, 'method-not-allowed'],
  ['DELETE', '', undefined, 405, 'method-not-allowed'],
])('%s %s with %j answers %i %s as JSON', async (method, path, body, status, code) => {
  const { call } = createWorld()
  const response = await call(method, path, body)
  expect(response.status).toBe(status)
  expect(await response.json()).toEqual({ error: { code, message: expect.any(String) } })
  if (status === 405) expect(response.headers.get('allow')).toContain('GET')
})

test('a body of another type answers 415', async () => {
  const { app } = createWorld()
  for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
    const response = await app.request('/api/documents', {
      method: 'POST',
      body: '{"title":"x"}',
      headers: { 'content-type': type },
    })
    expect(response.status).toBe(415)
  }
})

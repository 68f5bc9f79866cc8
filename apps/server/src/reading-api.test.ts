import { must, silentLog } from '@quire/base'
import { createMemoryStore } from '@quire/persistence'
import { JobError } from '@quire/persistence/work'
import { type DocumentName, parseDocumentName, type Role } from '@quire/protocol'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { type Access, openAccess } from './access.ts'
import { readingApi } from './reading-api.ts'

const named = (name: string): DocumentName => must(parseDocumentName(name), name)

/** Somebody who has a role in some documents. */
const only = (roles: Readonly<Record<string, Role>>): Access => ({
  authorize: openAccess.authorize,
  holderOf: async () => ({
    roleIn: (document) => roles[document],
    documents: Object.keys(roles).map(named),
    mayCreate: false,
    mayUpload: false,
  }),
})

async function createWorld(access: Access = openAccess) {
  const store = createMemoryStore()
  for (const [name, title, text] of [
    ['plan', 'Plan "ü"', 'We go to Lisbon'],
    ['other', 'Other', 'Lisbon, too'],
  ] as const) {
    await store.append([{ document: named(name), updates: [Buffer.from(text)] }])
    await store.rename(named(name), title)
    await store.search.put(named(name), text, 1)
  }
  let error: Error | undefined
  const app = new Hono().route(
    '/api',
    readingApi({
      store,
      access,
      log: silentLog,
      workers: {
        render: async (document, state, format) => {
          if (error) throw error
          return `${document} as ${format}, ${'stored' in state ? state.stored.tail.length : 0} rows`
        },
      },
    }),
  )
  const get = (path: string): Promise<Response> => Promise.resolve(app.request(`/api${path}`))
  return { store, get, app, fail: (with_: Error) => (error = with_) }
}

test('documents are found by their words, with the place', async () => {
  const { get } = await createWorld()
  const answer = await get('/search?q=lisbon')
  expect(answer.status).toBe(200)
  expect(await answer.json()).toEqual({
    documents: [
      {
        id: 'other',
        title: 'Other',
        changedMs: expect.any(Number),
        snippet: [
          { text: 'Lisbon', isMatch: true },
          { text: ', too', isMatch: false },
        ],
      },
      expect.objectContaining({ id: 'plan' }),
    ],
  })
  expect(await (await get('/search?q=lisbon&limit=1')).json()).toMatchObject({
    documents: [{ id: 'other' }],
  })
})

test('a question that makes no sense is refused', async () => {
  const { get, app } = await createWorld()
  for (const query of ['', '?q=x&limit=0', '?q=x&limit=101', `?q=${'x'.repeat(301)}`]) {
    expect((await get(`/search${query}`)).status, query).toBe(400)
  }
  expect((await app.request('/api/search?q=x', { method: 'POST' })).status).toBe(405)
})

test('who may see some documents finds only these, and exports only these', async () => {
  const { get } = await createWorld(only({ plan: 'view' }))
  expect(await (await get('/search?q=lisbon')).json()).toMatchObject({
    documents: [{ id: 'plan' }],
  })
  expect((await get('/documents/plan/export')).status).toBe(200)
  expect((await get('/documents/other/export')).status).toBe(404)
  expect((await get('/documents/missing/export')).status).toBe(404)
})

test('an export is a file in the form that was asked for, which no browser runs', async () => {
  const { get, app } = await createWorld()
  for (const [format, type, ending] of [
    ['html', 'text/html', 'html'],
    ['markdown', 'text/markdown', 'md'],
    ['json', 'application/json', 'json'],
    ['text', 'text/plain', 'txt'],
  ]) {
    const answer = await get(`/documents/plan/export?format=${format}`)
    expect(await answer.text()).toBe(`plan as ${format}, 1 rows`)
    expect(answer.headers.get('content-type')).toBe(`${type}; charset=utf-8`)
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename*=UTF-8''Plan%20%22%C3%BC%22.${ending}`,
    )
    expect(answer.headers.get('content-security-policy')).toContain('sandbox')
  }
  expect((await get('/documents/plan/export?format=docx')).status).toBe(400)
  expect((await get('/documents/plan/export?format=constructor')).status).toBe(400)
  expect((await app.request('/api/documents/plan/export', { method: 'PUT' })).status).toBe(405)
})

test('a document that its thread cannot read is an answer, not an accident', async () => {
  const { get, fail } = await createWorld()
  fail(new JobError('quarantined', 'poisoned'))
  expect((await get('/documents/plan/export')).status).toBe(503)
  fail(new JobError('refused', 'damaged'))
  expect((await get('/documents/plan/export')).status).toBe(500)
})

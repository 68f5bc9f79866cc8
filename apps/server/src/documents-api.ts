/**
 * REST over the list of documents and their titles. Content never passes here: it is edited through
 * the socket.
 *
 * 1. Every input is checked before the store sees it; every answer, an error too, is JSON.
 * 2. Who may not see a document is told that there is none, before the store is asked; who sees it and
 *    may not do more is told so.
 * 3. A rename is stored before it is announced; a delete is stored before open sessions are closed.
 */
import { type Log, randomId, systemRandom } from '@quire/base'
import type { DocumentInfo, DocumentStore } from '@quire/persistence'
import { type DocumentName, parseDocumentName, type Role } from '@quire/protocol'
import { mayWrite, type SyncServer } from '@quire/sync-server'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import type { Access } from './access.ts'
import { listNamed } from './named-documents.ts'
import { onlyMethods, problem } from './problem.ts'
import { askedBy, type Held } from './rest-access.ts'

/** A title of 300 characters is at most 3.6 kB as escaped JSON. */
const bodyBytesMax = 16 * 1024
/** A page that a client can show without paging again. Above it one answer holds the store too long. */
const pageSizeMax = 200
const pageSizeDefault = 50
const titleCharsMax = 300
const cursorCharsMax = 300

// Control characters and line breaks would break lists and file names; people do not type them into titles.
const title = z
  .string()
  .transform((text) => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim())
  .pipe(z.string().max(titleCharsMax))
const createBody = z.strictObject({ title: title.default('') })
const renameBody = z.strictObject({ title })
const listQuery = z.object({
  limit: z
    .string()
    .regex(/^[0-9]{1,4}$/)
    .transform(Number)
    .pipe(z.number().min(1).max(pageSizeMax))
    .optional(),
  after: z.string().min(1).max(cursorCharsMax).optional(),
})

/** The open documents, as far as the API needs them. */
export type OpenDocuments = Pick<SyncServer, 'announce' | 'closeDocument'>

export interface DocumentsApiOptions {
  readonly store: DocumentStore
  readonly open: OpenDocuments
  readonly access: Access
  readonly log: Log
}

/** The routes below `/api/documents`. Errors of the store are thrown, for the app's error handler. */
export function documentsApi({ store, open, access, log }: DocumentsApiOptions): Hono<Held> {
  const api = new Hono<Held>()
  api.use(askedBy(access, log))
  const limitBody = bodyLimit({
    maxSize: bodyBytesMax,
    onError: (c) => problem(c, 'too-large', `A body has at most ${bodyBytesMax} bytes.`),
  })

  api.get('/', async (c) => {
    const query = listQuery.safeParse(c.req.query())
    if (!query.success) return problem(c, 'bad-request', sentenceOf(query.error))
    const { limit = pageSizeDefault, after } = query.data
    const { documents } = c.get('holder')
    const page =
      documents === 'all'
        ? await store.list({ limit, after })
        : await listNamed(store, documents, { limit, after })
    if (!page) return problem(c, 'bad-request', 'after: not a cursor.')
    return answer(c, 200, {
      documents: page.documents.map(publicInfo),
      next: page.next ?? null,
    })
  })

  api.post('/', limitBody, async (c) => {
    if (!c.get('holder').mayCreate) return forbidden(c, 'make documents')
    const body = await readBody(c, createBody, {})
    if (body.kind === 'refused') return body.response
    for (;;) {
      const document = parseDocumentName(randomId(systemRandom))
      // A name made of dots only cannot be drawn from the alphabet of ids.
      if (document === undefined || (await store.create(document, body.value.title)) === 'exists') {
        continue
      }
      const made = await store.describe(document)
      if (made === undefined) continue // deleted by somebody in between
      c.header('location', `/api/documents/${document}`)
      return answer(c, 201, publicInfo(made))
    }
  })

  api.get('/:id', async (c) => {
    const seen = see(c)
    const found = seen && (await store.describe(seen.document))
    return found ? answer(c, 200, publicInfo(found)) : missing(c)
  })

  api.patch('/:id', limitBody, async (c) => {
    const seen = see(c)
    if (!seen) return missing(c)
    const { document, role } = seen
    if (!mayWrite(role)) return forbidden(c, 'rename this document')
    const body = await readBody(c, renameBody)
    if (body.kind === 'refused') return body.response
    if ((await store.rename(document, body.value.title)) === 'missing') return missing(c)
    open.announce(document, { kind: 'title', title: body.value.title })
    const renamed = await store.describe(document)
    return renamed ? answer(c, 200, publicInfo(renamed)) : missing(c)
  })

  api.delete('/:id', async (c) => {
    const seen = see(c)
    if (!seen) return missing(c)
    const { document, role } = seen
    if (role !== 'own') return forbidden(c, 'delete this document')
    if ((await store.delete(document)) === 'missing') return missing(c)
    open.closeDocument(document, 'deleted')
    return c.body(null, 204)
  })

  api.all('/', onlyMethods('GET', 'POST'))
  api.all('/:id', onlyMethods('GET', 'PATCH', 'DELETE'))
  return api
}

/** The document that the path names and what the asker may do in it; undefined when there is none for them. */
function see(c: Context<Held>): { document: DocumentName; role: Role } | undefined {
  const document = parseDocumentName(c.req.param('id') ?? '')
  const role = document && c.get('holder').roleIn(document)
  return document && role && { document, role }
}

function forbidden(c: Context, what: string): Response {
  return problem(c, 'forbidden', `Your role does not let you ${what}.`)
}

function publicInfo({ document, title, createdMs, changedMs }: DocumentInfo) {
  return { id: document, title, createdMs, changedMs }
}

function answer(c: Context, status: 200 | 201, body: object): Response {
  return c.json(body, status, { 'cache-control': 'no-store' })
}

function missing(c: Context): Response {
  return problem(c, 'not-found', 'There is no such document.')
}

type Body<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'refused'; readonly response: Response }

/** The JSON body, checked. `whenEmpty` is what a request without a body means; without it a body must come. */
async function readBody<T>(c: Context, schema: z.ZodType<T>, whenEmpty?: object): Promise<Body<T>> {
  const refused = (response: Response): Body<T> => ({ kind: 'refused', response })
  const text = await c.req.text()
  let raw: unknown = whenEmpty
  if (text !== '' || whenEmpty === undefined) {
    const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
    if (type !== 'application/json') {
      return refused(problem(c, 'unsupported-type', 'Send content-type: application/json.'))
    }
    try {
      raw = JSON.parse(text)
    } catch {
      return refused(problem(c, 'bad-request', 'The body is not JSON.'))
    }
  }
  const parsed = schema.safeParse(raw)
  if (!parsed.success) return refused(problem(c, 'bad-request', sentenceOf(parsed.error)))
  return { kind: 'read', value: parsed.data }
}

function sentenceOf(error: z.ZodError): string {
  const [issue] = error.issues
  const where = issue?.path.join('.') ?? ''
  return `${where === '' ? 'The request' : where}: ${issue?.message ?? 'not valid'}.`
}

/**
 * REST over what documents say: finding them by their words, and taking one along in a form that other
 * programs read. Nothing is changed here.
 *
 * 1. Only what the asker may see is found, and what they may not see is not there.
 * 2. An export is what is stored; what somebody types at this moment may be missing. It is sent as a file
 *    to be kept, in a form that no browser runs.
 */
import { type Log, reasonOf } from '@quire/base'
import type { RenderFormat } from '@quire/document/states'
import { hitsMax, questionCharsMax, type Store } from '@quire/persistence'
import { JobError } from '@quire/persistence/work'
import { parseDocumentName } from '@quire/protocol'
import { Hono } from 'hono'
import { z } from 'zod'
import type { Access } from './access.ts'
import { onlyMethods, problem } from './problem.ts'
import { askedBy, type Held } from './rest-access.ts'
import type { DocumentWorkers } from './workers/document-workers.ts'

const hitsDefault = 20

const searchQuery = z.object({
  q: z.string().max(questionCharsMax),
  limit: z
    .string()
    .regex(/^[0-9]{1,3}$/)
    .transform(Number)
    .pipe(z.number().min(1).max(hitsMax))
    .optional(),
})

/** Type and ending of each format. */
const formats: Readonly<Record<RenderFormat, readonly [type: string, ending: string]>> = {
  html: ['text/html', 'html'],
  markdown: ['text/markdown', 'md'],
  json: ['application/json', 'json'],
  text: ['text/plain', 'txt'],
}

export interface ReadingApiOptions {
  readonly store: Pick<Store, 'open' | 'describe' | 'search'>
  readonly workers: Pick<DocumentWorkers, 'render'>
  readonly access: Access
  readonly log: Log
}

/** `GET /search` and `GET /documents/:id/export`, below `/api`. Errors of the store are thrown, for the app's error handler. */
export function readingApi({ store, workers, access, log }: ReadingApiOptions): Hono<Held> {
  const api = new Hono<Held>()
  const asked = askedBy(access, log)

  api.get('/search', asked, async (c) => {
    const query = searchQuery.safeParse(c.req.query())
    if (!query.success) {
      return problem(c, 'bad-request', `Send q, of at most ${questionCharsMax} characters.`)
    }
    const { q: text, limit = hitsDefault } = query.data
    const holder = c.get('holder')
    const documents = holder.documents === 'all' ? undefined : holder.documents
    const hits = await store.search.find({ text, limit, documents })
    const seen = hits.filter(({ document }) => holder.roleIn(document) !== undefined)
    const found = seen.map(({ document, ...hit }) => ({ id: document, ...hit }))
    return c.json({ documents: found }, 200, { 'cache-control': 'no-store' })
  })

  api.get('/documents/:id/export', asked, async (c) => {
    const document = parseDocumentName(c.req.param('id'))
    const format = c.req.query('format') ?? 'html'
    const role = document && c.get('holder').roleIn(document)
    const info = document && role && (await store.describe(document))
    if (!info) return problem(c, 'not-found', 'There is no such document.')
    if (!isFormat(format)) {
      return problem(c, 'bad-request', `format: one of ${Object.keys(formats).join(', ')}.`)
    }
    try {
      const stored = await store.open(document)
      const text = await workers.render(document, { stored }, format)
      const [type, ending] = formats[format]
      const name = encodeURIComponent(`${info.title || document}.${ending}`)
      return c.body(text, 200, {
        'content-type': `${type}; charset=utf-8`,
        'content-disposition': `attachment; filename*=UTF-8''${name.replaceAll("'", '%27')}`,
        'content-security-policy': "sandbox; default-src 'none'",
        'cache-control': 'no-store',
      })
    } catch (error) {
      if (!(error instanceof JobError)) throw error
      log.error('a document was not exported', { document, reason: reasonOf(error) })
      return error.retry === 'later'
        ? problem(c, 'unavailable', 'The document takes too long to read. Try again later.')
        : problem(c, 'internal', 'The document could not be read. The log of the server says why.')
    }
  })

  api.all('/search', onlyMethods('GET'))
  api.all('/documents/:id/export', onlyMethods('GET'))
  return api
}

function isFormat(text: string): text is RenderFormat {
  return Object.hasOwn(formats, text)
}

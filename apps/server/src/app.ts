/**
 * What is where over HTTP, and what holds for every answer. Sockets never come here: they are upgrades,
 * and `start.ts` hands those to the sync server.
 *
 * 1. What comes here has passed the door (`door.ts`).
 * 2. No answer is sniffed for another type than it says.
 */
import type { Log } from '@quire/base'
import type { BlobStore, Store } from '@quire/persistence'
import type { SyncServer } from '@quire/sync-server'
import { type Context, Hono } from 'hono'
import type { Access } from './access.ts'
import { documentsApi } from './documents-api.ts'
import { filesApi } from './files.ts'
import { problem, problemOf } from './problem.ts'
import { healthRoutes } from './health.ts'
import { readingApi } from './reading-api.ts'
import type { DocumentWorkers } from './workers/document-workers.ts'

export interface AppOptions {
  readonly store: Store
  readonly syncServer: Pick<SyncServer, 'announce' | 'closeDocument' | 'stats'>
  readonly workers: Pick<DocumentWorkers, 'quarantined' | 'render'>
  readonly uploads: BlobStore
  readonly access: Access
  /** Answers what nothing else answers: the web app. */
  readonly web: (c: Context) => Promise<Response>
  /** False from the moment the server begins to stop. */
  readonly isAccepting: () => boolean
  readonly log: Log
}

export function createApp(options: AppOptions): Hono {
  const { store, syncServer, workers, uploads, access, web, log } = options
  const app = new Hono()

  app.use(async (c, next) => {
    c.header('x-content-type-options', 'nosniff')
    c.header('referrer-policy', 'same-origin')
    return next()
  })
  app.onError((error, c) => problemOf(c, error, log))

  app.route('/', healthRoutes(options))
  app.route('/api/documents', documentsApi({ store, open: syncServer, access, log }))
  app.route('/api', readingApi({ store, workers, access, log }))
  app.all('/api/*', (c) => problem(c, 'not-found', 'There is no such call.'))
  app.route('/files', filesApi({ blobs: uploads, access, log }))
  app.all('/files/*', (c) => problem(c, 'not-found', 'There is no such file.'))
  app.all('*', web)
  return app
}

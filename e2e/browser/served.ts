/**
 * The real server on a fresh data folder, which a test may stop and start again on the same port
 * and data: what a deploy, a crash of the machine or a pulled plug looks like from a browser.
 */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const web = fileURLToPath(new URL('../../apps/web/dist', import.meta.url))

export interface Served {
  readonly url: string
  /** A new document, made as a page would make it. Answers with its id. */
  create(title?: string): Promise<string>
  /** What the server says of a document now. */
  describe(documentId: string): Promise<{ title: string } | undefined>
  stop(): Promise<void>
  start(): Promise<void>
  /** Starts it again without anything that it had. */
  startEmpty(): Promise<void>
  /** Stops it and removes the data. */
  close(): Promise<void>
}

export async function serve(): Promise<Served> {
  if (!existsSync(join(web, 'index.html'))) {
    throw new Error('the web app is not built: run `npm run build` first')
  }
  // Here and not at the top: only workers have the `source` condition, the runner has not.
  const { startServer } = await import('@quire/app-server')
  const data = await mkdtemp(join(tmpdir(), 'quire-browser-'))
  const run = (port: number) => startServer({ port, host: '127.0.0.1', data, web })
  let server: Awaited<ReturnType<typeof run>> | undefined = await run(0)
  const { port, url } = server

  return {
    url,
    async create(title) {
      const response = await fetch(`${url}/api/documents`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(title === undefined ? {} : { title }),
      })
      if (response.status !== 201) throw new Error(`no document: ${response.status}`)
      return ((await response.json()) as { id: string }).id
    },
    async describe(documentId) {
      const response = await fetch(`${url}/api/documents/${documentId}`)
      return response.ok ? ((await response.json()) as { title: string }) : undefined
    },
    async stop() {
      await server?.close()
      server = undefined
    },
    async start() {
      server ??= await run(port)
    },
    async startEmpty() {
      await server?.close()
      await rm(data, { recursive: true, force: true })
      server = await run(port)
    },
    async close() {
      await server?.close()
      await rm(data, { recursive: true, force: true })
    },
  }
}

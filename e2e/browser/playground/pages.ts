/** Serves the built playground from the worker's own process, on a port of its own. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const dist = fileURLToPath(new URL('../../../apps/playground/dist', import.meta.url))

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.map': 'application/json',
}

export interface Pages {
  readonly url: string
  close(): Promise<void>
}

export async function servePlayground(): Promise<Pages> {
  if (!existsSync(join(dist, 'index.html'))) {
    throw new Error('the playground is not built: run `npm run build` first')
  }
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://playground')
    const name = pathname === '/' ? '/index.html' : pathname
    // Plain names only: nothing that climbs out of the folder.
    const isPlain = /^(\/[\w-]+)+\.\w+(\.map)?$/.test(name)
    readFile(join(dist, isPlain ? name : 'none')).then(
      (bytes) => {
        response.writeHead(200, {
          'content-type': types[extname(name)] ?? 'application/octet-stream',
        })
        response.end(bytes)
      },
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

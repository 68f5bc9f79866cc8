/** Builds the pages of the peers and serves them from an origin of their own. */
import { createReadStream, existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const folder = fileURLToPath(new URL('../peers/', import.meta.url))
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
}

export interface PeerPages {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string
  close(): void
}

/** Whether the peers' packages are installed. */
export const arePeersInstalled = (): boolean =>
  existsSync(join(folder, 'node_modules/@tiptap/core')) &&
  existsSync(join(folder, 'node_modules/@blocknote/core'))

export async function servePeerPages(): Promise<PeerPages> {
  const root = join(folder, 'pages')
  const built = join(folder, 'dist')
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: built,
      emptyOutDir: true,
      target: 'es2023',
      rollupOptions: { input: [join(root, 'tiptap.html'), join(root, 'blocknote.html')] },
    },
  })
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://pages')
    const file = join(built, pathname)
    const type = types[extname(file)]
    if (type === undefined || !file.startsWith(built) || !existsSync(file)) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'content-type': type })
    createReadStream(file).pipe(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { origin: `http://127.0.0.1:${port}`, close: () => void server.close() }
}

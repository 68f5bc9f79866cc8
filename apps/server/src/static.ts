/**
 * The built web app, read into memory once at start: a few files, and no path of a request ever
 * reaches the disk. Not a server for uploads (`files.ts`).
 *
 * 1. `/` and `/d/<document>` are the page; everything else is a file of the build or 404, for which a
 *    browser gets the page, too: it says so and leads back.
 * 2. Files below `assets/` have a hash in their name and are cached for ever; the page never is.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Context } from 'hono'
import { problem } from './problem.ts'

interface StaticFile {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly type: string
  readonly etag: string
  /** Compresses once, on the first request that accepts it; undefined for what is compressed already. */
  readonly gzipped: (() => Promise<Uint8Array<ArrayBuffer>>) | undefined
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}
const incompressible = new Set(['.png', '.ico', '.woff2'])

/**
 * Scripts only from here. Styles also inline: the editor sets widths, colours and alignment that
 * users choose as style attributes. Images from anywhere over https, because documents link to them.
 */
const pagePolicy: string = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' https: data: blob:",
  "connect-src 'self' ws: wss:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join('; ')

const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Quire</title>
<body><h1>The web app is not built</h1><p>The server runs, and documents can be edited through its
sockets. Run <code>npm run build</code> in the repository and start the server again.</p></body></html>
`

/** Serves the build in `folder`. A folder without `index.html` is not an error: people get a page that says so. */
export async function staticApp(folder: string): Promise<(c: Context) => Promise<Response>> {
  const files = await readFolder(folder)
  const page = files.get('/index.html')

  return async (c) => {
    const path = c.req.path
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
      c.header('allow', 'GET')
      return problem(c, 'method-not-allowed', 'Only GET here.')
    }
    if (path === '/' || path === '/index.html' || /^\/d\/[^/]+\/?$/.test(path)) {
      c.header('content-security-policy', pagePolicy)
      return page ? send(c, page, 'no-cache') : c.html(notBuilt, 503)
    }
    const file = files.get(path)
    if (file === undefined) {
      const isBrowser = c.req.header('accept')?.includes('text/html') ?? false
      if (!page || !isBrowser) return problem(c, 'not-found', 'There is nothing here.')
      c.header('content-security-policy', pagePolicy)
      c.header('content-type', page.type)
      c.header('cache-control', 'no-store')
      return c.body(page.bytes, 404)
    }
    const isHashed = path.startsWith('/assets/')
    return send(c, file, isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
  }
}

async function send(c: Context, file: StaticFile, cacheControl: string): Promise<Response> {
  c.header('cache-control', cacheControl)
  c.header('etag', file.etag)
  c.header('vary', 'accept-encoding')
  if (c.req.header('if-none-match') === file.etag) return c.body(null, 304)
  c.header('content-type', file.type)
  if (file.gzipped !== undefined && /\bgzip\b/.test(c.req.header('accept-encoding') ?? '')) {
    c.header('content-encoding', 'gzip')
    return c.body(await file.gzipped())
  }
  return c.body(file.bytes)
}

async function readFolder(folder: string): Promise<Map<string, StaticFile>> {
  const files = new Map<string, StaticFile>()
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
      throw error
    },
  )
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const extension = extname(entry.name).toLowerCase()
    const bytes = new Uint8Array(await readFile(path))
    const isCompressible = !incompressible.has(extension) && bytes.length > 1024
    files.set(`/${relative(folder, path).split(sep).join('/')}`, {
      bytes,
      type: types[extension] ?? 'application/octet-stream',
      etag: `W/"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
      gzipped: isCompressible ? gzipOnce(bytes) : undefined,
    })
  }
  return files
}

const gzipAsync = promisify(gzip)

function gzipOnce(bytes: Uint8Array): () => Promise<Uint8Array<ArrayBuffer>> {
  let made: Promise<Uint8Array<ArrayBuffer>> | undefined
  return () => (made ??= gzipAsync(bytes).then((gzipped) => new Uint8Array(gzipped)))
}

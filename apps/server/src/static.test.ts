import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Hono } from 'hono'
import { afterEach, expect, test } from 'vitest'
import { staticApp } from './static.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

async function createApp(files: Record<string, string>): Promise<Hono> {
  const folder = mkdtempSync(join(tmpdir(), 'quire-web-'))
  folders.push(folder)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const app = new Hono()
  app.all('*', await staticApp(folder))
  return app
}

const script = `console.log(${'1,'.repeat(2_000)}0)`
const files = {
  'index.html': '<title>Q</title>',
  'assets/app-1a2b.js': script,
  'icon.svg': '<svg/>',
}

test('the page is served for the home page and for documents, fresh each time, with a policy', async () => {
  const app = await createApp(files)
  for (const path of ['/', '/d/notes', '/d/a.b-c_d']) {
    const response = await app.request(path)
    expect(await response.text()).toBe('<title>Q</title>')
    expect(response.headers.get('cache-control')).toBe('no-cache')
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self';")
    const etag = response.headers.get('etag') ?? ''
    const again = await app.request(path, { headers: { 'if-none-match': etag } })
    expect(again.status).toBe(304)
  }
})

test('hashed files are cached for ever, others are not', async () => {
  const app = await createApp(files)
  const asset = await app.request('/assets/app-1a2b.js')
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(asset.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  const icon = await app.request('/icon.svg')
  expect(icon.headers.get('cache-control')).toBe('no-cache')
  expect(icon.headers.get('content-type')).toBe('image/svg+xml')
})

test('text is compressed for who accepts it', async () => {
  const app = await createApp(files)
  const response = await app.request('/assets/app-1a2b.js', {
    headers: { 'accept-encoding': 'br, gzip' },
  })
  expect(response.headers.get('content-encoding')).toBe('gzip')
  expect(gunzipSync(await response.arrayBuffer()).toString()).toBe(script)
  const plain = await app.request('/assets/app-1a2b.js')
  expect(plain.headers.get('content-encoding')).toBe(null)
  expect(await plain.text()).toBe(script)
})

test('what is not in the build is 404, and only GET is answered', async () => {
  const app = await createApp(files)
  for (const path of ['/d', '/d/a/b', '/x', '/assets/', '/..%2f..%2fetc%2fpasswd', '/%00']) {
    expect((await app.request(path)).status, path).toBe(404)
  }
  expect((await app.request('/', { method: 'POST' })).status).toBe(405)
})

test('a browser at an address that does not exist gets the page, which says so, and still 404', async () => {
  const app = await createApp(files)
  const browser = { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } }
  for (const path of ['/x', '/d', '/d/a/b']) {
    const response = await app.request(path, browser)
    expect(response.status, path).toBe(404)
    expect(await response.text()).toBe('<title>Q</title>')
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self';")
    expect(response.headers.get('cache-control')).toBe('no-store')
  }
  const program = await app.request('/x', { headers: { accept: '*/*' } })
  expect(await program.json()).toMatchObject({ error: { code: 'not-found' } })
  expect((await (await createApp({})).request('/x', browser)).status).toBe(404)
})

test('without a build the page says so, with a status that no probe takes for success', async () => {
  const app = await createApp({})
  const response = await app.request('/')
  expect(response.status).toBe(503)
  expect(await response.text()).toContain('npm run build')
})

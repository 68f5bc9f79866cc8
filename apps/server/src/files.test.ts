import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '@quire/base'
import { Hono } from 'hono'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openAccess } from './access.ts'
import { filesApi } from './files.ts'
import { problemOf } from './problem.ts'
import { openUploads } from './uploads.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
const jpeg = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex')
const webp = Buffer.from('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==', 'base64')
const avif = Buffer.concat([
  Buffer.from('0000001c', 'hex'),
  Buffer.from('ftypavif\0\0\0\0avifmif1miaf'),
])

let folder: string
let app: Hono

beforeEach(async () => {
  folder = join(mkdtempSync(join(tmpdir(), 'quire-files-')), 'files')
  await start()
})
async function start(): Promise<void> {
  const blobs = await openUploads(folder, undefined)
  app = new Hono()
  app.onError((error, c) => problemOf(c, error, silentLog))
  app.route('/files', filesApi({ blobs, access: openAccess, log: silentLog }))
}
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

const upload = async (bytes: Uint8Array | string, type = 'image/png') =>
  app.request('/files', {
    method: 'POST',
    body: typeof bytes === 'string' ? bytes : new Uint8Array(bytes),
    headers: { 'content-type': type },
  })

test.each([
  ['png', 'image/png', png],
  ['gif', 'image/gif', gif],
  ['jpg', 'image/jpeg', jpeg],
  ['webp', 'image/webp', webp],
  ['avif', 'image/avif', avif],
])(
  'a %s is kept under its hash and served as %s that nothing can run in',
  async (extension, type, bytes) => {
    const made = await upload(bytes, 'application/octet-stream')
    expect(made.status).toBe(201)
    const { src } = (await made.json()) as { src: string }
    expect(src).toMatch(new RegExp(`^/files/[0-9a-f]{64}\\.${extension}$`))
    const served = await app.request(src)
    expect(served.status).toBe(200)
    expect(Buffer.from(await served.arrayBuffer()).equals(bytes)).toBe(true)
    expect(served.headers.get('content-type')).toBe(type)
    expect(served.headers.get('cache-control')).toContain('immutable')
    expect(served.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'")
  },
)

test('the same image twice is one file, and nothing else is left in the folder', async () => {
  const [first, second] = await Promise.all([upload(png), upload(png)])
  expect(await first.json()).toEqual(await second.json())
  expect((await upload(png)).status).toBe(201)
  expect(readdirSync(folder)).toHaveLength(1)
})

test.each([
  ['HTML that says it is a PNG', '<!doctype html><script>alert(1)</script>'],
  ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
  ['an SVG with an XML head', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'],
  ['a PDF', '%PDF-1.7\n%\u00e2\u00e3'],
  ['text', 'hello'],
  ['nothing', ''],
])('%s is refused with 415 and nothing is kept', async (_what, bytes) => {
  const response = await upload(bytes)
  expect(response.status).toBe(415)
  expect(await response.json()).toEqual({
    error: { code: 'unsupported-type', message: expect.any(String) },
  })
  expect(readdirSync(folder)).toEqual([])
})

test('an image of more than 10 MB is refused with 413', async () => {
  const response = await upload(Buffer.concat([png, Buffer.alloc(10 * 1024 * 1024)]))
  expect(response.status).toBe(413)
  expect(readdirSync(folder)).toEqual([])
})

test('only names of kept files are looked up: no path leaves the folder', async () => {
  writeFileSync(join(folder, '../secret.png'), png)
  writeFileSync(join(folder, 'note.png'), png)
  const paths = [
    '../secret.png',
    '..%2fsecret.png',
    '%2e%2e%2fsecret.png',
    'note.png',
    '%00',
    'a'.repeat(64),
  ]
  for (const path of [...paths, `${'a'.repeat(64)}.png`, `${'a'.repeat(64)}.svg`]) {
    expect((await app.request(`/files/${path}`)).status, path).toBe(404)
  }
})

test('a browser that has the file is told so, and HEAD answers without a body', async () => {
  const { src } = (await (await upload(png)).json()) as { src: string }
  const head = await app.request(src, { method: 'HEAD' })
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
    200,
    String(png.length),
    '',
  ])
  const etag = head.headers.get('etag') ?? ''
  expect((await app.request(src, { headers: { 'if-none-match': etag } })).status).toBe(304)
  expect((await app.request(src, { method: 'DELETE' })).status).toBe(405)
})

test('what an interrupted upload left is removed at the next start, and nothing else', async () => {
  const { src } = (await (await upload(png)).json()) as { src: string }
  writeFileSync(join(folder, 'upload-abc_-1.part'), 'half')
  writeFileSync(join(folder, 'notes.txt'), 'not ours')
  await start()
  const hash = src.slice('/files/'.length, -'.png'.length)
  expect(readdirSync(folder).toSorted()).toEqual([hash.slice(0, 2), 'notes.txt'].toSorted())
  expect((await app.request(src)).status).toBe(200)
})

test('uploads of earlier versions, which lie flat in the folder, keep their addresses', async () => {
  const name = `${createHash('sha256').update(gif).digest('hex')}.gif`
  writeFileSync(join(folder, name), gif)
  await start()
  const served = await app.request(`/files/${name}`)
  expect(Buffer.from(await served.arrayBuffer()).equals(gif)).toBe(true)
  expect(await (await upload(gif)).json()).toEqual({ src: `/files/${name}` })
})

test('a file that was damaged on the disk is not served', async () => {
  const { src } = (await (await upload(png)).json()) as { src: string }
  const hash = src.slice('/files/'.length, -'.png'.length)
  writeFileSync(join(folder, hash.slice(0, 2), hash), Buffer.concat([png, Buffer.from('x')]))
  expect((await app.request(src)).status).toBe(500)
})

test('a file has one address: under the name of another type it is not there', async () => {
  const { src } = (await (await upload(png)).json()) as { src: string }
  expect((await app.request(src.replace(/png$/, 'jpg'))).status).toBe(404)
})

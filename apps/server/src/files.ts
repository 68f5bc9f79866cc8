/**
 * Uploaded images: raw bytes in, a content-addressed file out. Not a file manager: nothing is listed,
 * renamed or overwritten.
 *
 * 1. The type is what the bytes are, never what the client says. Only raster images are kept: HTML and
 *    SVG could run scripts in the origin of the app.
 * 2. A file exists under its name completely or not at all: temporary file, fsync, rename, fsync of the folder.
 * 3. Names come from the hash, and only names of that grammar are looked up: no path leaves the folder.
 * 4. Whoever knows a name may read the file: a picture in a page cannot say who asks for it, and nobody
 *    guesses a hash of 256 bits.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type Log, randomId, systemRandom } from '@quire/base'
import { fileTypeFromBuffer } from 'file-type'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Access } from './access.ts'
import { onlyMethods, problem } from './problem.ts'
import { askedBy, type Held } from './rest-access.ts'

/** A photo of a phone fits; the server holds one whole upload in memory. */
const uploadBytesMax = 10 * 1024 * 1024

/** Extension of the kept file by sniffed type. An animated PNG is a PNG to every reader. */
const extensionOf: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/apng': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/avif': 'avif',
}
const typeOf: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
}
const fileName = /^[0-9a-f]{64}\.(png|jpg|gif|webp|avif)$/
const temporary = /^upload-[A-Za-z0-9_-]+\.part$/

/** Makes the folder and removes what an interrupted upload left there. */
export async function prepareFilesFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const name of await readdir(folder)) {
    if (temporary.test(name)) await rm(join(folder, name), { force: true })
  }
}

export interface FilesApiOptions {
  /** It exists. */
  readonly folder: string
  readonly access: Access
  readonly log: Log
}

/** The routes below `/files`. Errors of the disk are thrown, for the app's error handler. */
export function filesApi({ folder, access, log }: FilesApiOptions): Hono<Held> {
  const api = new Hono<Held>()

  api.post(
    '/',
    askedBy(access, log),
    async (c, next) =>
      c.get('holder').mayUpload
        ? next()
        : problem(c, 'forbidden', 'Your role does not let you upload images.'),
    bodyLimit({
      maxSize: uploadBytesMax,
      onError: (c) =>
        problem(c, 'too-large', `An image has at most ${uploadBytesMax / 1024 / 1024} MB.`),
    }),
    async (c) => {
      const bytes = new Uint8Array(await c.req.arrayBuffer())
      const extension = extensionOf[(await fileTypeFromBuffer(bytes))?.mime ?? '']
      if (extension === undefined) {
        return problem(c, 'unsupported-type', 'Only PNG, JPEG, GIF, WebP and AVIF images are kept.')
      }
      const name = `${createHash('sha256').update(bytes).digest('hex')}.${extension}`
      await keep(folder, name, bytes)
      const src = `/files/${name}`
      c.header('location', src)
      return c.json({ src }, 201)
    },
  )

  api.get('/:name', async (c) => {
    const name = c.req.param('name')
    const type = typeOf[fileName.exec(name)?.[1] ?? '']
    if (type === undefined) return problem(c, 'not-found', 'There is no such file.')
    const path = join(folder, name)
    const found = await stat(path).catch(undefinedWhenMissing)
    if (!found?.isFile()) return problem(c, 'not-found', 'There is no such file.')
    const etag = `"${name.slice(0, 32)}"`
    const headers = {
      // The name is the hash of the content, so it can never mean something else.
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': "sandbox; default-src 'none'",
      'cross-origin-resource-policy': 'same-origin',
      etag,
    }
    if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers)
    const withBody = { ...headers, 'content-type': type, 'content-length': String(found.size) }
    if (c.req.method === 'HEAD') return c.body(null, 200, withBody)
    const stream = Readable.toWeb(createReadStream(path)) as ReadableStream
    return c.body(stream, 200, withBody)
  })

  api.all('/', onlyMethods('POST'))
  api.all('/:name', onlyMethods('GET'))
  return api
}

/** Stores `bytes` under `name`, durably. Somebody else may store the same at the same time: the content is the same. */
async function keep(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const path = join(folder, name)
  const found = await stat(path).catch(undefinedWhenMissing)
  if (found?.size === bytes.length) return
  const partPath = join(folder, `upload-${randomId(systemRandom)}.part`)
  try {
    const part = await open(partPath, 'wx', 0o644)
    try {
      await part.writeFile(bytes)
      await part.sync()
    } finally {
      await part.close()
    }
    await rename(partPath, path)
  } catch (error) {
    await rm(partPath, { force: true })
    throw error
  }
  await syncFolder(folder)
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; NTFS journals the rename by itself.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function undefinedWhenMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}

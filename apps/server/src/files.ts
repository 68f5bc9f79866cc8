/**
 * Uploaded images: raw bytes in, a content-addressed file out. Not a file manager: nothing is listed,
 * renamed or overwritten.
 *
 * 1. The type is what the bytes are, never what the client says. Only raster images are kept: HTML and
 *    SVG could run scripts in the origin of the app.
 * 2. A file is stored before its address is given out, and checked against its address when it is read.
 * 3. Names come from the hash, and only names of that grammar are looked up.
 * 4. Whoever knows a name may read the file: a picture in a page cannot say who asks for it, and nobody
 *    guesses a hash of 256 bits.
 */
import type { Log } from '@quire/base'
import { type BlobStore, parseBlobName } from '@quire/persistence'
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
const fileName = /^([0-9a-f]{64})\.(png|jpg|gif|webp|avif)$/

export interface FilesApiOptions {
  readonly blobs: Pick<BlobStore, 'put' | 'get'>
  readonly access: Access
  readonly log: Log
}

/** The routes below `/files`. Errors of the disk are thrown, for the app's error handler. */
export function filesApi({ blobs, access, log }: FilesApiOptions): Hono<Held> {
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
      const name = `${await blobs.put(bytes)}.${extension}`
      const src = `/files/${name}`
      c.header('location', src)
      return c.json({ src }, 201)
    },
  )

  api.get('/:name', async (c) => {
    const name = c.req.param('name')
    const [, hash = '', extension = ''] = fileName.exec(name) ?? []
    const [blob, type] = [parseBlobName(hash), typeOf[extension]]
    const bytes = blob && (await blobs.get(blob))
    // One blob has one address: that of what its bytes are.
    const isOfType =
      bytes && extensionOf[(await fileTypeFromBuffer(bytes))?.mime ?? ''] === extension
    if (!isOfType || type === undefined) return problem(c, 'not-found', 'There is no such file.')
    const etag = `"${name.slice(0, 32)}"`
    const headers = {
      // The name is the hash of the content, so it can never mean something else.
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': "sandbox; default-src 'none'",
      'cross-origin-resource-policy': 'same-origin',
      etag,
    }
    if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers)
    const withBody = { ...headers, 'content-type': type, 'content-length': String(bytes.length) }
    if (c.req.method === 'HEAD') return c.body(null, 200, withBody)
    return c.body(new Uint8Array(bytes), 200, withBody)
  })

  api.all('/', onlyMethods('POST'))
  api.all('/:name', onlyMethods('GET'))
  return api
}

/** Uploads in a bucket: the real server beside an S3 server of the tests' own. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startS3Server, s3Keys } from '@quire/testkit/s3-server'
import { expect, test } from 'vitest'
import { startServer } from '../src/index.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')

test('uploads go into the bucket, older ones are still read from the folder, and a service that is away is an error', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quire-uploads-'))
  const files = join(folder, 'data', 'files')
  mkdirSync(files, { recursive: true })
  const old = `${createHash('sha256').update(gif).digest('hex')}.gif`
  writeFileSync(join(files, old), gif)
  const service = await startS3Server()
  const { endpoint, bucket, objects } = service
  const server = await startServer({
    port: 0,
    host: '127.0.0.1',
    data: join(folder, 'data'),
    web: folder,
    uploads: { endpoint, bucket, prefix: 'files/', ...s3Keys },
  })
  const upload = (): Promise<Response> =>
    fetch(`${server.url}/files`, {
      method: 'POST',
      body: png,
      headers: { 'content-type': 'image/png' },
    })
  try {
    const { src } = (await (await upload()).json()) as { src: string }
    const hash = src.slice('/files/'.length, -'.png'.length)
    expect([...objects.keys()]).toEqual([`files/${hash.slice(0, 2)}/${hash}`])
    expect(readdirSync(files)).toEqual([old.slice(0, 2)])
    const served = await fetch(`${server.url}${src}`)
    expect(served.headers.get('content-type')).toBe('image/png')
    expect(Buffer.from(await served.arrayBuffer()).equals(png)).toBe(true)
    const older = await fetch(`${server.url}/files/${old}`)
    expect(Buffer.from(await older.arrayBuffer()).equals(gif)).toBe(true)
    await service.stop()
    expect((await upload()).status).toBe(503)
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  } finally {
    await server.close()
    await service.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})

/**
 * A small S3 server for tests: objects of one bucket in memory, path-style addresses, PUT, GET, HEAD, DELETE
 * and ListObjectsV2 in pages. It is not a product, and says no to what a real one says no to: it checks
 * Signature Version 4 by code of its own, the hash of the body, and the age of a request.
 */
import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export const s3Keys = { accessKeyId: 'test-key', secretAccessKey: 'test/secret+key' }

export interface S3Server {
  readonly endpoint: string
  readonly bucket: string
  readonly objects: Map<string, { bytes: Buffer; modifiedMs: number }>
  /** Requests that are answered with 503 before others are looked at. */
  failCount: number
  readonly refused: string[]
  stop(): Promise<void>
}

/** Objects on one page of a list; a real server has 1,000. */
const pageSize = 10

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, data: string): Buffer =>
  createHmac('sha256', key).update(data).digest()

export async function startS3Server(): Promise<S3Server> {
  const objects: S3Server['objects'] = new Map()
  const bucket = 'quire-test'
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => answer(request, Buffer.concat(chunks), response))
  })

  function answer(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const fail = (status: number, code: string): void => {
      if (status === 403) self.refused.push(code)
      response.writeHead(status, { 'content-type': 'application/xml' })
      response.end(
        request.method === 'HEAD'
          ? undefined
          : `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`,
      )
    }
    if (self.failCount > 0) {
      self.failCount -= 1
      return fail(503, 'SlowDown')
    }
    const refusal = refusalOf(request, body)
    if (refusal !== undefined) return fail(403, refusal)
    const url = new URL(request.url ?? '', 'http://localhost')
    const [, inBucket, key = ''] =
      /^\/([^/]+)(?:\/(.*))?$/.exec(decodeURIComponent(url.pathname)) ?? []
    if (inBucket !== bucket) return fail(404, 'NoSuchBucket')
    if (key === '') {
      response.writeHead(200, { 'content-type': 'application/xml' })
      response.end(listing(url.searchParams))
      return
    }
    const found = objects.get(key)
    switch (request.method) {
      case 'PUT':
        objects.set(key, { bytes: body, modifiedMs: Date.now() })
        response.writeHead(200).end()
        break
      case 'DELETE':
        objects.delete(key)
        response.writeHead(204).end()
        break
      case 'GET':
      case 'HEAD':
        if (found === undefined) return fail(404, 'NoSuchKey')
        response.writeHead(200, {
          'content-length': found.bytes.length,
          'last-modified': new Date(found.modifiedMs).toUTCString(),
        })
        response.end(request.method === 'GET' ? found.bytes : undefined)
        break
      case undefined:
      default:
        fail(405, 'MethodNotAllowed')
    }
  }

  function listing(query: URLSearchParams): string {
    const prefix = query.get('prefix') ?? ''
    const after = Buffer.from(query.get('continuation-token') ?? '', 'base64').toString()
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort()
    const page = keys.slice(0, pageSize)
    const contents = page.map((key) => {
      const { bytes, modifiedMs } = objects.get(key) ?? { bytes: Buffer.alloc(0), modifiedMs: 0 }
      const escaped = key.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
      return `<Contents><Key>${escaped}</Key><LastModified>${new Date(modifiedMs).toISOString()}</LastModified><Size>${bytes.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`
    })
    const isMore = keys.length > page.length
    const token = Buffer.from(page.at(-1) ?? '').toString('base64')
    const next = isMore ? `<NextContinuationToken>${token}</NextContinuationToken>` : ''
    return `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${bucket}</Name><IsTruncated>${isMore}</IsTruncated>${contents.join('')}${next}</ListBucketResult>`
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const self: S3Server = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bucket,
    objects,
    failCount: 0,
    refused: [],
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return self
}

/** Why a request is refused: AWS Signature Version 4, "Authenticating Requests: Using the Authorization Header". */
function refusalOf(request: IncomingMessage, body: Buffer): string | undefined {
  const { authorization = '' } = request.headers
  const [, keyId, day = '', region = '', signedHeaders = '', signature] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, *SignedHeaders=([^,]+), *Signature=([0-9a-f]{64})$/.exec(
      authorization,
    ) ?? []
  if (keyId !== s3Keys.accessKeyId) return 'InvalidAccessKeyId'
  const one = (name: string): string => String(request.headers[name] ?? '')
  const hash = one('x-amz-content-sha256')
  if (hash !== 'UNSIGNED-PAYLOAD' && hash !== sha256(body)) return 'XAmzContentSHA256Mismatch'
  if (request.method === 'PUT' && hash === 'UNSIGNED-PAYLOAD') return 'UnsignedBody'
  const time = one('x-amz-date')
  const iso = time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')
  if (!(Math.abs(Date.parse(iso) - Date.now()) < 15 * 60_000)) return 'RequestTimeTooSkewed'
  const names = signedHeaders.split(';')
  if (!names.includes('host') || !names.includes('x-amz-date')) return 'AccessDenied'
  const url = new URL(request.url ?? '', 'http://localhost')
  const encode = (text: string): string =>
    encodeURIComponent(text).replace(
      /[!'()*]/g,
      (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
    )
  const query = [...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&')
  const path = url.pathname
    .split('/')
    .map((part) => encode(decodeURIComponent(part)))
    .join('/')
  const canonical = [
    request.method,
    path,
    query,
    ...names.map((name) => `${name}:${one(name).trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders,
    hash,
  ].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(
    (from, part) => hmac(from, part),
    `AWS4${s3Keys.secretAccessKey}`,
  )
  return hmac(key, text).toString('hex') === signature ? undefined : 'SignatureDoesNotMatch'
}

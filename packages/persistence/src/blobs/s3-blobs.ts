/**
 * Blobs in a bucket of an S3-compatible service, as `<prefix><first two digits>/<name>`.
 *
 * 1. A request is signed (Signature Version 4, by aws4fetch) and carries the hash of its body, so the
 *    service refuses bytes that changed on the way; what comes back is checked against the name.
 * 2. The bucket is there; nothing here makes or removes one.
 * 3. Between `delete` looking and removing, another process may put the same bytes. Let one process
 *    collect, with a grace of hours: what is put is then referred to long before it could be collected.
 */
import { AwsClient } from 'aws4fetch'
import { reasonOf } from '@quire/base'
import { StoreError } from '../store.ts'
import {
  type BlobEntry,
  type BlobName,
  blobNameOf,
  type BlobStore,
  checkedBlob,
  parseBlobName,
} from './blob-store.ts'
import { NameLocks } from './name-locks.ts'
import { parseListing } from './s3-listing.ts'

export interface S3BlobsOptions {
  /** Without the bucket: `https://s3.eu-central-1.amazonaws.com`, `http://127.0.0.1:9000`. */
  readonly endpoint: string
  readonly bucket: string
  /** `us-east-1` by default, which services that have no regions take. */
  readonly region?: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** What keys begin with; ends with `/` as a rule. Empty by default. */
  readonly prefix?: string
}

/** A request of 10 MB over a slow line; after that the service counts as gone. */
const requestMs = 60_000
/** More attempts at a request that the service could not answer for the moment, within about a second. */
const retries = 3

class S3Blobs implements BlobStore {
  readonly #client: AwsClient
  readonly #bucketUrl: string
  readonly #prefix: string
  readonly #locks = new NameLocks()

  constructor(options: S3BlobsOptions) {
    const { endpoint, bucket, region = 'us-east-1', accessKeyId, secretAccessKey } = options
    this.#client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries })
    this.#bucketUrl = `${endpoint.replace(/\/+$/, '')}/${encodeURIComponent(bucket)}`
    this.#prefix = options.prefix ?? ''
  }

  async put(bytes: Uint8Array): Promise<BlobName> {
    const body = bytes.slice()
    const name = blobNameOf(body)
    await this.#locks.run(name, async () => {
      const headers = {
        'content-type': 'application/octet-stream',
        'x-amz-content-sha256': name,
      }
      await this.#ask('PUT', this.#urlOf(name), { body, headers })
    })
    return name
  }

  async get(name: BlobName): Promise<Uint8Array | undefined> {
    const answer = await this.#ask('GET', this.#urlOf(name))
    if (answer === undefined) return undefined
    return checkedBlob(name, new Uint8Array(await bodyOf(answer)))
  }

  delete(name: BlobName, notAfterMs: number): Promise<'deleted' | 'missing' | 'newer'> {
    return this.#locks.run(name, async () => {
      const found = await this.#ask('HEAD', this.#urlOf(name))
      if (found === undefined) return 'missing'
      const storedMs = Date.parse(found.headers.get('last-modified') ?? '')
      // A service that does not say when is not one that we delete from.
      if (!(storedMs <= notAfterMs)) return 'newer'
      await this.#ask('DELETE', this.#urlOf(name))
      return 'deleted'
    })
  }

  async *list(): AsyncGenerator<BlobEntry> {
    for (let token: string | undefined; ; ) {
      const url = new URL(this.#bucketUrl)
      url.searchParams.set('list-type', '2')
      url.searchParams.set('prefix', this.#prefix)
      if (token !== undefined) url.searchParams.set('continuation-token', token)
      const answer = await this.#ask('GET', url.href)
      if (answer === undefined) throw new StoreError('io', 'the bucket is not there')
      const { entries, next } = parseListing(Buffer.from(await bodyOf(answer)).toString())
      for (const { key, bytes, storedMs } of entries) {
        const name = parseBlobName(key.slice(-64))
        if (name !== undefined && key === this.#keyOf(name)) yield { name, bytes, storedMs }
      }
      if (next === undefined) return
      token = next
    }
  }

  #keyOf(name: BlobName): string {
    return `${this.#prefix}${name.slice(0, 2)}/${name}`
  }

  #urlOf(name: BlobName): string {
    const key = this.#keyOf(name).split('/').map(encodeURIComponent).join('/')
    return `${this.#bucketUrl}/${key}`
  }

  /** The answer; undefined for 404. Throws `io` for every other answer that is not a success. */
  async #ask(method: string, url: string, init: RequestInit = {}): Promise<Response | undefined> {
    let answer: Response
    try {
      const signal = AbortSignal.timeout(requestMs)
      answer = await this.#client.fetch(url, { ...init, method, signal })
    } catch (error) {
      throw new StoreError('io', `the blob service cannot be reached: ${reasonOf(error)}`, {
        cause: error,
      })
    }
    if (answer.ok) return answer
    const code = /<Code>([^<]*)<\/Code>/.exec(await answer.text())?.[1]
    if (answer.status === 404 && code !== 'NoSuchBucket') return undefined
    const said = `${answer.status}${code === undefined ? '' : ` ${code}`}`
    throw new StoreError('io', `the blob service refuses to ${method}: ${said}`)
  }
}

async function bodyOf(answer: Response): Promise<ArrayBuffer> {
  try {
    return await answer.arrayBuffer()
  } catch (error) {
    throw new StoreError('io', `the blob service ended in the middle: ${reasonOf(error)}`, {
      cause: error,
    })
  }
}

/** Blobs in a bucket. Asks nothing of the service before the first call. */
export function createS3Blobs(options: S3BlobsOptions): BlobStore {
  return new S3Blobs(options)
}

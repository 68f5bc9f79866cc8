/** Blob stores: the contract over a folder and over a small S3 server of our own, and what each adds to it. */
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { must, systemClock } from '@quire/base'
import { createManualClock, createSeededRandom } from '@quire/testkit'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { describeBlobContract } from '../src/blobs/contract.ts'
import {
  type BlobName,
  blobNameOf,
  type BlobStore,
  collectBlobs,
  createS3Blobs,
  layerBlobs,
  openFolderBlobs,
} from '../src/blobs/index.ts'
import { StoreError } from '../src/store.ts'
import { type S3Server, s3Keys, startS3Server } from '@quire/testkit/s3-server'

const seed = Number(process.env['QUIRE_SEED'] ?? Date.now() % 1_000_000)
const flips = Number(process.env['QUIRE_FLIPS'] ?? 120)
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'quire-blobs-'))
const pathIn = (folder: string, name: BlobName): string => join(folder, name.slice(0, 2), name)

describeBlobContract({
  name: 'blobs in a folder',
  open: async () => {
    const folder = newFolder()
    return {
      store: await openFolderBlobs({ folder }),
      damage: async (name, to) => {
        const path = pathIn(folder, name)
        if (to) writeFileSync(path, to)
        else truncateSync(path, Math.floor(readFileSync(path).length / 2))
      },
      close: async () => rmSync(folder, { recursive: true }),
    }
  },
})

describe('in a bucket', () => {
  let server: S3Server
  beforeAll(async () => {
    server = await startS3Server()
  })
  afterAll(() => server.stop())
  beforeEach(() => server.objects.clear())

  const open = (more: object = {}): BlobStore => {
    const { endpoint, bucket } = server
    return createS3Blobs({ endpoint, bucket, prefix: 'up loads/', ...s3Keys, ...more })
  }

  describeBlobContract({
    name: 'blobs in a bucket',
    open: async () => ({
      store: open(),
      damage: async (name, to) => {
        const object = must(server.objects.get(`up loads/${name.slice(0, 2)}/${name}`), 'an object')
        object.bytes = Buffer.from(to ?? object.bytes.subarray(0, object.bytes.length / 2))
      },
      close: async () => server.objects.clear(),
    }),
  })

  test('[BL6] a wrong key or a bucket that is not there fails with `io` and the word of the service', async () => {
    const put = (store: BlobStore): Promise<BlobName> => store.put(bytesOf('x'))
    await expect(put(open({ secretAccessKey: 'wrong' }))).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining('SignatureDoesNotMatch'),
    })
    await expect(put(open({ accessKeyId: 'wrong' }))).rejects.toThrow('InvalidAccessKeyId')
    const nowhere = open({ bucket: 'nowhere' })
    await expect(put(nowhere)).rejects.toThrow('NoSuchBucket')
    await expect(nowhere.get(blobNameOf(bytesOf('x')))).rejects.toThrow('NoSuchBucket')
    await expect(put(open({ endpoint: 'http://127.0.0.1:1' }))).rejects.toMatchObject({
      code: 'io',
      retry: 'later',
    })
    expect(server.objects.size).toBe(0)
  })

  test('[BL6] a service that is busy for a moment is asked again', async () => {
    const store = open()
    server.failCount = 2
    const name = await store.put(bytesOf('late'))
    server.failCount = 1
    expect(await store.get(name)).toEqual(bytesOf('late'))
    server.failCount = 20
    await expect(store.get(name)).rejects.toMatchObject({ code: 'io', retry: 'later' })
    server.failCount = 0
  })

  test('[BL7] behind a bucket, what is only in the older folder is still found', async () => {
    const folder = newFolder()
    const older = await openFolderBlobs({ folder })
    const old = await older.put(bytesOf('old'))
    const store = layerBlobs(open(), older)
    const fresh = await store.put(bytesOf('new'))
    expect(await store.get(old)).toEqual(Buffer.from('old'))
    expect(await store.get(fresh)).toEqual(bytesOf('new'))
    expect(await older.get(fresh)).toBeUndefined()
    const { deleted } = await collectBlobs(store, {
      references: [fresh],
      graceMs: -60_000,
      clock: systemClock,
    })
    expect(deleted).toEqual([old])
    rmSync(folder, { recursive: true })
  })
})

describe('in a folder', () => {
  let folder: string
  let store: BlobStore
  beforeEach(async () => {
    folder = newFolder()
    store = await openFolderBlobs({ folder })
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('[BL5] what an interrupted put left is removed, and nothing that is not ours', async () => {
    const name = await store.put(bytesOf('kept'))
    writeFileSync(join(folder, 'put-abc.part'), 'half')
    writeFileSync(join(folder, 'notes.txt'), 'mine')
    store = await openFolderBlobs({ folder })
    expect(readdirSync(folder).sort()).toEqual([name.slice(0, 2), 'notes.txt'].sort())
    expect(await store.get(name)).toEqual(Buffer.from('kept'))
  })

  test('[BL3] no flipped bit is given out', async () => {
    const random = createSeededRandom(seed)
    const bytes = random.bytes(4_000)
    const name = await store.put(bytes)
    for (let flip = 0; flip < flips; flip++) {
      const changed = Buffer.from(bytes)
      const at = random.below(bytes.length)
      changed[at] = must(changed[at], 'a byte') ^ (1 << random.below(8))
      writeFileSync(pathIn(folder, name), changed)
      await expect(store.get(name), `replay with QUIRE_SEED=${seed}`).rejects.toThrow(StoreError)
    }
  })

  test('[BL4] collecting removes what nothing refers to and is older than the grace, and nothing else', async () => {
    const clock = createManualClock()
    store = await openFolderBlobs({ folder, clock })
    const texts = ['referred', 'old', 'put again', 'young']
    const put = async (text: string): Promise<BlobName> => store.put(bytesOf(text))
    const [referred, old, again] = await Promise.all(texts.slice(0, 3).map(put))
    clock.advance(5_000)
    await put('put again')
    const young = await put('young')
    clock.advance(1_000)
    const options = { references: [must(referred, 'a name')], graceMs: 3_000, clock }
    const dry = await collectBlobs(store, { ...options, isDryRun: true })
    expect(dry).toEqual({ kept: 3, deleted: [old], deletedBytes: 3 })
    expect(await store.get(must(old, 'a name'))).toBeDefined()
    expect(await collectBlobs(store, options)).toEqual(dry)
    expect(await store.get(must(old, 'a name'))).toBeUndefined()
    for (const name of [referred, again, young]) {
      expect(await store.get(must(name, 'a name'))).toBeDefined()
    }
  })

  test('[BL4] references that cannot be read delete nothing', async () => {
    await store.put(bytesOf('lonely'))
    async function* references(): AsyncGenerator<BlobName> {
      yield blobNameOf(bytesOf('a'))
      throw new StoreError('corrupt', 'document x cannot be read')
    }
    const clock = systemClock
    const collecting = collectBlobs(store, { references: references(), graceMs: -1_000, clock })
    await expect(collecting).rejects.toThrow('document x')
    expect(readdirSync(folder)).toHaveLength(1)
  })
})

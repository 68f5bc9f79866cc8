/**
 * Blobs in a folder: `<folder>/<first two digits>/<name>`, so that no folder gets too many entries.
 *
 * 1. A blob is under its name whole or not at all, also after a power cut: temporary file, fsync, rename,
 *    fsync of the folder.
 * 2. One process puts and deletes in a folder. Others may read.
 * 3. A file that has another name is nobody's: it is neither read nor removed.
 */
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Clock, randomId, systemClock, systemRandom } from '@quire/base'
import { asStoreError } from '../sqlite/sqlite-error.ts'
import {
  type BlobEntry,
  type BlobName,
  blobNameOf,
  type BlobStore,
  checkedBlob,
  parseBlobName,
} from './blob-store.ts'
import { NameLocks } from './name-locks.ts'

export interface FolderBlobsOptions {
  /** Made if it is not there. */
  readonly folder: string
  readonly clock?: Clock
}

const temporary = /^put-[\w-]+\.part$/

class FolderBlobs implements BlobStore {
  readonly #folder: string
  readonly #clock: Clock
  readonly #locks = new NameLocks()

  constructor({ folder, clock = systemClock }: FolderBlobsOptions) {
    this.#folder = folder
    this.#clock = clock
  }

  /** Makes the folder and removes what an interrupted `put` left. */
  async start(): Promise<void> {
    await inWords('the folder of blobs cannot be made', async () => {
      await mkdir(this.#folder, { recursive: true })
      for (const name of await readdir(this.#folder)) {
        if (temporary.test(name)) await rm(join(this.#folder, name), { force: true })
      }
    })
  }

  async put(bytes: Uint8Array): Promise<BlobName> {
    const copy = bytes.slice()
    const name = blobNameOf(copy)
    await this.#locks.run(name, () =>
      inWords(`blob ${name} cannot be stored`, async () => {
        const path = this.#pathOf(name)
        if (await this.#isWhole(name)) {
          const now = new Date(this.#clock.wallMs())
          await utimes(path, now, now)
        } else await this.#write(path, copy)
      }),
    )
    return name
  }

  get(name: BlobName): Promise<Uint8Array | undefined> {
    return inWords(`blob ${name} cannot be read`, async () => {
      const bytes = await readFile(this.#pathOf(name)).catch(undefinedWhenMissing)
      return bytes && checkedBlob(name, bytes)
    })
  }

  delete(name: BlobName, notAfterMs: number): Promise<'deleted' | 'missing' | 'newer'> {
    return this.#locks.run(name, () =>
      inWords(`blob ${name} cannot be deleted`, async () => {
        const path = this.#pathOf(name)
        const found = await stat(path).catch(undefinedWhenMissing)
        if (found === undefined) return 'missing'
        if (found.mtimeMs > notAfterMs) return 'newer'
        await rm(path)
        return 'deleted'
      }),
    )
  }

  async *list(): AsyncGenerator<BlobEntry> {
    const what = 'the folder of blobs cannot be read'
    for (const part of await inWords(what, () => readdir(this.#folder))) {
      if (!/^[0-9a-f]{2}$/.test(part)) continue
      const folder = join(this.#folder, part)
      for (const file of await inWords(what, () => readdir(folder))) {
        const name = parseBlobName(file)
        if (!name?.startsWith(part)) continue
        const found = await inWords(what, () =>
          stat(join(folder, file)).catch(undefinedWhenMissing),
        )
        if (found?.isFile()) yield { name, bytes: found.size, storedMs: found.mtimeMs }
      }
    }
  }

  #pathOf(name: BlobName): string {
    return join(this.#folder, name.slice(0, 2), name)
  }

  async #isWhole(name: BlobName): Promise<boolean> {
    const bytes = await readFile(this.#pathOf(name)).catch(undefinedWhenMissing)
    return bytes !== undefined && blobNameOf(bytes) === name
  }

  async #write(path: string, bytes: Uint8Array): Promise<void> {
    const made = await mkdir(dirname(path), { recursive: true })
    if (made !== undefined) await syncFolder(this.#folder)
    const part = join(this.#folder, `put-${randomId(systemRandom)}.part`)
    try {
      const file = await open(part, 'wx', 0o644)
      try {
        await file.writeFile(bytes)
        const now = new Date(this.#clock.wallMs())
        await file.utimes(now, now)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(part, path)
    } catch (error) {
      await rm(part, { force: true })
      throw error
    }
    await syncFolder(dirname(path))
  }
}

async function inWords<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw asStoreError(error, what)
  }
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

/** Opens the blobs in a folder. */
export async function openFolderBlobs(options: FolderBlobsOptions): Promise<BlobStore> {
  const blobs = new FolderBlobs(options)
  await blobs.start()
  return blobs
}

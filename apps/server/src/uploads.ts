/**
 * Where uploads are: a folder of blobs, or a bucket with the folder behind it for what was uploaded before.
 *
 * Earlier versions kept an upload as `<hash>.<extension>` in the folder itself. At the start each is moved
 * to where blobs are, under the same hash, so that its address goes on working.
 */
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  type BlobStore,
  createS3Blobs,
  layerBlobs,
  openFolderBlobs,
  type S3BlobsOptions,
} from '@quire/persistence'

const flatName = /^([0-9a-f]{64})\.(?:png|jpg|gif|webp|avif)$/
const temporary = /^upload-[A-Za-z0-9_-]+\.part$/

/** Makes the folder if it is missing. Fails as the disk fails; asks nothing of the service yet. */
export async function openUploads(
  folder: string,
  s3: S3BlobsOptions | undefined,
): Promise<BlobStore> {
  const inFolder = await openFolderBlobs({ folder })
  for (const name of await readdir(folder)) {
    if (temporary.test(name)) await rm(join(folder, name), { force: true })
    const hash = flatName.exec(name)?.[1]
    if (hash === undefined) continue
    const path = join(folder, hash.slice(0, 2), hash)
    await mkdir(dirname(path), { recursive: true })
    await rename(join(folder, name), path)
  }
  return s3 ? layerBlobs(createS3Blobs(s3), inFolder) : inFolder
}

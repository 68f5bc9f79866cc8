export {
  type BlobEntry,
  type BlobName,
  blobNameOf,
  type BlobStore,
  parseBlobName,
} from './blob-store.ts'
export { collectBlobs, type CollectOptions, type CollectReport } from './collect-blobs.ts'
export { documentReferences } from './document-references.ts'
export { type FolderBlobsOptions, openFolderBlobs } from './folder-blobs.ts'
export { layerBlobs } from './layered-blobs.ts'
export { createS3Blobs, type S3BlobsOptions } from './s3-blobs.ts'

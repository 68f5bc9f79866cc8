export { writeBackupFile } from './backup/backup-file.ts'
export { type BackedUpDocument, type BackupBytes, readBackup } from './backup/read-backup.ts'
export { BackupError } from './backup/format.ts'
export { restoreBackup, type RestoreOptions, type RestoreReport } from './backup/restore-backup.ts'
export { type BackupOptions, type BackupSource, writeBackup } from './backup/write-backup.ts'
export {
  type BlobEntry,
  type BlobName,
  blobNameOf,
  type BlobStore,
  collectBlobs,
  type CollectOptions,
  type CollectReport,
  createS3Blobs,
  type FolderBlobsOptions,
  layerBlobs,
  openFolderBlobs,
  parseBlobName,
  type S3BlobsOptions,
  documentReferences,
} from './blobs/index.ts'
export {
  authorCharsMax,
  isAuthor,
  isLineage,
  pageDocumentsMax,
  titleCharsMax,
} from './check-request.ts'
export { compactDocument, decodeDeleteSet } from './compact-document.ts'
export {
  CompactionError,
  type CompactionErrorCode,
  type CompactionFacts,
  type CompactionJob,
  type Compactor,
  shouldCompact,
} from './compaction.ts'
export { compactorOn, type CompactorOptions, createCompactor } from './compactor.ts'
export { freeBufferOf, freeBytes, freedBytesMin, lendBytes } from './free-bytes.ts'
export {
  type HocuspocusTable,
  readHocuspocusPostgres,
  readHocuspocusSqlite,
} from './import/hocuspocus.ts'
export {
  type ForeignDocument,
  importDocuments,
  type ImportOptions,
  type ImportReport,
} from './import/import-documents.ts'
export { type LeveldbReader, readLeveldb } from './import/y-leveldb.ts'
export { createMemoryStore, MemoryDisk, type MemoryStoreOptions } from './memory-store.ts'
export {
  type RepairedDocument,
  type RepairOptions,
  type RepairReport,
  repairSqliteStore,
} from './repair/repair-sqlite.ts'
export { openPostgresStore, type PostgresStoreOptions } from './postgres/postgres-store.ts'
export { openSqliteSnapshot } from './sqlite/sqlite-snapshot.ts'
export { openSqliteStore, type SqliteStoreOptions } from './sqlite/sqlite-store.ts'
export {
  type Append,
  type AppendResult,
  type DocumentInfo,
  type DocumentPage,
  type DocumentStore,
  type LogRow,
  type NumberedUpdate,
  type Snapshot,
  type StoredDocument,
  StoreError,
  type StoreErrorCode,
} from './store.ts'
export {
  type NewVersion,
  type Store,
  type Version,
  type VersionInfo,
  type VersionKind,
  versionKinds,
  type VersionPage,
  type VersionStore,
} from './version-store.ts'
export { type VersionFacts, versionDue, versionsToThin } from './version-policy.ts'
export {
  type BehindDocument,
  hitsMax,
  questionCharsMax,
  type SearchHit,
  type SearchIndex,
  type SearchQuestion,
  searchTextCharsMax,
} from './search/search-index.ts'
export type { SnippetPart } from './search/snippet.ts'
export type { DeletedDocument, Trash } from './trash.ts'
export { vacuumSqliteStore } from './sqlite/vacuum.ts'

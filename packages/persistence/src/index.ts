export { pageDocumentsMax, titleCharsMax } from './check-request.ts'
export { compactDocument, decodeDeleteSet } from './compact-document.ts'
export {
  CompactionError,
  type CompactionErrorCode,
  type CompactionFacts,
  type CompactionJob,
  type Compactor,
  shouldCompact,
} from './compaction.ts'
export { type CompactorOptions, createCompactor } from './compactor.ts'
export { createMemoryStore, MemoryDisk, type MemoryStoreOptions } from './memory-store.ts'
export { openSqliteStore, type SqliteStoreOptions } from './sqlite/sqlite-store.ts'
export {
  type Append,
  type AppendResult,
  type DocumentInfo,
  type DocumentPage,
  type DocumentStore,
  type LogRow,
  type Snapshot,
  type StoredDocument,
  StoreError,
  type StoreErrorCode,
} from './store.ts'

export type { StorageHealth } from './log-writer.ts'
export { createSyncServer, type SyncServer, type SyncServerOptions } from './server.ts'
export type { Counters, ServerStats } from './stats.ts'

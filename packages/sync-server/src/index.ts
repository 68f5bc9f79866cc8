export {
  type AccessAnswer,
  type AccessRequest,
  type Authorize,
  allowEverybody,
  type Denial,
  type Grant,
  type User,
} from './access.ts'
export type { StorageHealth } from './log-writer.ts'
export { createSyncServer, type SyncServer, type SyncServerOptions } from './server.ts'
export type { Counters, ServerStats } from './stats.ts'

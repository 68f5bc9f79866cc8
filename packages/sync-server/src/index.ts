export {
  type AccessAnswer,
  type AccessRequest,
  type Authorize,
  allowEverybody,
  bearerOf,
  type Denial,
  type Grant,
  mayWrite,
  type User,
} from './access.ts'
export type { RecheckFilter } from './access-watch.ts'
export {
  authorizeBy,
  createTokenReader,
  type ReadToken,
  tokenAuthorizer,
  type TokenHolder,
  type TokenOptions,
} from './access-tokens.ts'
export {
  checkOrigins,
  isOriginAllowed,
  originOf,
  type OriginRequest,
  type Origins,
} from './origin.ts'
export { createProxies, type Proxies, realAddress } from './real-address.ts'
export type { StorageHealth } from './log-writer.ts'
export { createSyncServer, type SyncServer, type SyncServerOptions } from './server.ts'
export { roleIn, type TokenRights } from './token-claims.ts'
export type { Counters, ServerStats } from './stats.ts'

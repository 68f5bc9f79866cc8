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
} from './access/access.ts'
export type { RecheckFilter } from './access/access-watch.ts'
export {
  authorizeBy,
  createTokenReader,
  type ReadToken,
  tokenAuthorizer,
  type TokenHolder,
  type TokenOptions,
} from './access/access-tokens.ts'
export {
  checkOrigins,
  isOriginAllowed,
  originOf,
  type OriginRequest,
  type Origins,
} from './access/origin.ts'
export { createProxies, type Proxies, realAddress } from './access/real-address.ts'
export type { StorageHealth } from './log/log-writer.ts'
export { createSyncServer } from './server.ts'
export type { SyncServer, SyncServerOptions } from './sync-server.ts'
export { roleIn, type TokenRights } from './access/token-claims.ts'
export type { OnStateless, StatelessMessage, StatelessPeer } from './stateless.ts'
export type { Counters, ServerStats } from './stats.ts'

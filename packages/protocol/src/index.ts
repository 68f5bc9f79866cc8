export { refusedByBeginning } from './beginning.ts'
export { ClockColumns, type ClockRange } from './clock-columns.ts'
export { type CloseCode, type CloseName, closeCodes, hocuspocusResetCode } from './close-codes.ts'
export { decodeClientMessage, type Refused } from './decode.ts'
export { decodeServerMessage, type ServerMessage } from './decode-server.ts'
export {
  type DocumentName,
  documentNameCharsMax,
  documentNameFromPath,
  parseDocumentName,
} from './document-name.ts'
export {
  encodeClient,
  encodeEvent,
  encodePresence,
  encodeQueryPresence,
  encodeSaved,
  encodeSession,
  encodeStep1,
  encodeStep2,
  encodeStep2Head,
  encodeToken,
  encodeTokenRequest,
  encodeUpdate,
  encodeUpdateHead,
} from './encode.ts'
export {
  decodeHocuspocusAddress,
  decodeHocuspocusMessage,
  encodeAuthenticated,
  encodeDetached,
  encodeHocuspocusAddress,
  encodeHocuspocusTokenRequest,
  encodePermissionDenied,
  encodePong,
  encodeSyncStatus,
  type HocuspocusAddress,
  type HocuspocusMessage,
  type HocuspocusScope,
  decodeStateless,
  encodeStateless,
  hocuspocusType,
  socketMessageOf,
} from './hocuspocus.ts'
export {
  defaultLimits,
  type Limits,
  type Rate,
  schemasCountedMax,
  schemasToldMax,
} from './limits.ts'
export {
  authType,
  type ClientMessage,
  type DocumentEvent,
  type DocumentMessage,
  instanceBytes,
  messageType,
  quireSubprotocol,
  type Role,
  type SessionInfo,
  syncType,
} from './message.ts'
export {
  encodePresenceBody,
  encodePresenceEntries,
  encodePresenceHead,
  firstPresenceClient,
  isLeave,
  leaveJson,
  type PresenceEntry,
  type PresenceLimits,
  parsePresence,
} from './presence-codec.ts'
export { type PresenceUser, UserStamp } from './presence-user.ts'
export { parseSchemaHash, schemaParameter } from './schema-hash.ts'
export {
  clientCountOf,
  encodeStateVector,
  parseStateVector,
  type StateVector,
} from './state-vector.ts'
export { type DepthRun } from './update-nesting.ts'
export {
  depthsOf,
  isResolvable,
  type ScanLimits,
  type ScannedDepths,
  type ScannedUpdate,
  scanUpdate,
} from './update-scan.ts'
export { isConflict, type Unit, type Units, unitsOf } from './update-units.ts'
export { keepDeletes, parseDeleteSet, updateOfDeleteSet } from './update-trim.ts'

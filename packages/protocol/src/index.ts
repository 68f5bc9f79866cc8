export { type CloseCode, type CloseName, closeCodes } from './close-codes.ts'
export { decodeClientMessage, type Refused } from './decode.ts'
export { decodeServerMessage, type ServerMessage } from './decode-server.ts'
export {
  type DocumentName,
  documentNameCharsMax,
  documentNameFromPath,
  parseDocumentName,
} from './document-name.ts'
export {
  encodeEvent,
  encodePresence,
  encodeQueryPresence,
  encodeSaved,
  encodeSession,
  encodeStep1,
  encodeStep2,
  encodeUpdate,
} from './encode.ts'
export { defaultLimits, type Limits } from './limits.ts'
export {
  type ClientMessage,
  type DocumentEvent,
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
  isLeave,
  leaveJson,
  type PresenceEntry,
  parsePresence,
} from './presence-codec.ts'
export { encodeStateVector, parseStateVector, type StateVector } from './state-vector.ts'
export { type ClockRange, type ScanLimits, type ScannedUpdate, scanUpdate } from './update-scan.ts'
export { keepDeletes, parseDeleteSet, updateOfDeleteSet } from './update-trim.ts'

/**
 * What a session of a Hocuspocus client is told. The messages here have no address yet: the
 * transport of the session puts it before them.
 */
import {
  decodeStateless,
  encodeAuthenticated,
  encodeHocuspocusTokenRequest,
  encodeSyncStatus,
} from '@quire/protocol'
import { mayWrite } from '../access/access.ts'
import type { Dialect } from '../client/dialect.ts'
import { joinFrames, type WireFrame, wireFrame } from '../session/frame-writer.ts'

const saved = wireFrame(encodeSyncStatus(true))
const refused = wireFrame(encodeSyncStatus(false))
const readWrite = wireFrame(encodeAuthenticated('read-write'))
const readonly = wireFrame(encodeAuthenticated('readonly'))
const tokenRequest = wireFrame(encodeHocuspocusTokenRequest())

/** One message for each edit, as the client counts them: it has no message for several. */
export function savedFrames(count: number): WireFrame | undefined {
  if (count === 1) return saved
  return count > 1 ? joinFrames(Array.from({ length: count }, () => saved)) : undefined
}

export const hocuspocus: Dialect = {
  name: 'hocuspocus',
  counts: 'unsynced',
  isAsked: 'always',
  saved: (count, before) => savedFrames(count - before),
  refusedEdit: () => refused,
  introduction: ({ role }) => (mayWrite(role) ? readWrite : readonly),
  askToken: () => tokenRequest,
  storage: () => undefined,
  schemas: () => undefined,
  statelessOf: decodeStateless,
}

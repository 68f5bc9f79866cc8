/**
 * Dialect: what one client is told differently from another about the same thing. One value per
 * session; how a socket's frames reach sessions is in the `*-client.ts` beside this.
 */
import { encodeEvent, encodeSaved, encodeSession, type SessionInfo } from '@quire/protocol'
import { type WireFrame, wireFrame } from './frame-writer.ts'

export interface Dialect {
  readonly name: 'y-websocket' | 'quire' | 'hocuspocus'
  /** What the client counts when it is told what is saved; undefined when it is told nothing. */
  readonly counts: 'syncFrames' | 'updates' | undefined
  /** The client's first `count` counted frames are durable; `before` is what it was told last. */
  saved(count: number, before: number): WireFrame | undefined
  /** An edit was not taken because of the client's role. */
  refusedEdit(): WireFrame | undefined
  /** Who the session is. Sent when it joins, before anything of the document, and when that changes. */
  introduction(info: SessionInfo): WireFrame | undefined
  /** The store cannot be written, or can again. */
  storage(state: 'ok' | 'failing'): WireFrame | undefined
}

/** A stock y-websocket client: is told nothing that its protocol has no message for. */
export const yWebsocket: Dialect = {
  name: 'y-websocket',
  counts: undefined,
  saved: () => undefined,
  refusedEdit: () => undefined,
  introduction: () => undefined,
  storage: () => undefined,
}

/** A client that offered `quire.v1`. */
export const quire: Dialect = {
  name: 'quire',
  counts: 'syncFrames',
  saved: (count) => wireFrame(encodeSaved(count)),
  // Its edits stay unsaved in its own ledger, and its role says why.
  refusedEdit: () => undefined,
  introduction: (info) => wireFrame(encodeSession(info)),
  storage: (state) => wireFrame(encodeEvent({ kind: 'storage', state })),
}

/**
 * Dialect: what one client is told differently from another about the same thing. One value per
 * session; how a socket's frames reach sessions is in the `*-client.ts` beside this.
 */
import {
  encodeEvent,
  encodeSaved,
  encodeSession,
  encodeTokenRequest,
  type Limits,
  type Refused,
  type SessionInfo,
} from '@quire/protocol'
import { type WireFrame, wireFrame } from '../session/frame-writer.ts'

export interface Dialect {
  readonly name: 'y-websocket' | 'quire' | 'hocuspocus'
  /** What the client counts when it is told what is saved (`frame-count.ts`); undefined when it is told nothing. */
  readonly counts: 'syncFrames' | 'unsynced' | undefined
  /** How often the room asks the client for what it lacks: with its answer to the client's first Step1, or to every one. */
  readonly isAsked: 'once' | 'always'
  /** The client's first `count` counted frames are durable; `before` is what it was told last. */
  saved(count: number, before: number): WireFrame | undefined
  /** An edit was not taken because of the client's role. */
  refusedEdit(): WireFrame | undefined
  /** Who the session is. Sent when it joins, before anything of the document, and when that changes. */
  introduction(info: SessionInfo): WireFrame | undefined
  /** Asks the client for a newer token; undefined when it cannot be asked. */
  askToken(): WireFrame | undefined
  /** The store cannot be written, or can again. */
  storage(state: 'ok' | 'failing'): WireFrame | undefined
  /** With which other schemas people may write here now; undefined when the client cannot be told. */
  schemas(others: readonly string[]): WireFrame | undefined
  /** What the client says to the application that is no part of the document; undefined when `message` is something else. */
  statelessOf?(message: Uint8Array, limits: Limits): string | Refused | undefined
}

/** A stock y-websocket client: is told nothing that its protocol has no message for. */
export const yWebsocket: Dialect = {
  name: 'y-websocket',
  counts: undefined,
  isAsked: 'once',
  saved: () => undefined,
  refusedEdit: () => undefined,
  introduction: () => undefined,
  askToken: () => undefined,
  storage: () => undefined,
  schemas: () => undefined,
}

/** A client that offered `quire.v1`. */
export const quire: Dialect = {
  name: 'quire',
  counts: 'syncFrames',
  isAsked: 'once',
  saved: (count) => wireFrame(encodeSaved(count)),
  // Its edits stay unsaved in its own ledger, and its role says why.
  refusedEdit: () => undefined,
  introduction: (info) => wireFrame(encodeSession(info)),
  askToken: () => wireFrame(encodeTokenRequest()),
  storage: (state) => wireFrame(encodeEvent({ kind: 'storage', state })),
  schemas: (others) => wireFrame(encodeEvent({ kind: 'schemas', others })),
}

export const isQuire = ({ dialect }: { readonly dialect: Dialect }): boolean =>
  dialect.name === 'quire'

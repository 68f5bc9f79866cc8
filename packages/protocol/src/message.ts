/**
 * The messages of the wire and the one table of their numbers.
 *
 * ```
 * frame        := varUint(type) body                      one message per binary frame
 * sync         := 0 varUint(subtype) varByteArray(bytes)  subtype: 0 Step1 (state vector) · 1 Step2 (update) · 2 Update
 * presence     := 1 varByteArray(entries)                 entries := varUint(n) n × { varUint(clientId) varUint(clock) varString(json) }
 * queryPresence:= 3                                       no body
 * token        := 2 0 varString(token)                    quire.v1 client → server: who it is, first of all or again
 * tokenRequest := 2 0                                     server → quire.v1 client: send a newer token, this one ends soon
 * session      := 16 varString(json)                      server → quire.v1 client: role, user, lineage, limits
 * saved        := 17 varUint(n)                           server → quire.v1 client: its first n sync frames are on disk
 * event        := 18 varString(json)                      server → quire.v1 client: something about the document changed
 * client       := 19 varByteArray(instance) varUint(clientId) varUint(n) n × varUint(earlier)
 *                                                         quire.v1 client → server: the Yjs client ids of its edits
 * ```
 *
 * Types 0, 1 and 3 are y-protocols and y-websocket, byte for byte. 16–18 are sent only to a client
 * that offered the WebSocket subprotocol `quire.v1`, so that a stock client never meets a type it
 * does not know. `n` of Saved counts every frame of type 0 that the client has sent on this
 * connection, from 1, Step1 included: the client can count what it sends without looking inside.
 *
 * A `quire.v1` client that has a token sends it as its first message, before Step1, so that it never
 * stands in a URL. A client that begins with Step1 has none. A later token replaces the one before
 * and prolongs the session, or ends it when it is not good. Type 2 is for `quire.v1` only:
 * y-websocket's own type 2 has another meaning and is not spoken here.
 *
 * A client may say in the query of the URL which schema it edits with (`schema-hash.ts`).
 *
 * Client comes before Step1, and again when the id changes. `instance` is 16 random bytes that belong to
 * one Y.Doc in one process for its whole life, and is told to nobody: the same id with the same instance
 * is the same document on a new connection, with another instance it is a collision. `earlier` are ids
 * under which this device wrote before what the server may not have yet.
 */
export const messageType = {
  sync: 0,
  presence: 1,
  auth: 2,
  queryPresence: 3,
  session: 16,
  saved: 17,
  event: 18,
  client: 19,
} as const
export const syncType = { step1: 0, step2: 1, update: 2 } as const
/** The one subtype of type 2, as Hocuspocus numbers it. */
export const authType = { token: 0 } as const

/** The WebSocket subprotocol by which a client asks for messages 2 and 16–19. */
export const quireSubprotocol = 'quire.v1'

/** What a client says about the document. Byte arrays are views into the received frame: copy them to keep them. */
export type DocumentMessage =
  | { readonly kind: 'step1'; readonly stateVector: Uint8Array }
  | { readonly kind: 'step2'; readonly update: Uint8Array }
  | { readonly kind: 'update'; readonly update: Uint8Array }
  | { readonly kind: 'presence'; readonly entries: Uint8Array }
  | { readonly kind: 'queryPresence' }
  /** From now on its edits are under `clientId`. */
  | {
      readonly kind: 'client'
      readonly clientId: number
      readonly earlier: readonly number[]
      readonly instance: Uint8Array
    }

/** Bytes of an instance: nobody guesses 128 bits. */
export const instanceBytes = 16

/** What a client may send. */
export type ClientMessage =
  | DocumentMessage
  /** Who the client is; never to be logged. Only a `quire.v1` client says so in this way. */
  | { readonly kind: 'token'; readonly token: string }

/** What a person may do with a document, weakest first. */
export type Role = 'view' | 'comment' | 'edit' | 'own'

/** Body of message 16, sent once when the session has joined and again when its role changes. */
export interface SessionInfo {
  readonly role: Role
  readonly user: { readonly id: string; readonly name: string }
  /** The identity of this history of the document; null until it is stored. Sent again when it is. */
  readonly lineage: string | null
}

/** Body of message 18. */
export type DocumentEvent =
  | { readonly kind: 'title'; readonly title: string }
  | { readonly kind: 'storage'; readonly state: 'ok' | 'failing' }
  /**
   * The schemas, by their hashes, of those who may write here now and said another than the receiver's; at
   * most `schemasToldMax`. Told only to clients that said their own, and first when there is any.
   */
  | { readonly kind: 'schemas'; readonly others: readonly string[] }
  /** Somebody else writes under this client id: take another for what is written from now on. */
  | { readonly kind: 'renewClientId'; readonly clientId: number }

/**
 * The messages of the wire and the one table of their numbers.
 *
 * ```
 * frame        := varUint(type) body                      one message per binary frame
 * sync         := 0 varUint(subtype) varByteArray(bytes)  subtype: 0 Step1 (state vector) · 1 Step2 (update) · 2 Update
 * presence     := 1 varByteArray(entries)                 entries := varUint(n) n × { varUint(clientId) varUint(clock) varString(json) }
 * queryPresence:= 3                                       no body
 * session      := 16 varString(json)                      server → quire.v1 client: role, user, lineage, limits
 * saved        := 17 varUint(n)                           server → quire.v1 client: its first n sync frames are on disk
 * event        := 18 varString(json)                      server → quire.v1 client: something about the document changed
 * ```
 *
 * Types 0, 1 and 3 are y-protocols and y-websocket, byte for byte. 16–18 are sent only to a client
 * that offered the WebSocket subprotocol `quire.v1`, so that a stock client never meets a type it
 * does not know. `n` of Saved counts every frame of type 0 that the client has sent on this
 * connection, from 1, Step1 included: the client can count what it sends without looking inside.
 */
export const messageType = {
  sync: 0,
  presence: 1,
  auth: 2,
  queryPresence: 3,
  session: 16,
  saved: 17,
  event: 18,
} as const
export const syncType = { step1: 0, step2: 1, update: 2 } as const

/** The WebSocket subprotocol by which a client asks for messages 16–18. */
export const quireSubprotocol = 'quire.v1'

/** What a client may send. Byte arrays are views into the received frame: copy them to keep them. */
export type ClientMessage =
  | { readonly kind: 'step1'; readonly stateVector: Uint8Array }
  | { readonly kind: 'step2'; readonly update: Uint8Array }
  | { readonly kind: 'update'; readonly update: Uint8Array }
  | { readonly kind: 'presence'; readonly entries: Uint8Array }
  | { readonly kind: 'queryPresence' }

/** What a person may do with a document, weakest first. */
export type Role = 'view' | 'comment' | 'edit' | 'own'

/** Body of message 16, sent once when the session has joined and again when its role changes. */
export interface SessionInfo {
  readonly role: Role
  readonly user: { readonly id: string; readonly name: string }
  /** The identity of this history of the document; null until the store keeps one. */
  readonly lineage: string | null
}

/** Body of message 18. */
export type DocumentEvent =
  | { readonly kind: 'title'; readonly title: string }
  | { readonly kind: 'storage'; readonly state: 'ok' | 'failing' }

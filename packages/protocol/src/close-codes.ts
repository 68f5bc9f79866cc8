/**
 * Every code with which the server closes a socket, what it means and what a client does.
 *
 * Bands (y-websocket 3.1 follows them): 4400–4499 is permanent, a client stops until something
 * changes; everything else is transient and a client comes back later.
 */
export interface CloseCode {
  readonly code: number
  /** Sent as the reason of the close frame; at most 123 bytes of ASCII. */
  readonly reason: string
  readonly retry: 'later' | 'never'
  /** For people who read logs and docs: when it is sent and what to do. */
  readonly meaning: string
}

export type CloseName =
  | 'goingAway'
  | 'overloaded'
  | 'internal'
  | 'malformed'
  | 'unauthorized'
  | 'forbidden'
  | 'badName'
  | 'otherLineage'
  | 'deleted'
  | 'clientIdTaken'
  | 'tooLarge'
  | 'tooManyDocuments'
  | 'textFrame'
  | 'silent'
  | 'loadFailed'
  | 'accessDown'
  | 'accessChanged'
  | 'roomFull'
  | 'rateLimited'

export const closeCodes: Readonly<Record<CloseName, CloseCode>> = {
  goingAway: {
    code: 1012,
    reason: 'restarting',
    retry: 'later',
    meaning: 'The server shuts down in order. Everything acknowledged is stored; come back.',
  },
  overloaded: {
    code: 1013,
    reason: 'overloaded',
    retry: 'later',
    meaning:
      'The client reads slower than the document changes, too many of its edits wait for others that have not come, or the server has no room left. Come back and catch up.',
  },
  internal: {
    code: 1011,
    reason: 'internal error',
    retry: 'later',
    meaning: 'A fault of ours. The room closed, nothing acknowledged is lost; come back.',
  },
  malformed: {
    code: 4400,
    reason: 'malformed message',
    retry: 'never',
    meaning:
      'The bytes are not a message of the protocol, or not a well-formed Yjs update. Nothing of it was kept.',
  },
  unauthorized: {
    code: 4401,
    reason: 'unauthorized',
    retry: 'never',
    meaning: 'No token came, or it is not valid or not valid any more. Come with another one.',
  },
  forbidden: {
    code: 4403,
    reason: 'forbidden',
    retry: 'never',
    meaning: 'The document does not exist for this user, or may not be read or written by them.',
  },
  badName: {
    code: 4404,
    reason: 'bad document name',
    retry: 'never',
    meaning: 'The name in the URL is not a document name.',
  },
  otherLineage: {
    code: 4409,
    reason: 'another document of this name',
    retry: 'never',
    meaning:
      'The client holds a document of this name that was begun anew since. Merging the two would double the text, so nothing was taken or sent. The copy of the client is as it was; starting anew is for a person to decide.',
  },
  deleted: {
    code: 4410,
    reason: 'document deleted',
    retry: 'never',
    meaning: 'The document was deleted while it was open.',
  },
  clientIdTaken: {
    code: 4412,
    reason: 'client id in use, reload',
    retry: 'never',
    meaning:
      'The client wrote something under a Yjs client id under which somebody else had written something different. The update with it was not taken; what was taken before is stored, and the client keeps its copy.',
  },
  tooLarge: {
    code: 4413,
    reason: 'too large',
    retry: 'never',
    meaning:
      'One message or one update is over its limit, or over what may wait for missing predecessors, or the document is as large as it may be. Nothing of it was kept.',
  },
  tooManyDocuments: {
    code: 4414,
    reason: 'too many documents',
    retry: 'never',
    meaning:
      'A Hocuspocus socket named more documents than one may. Use another socket for the rest.',
  },
  textFrame: {
    code: 4415,
    reason: 'binary frames only',
    retry: 'never',
    meaning: 'A text frame was sent; the protocol has only binary frames.',
  },
  silent: {
    code: 4508,
    reason: 'no first message',
    retry: 'later',
    meaning:
      'The socket opened and said nothing within the time allowed, or nothing that lets it in, or edited a document that it never opened.',
  },
  loadFailed: {
    code: 4503,
    reason: 'storage unavailable',
    retry: 'later',
    meaning: 'The document could not be loaded. It was not replaced by an empty one; come back.',
  },
  accessDown: {
    code: 4504,
    reason: 'access check unavailable',
    retry: 'later',
    meaning: 'Whoever decides about access did not answer. Nothing was decided; come back.',
  },
  accessChanged: {
    code: 4506,
    reason: 'access changed',
    retry: 'later',
    meaning: 'The role of the session changed in a way that it has to begin again. Come back.',
  },
  roomFull: {
    code: 4529,
    reason: 'too many sessions',
    retry: 'later',
    meaning: 'The document or the server has as many sessions as it may. Come back.',
  },
  rateLimited: {
    code: 4530,
    reason: 'too fast for too long',
    retry: 'later',
    meaning:
      'The client sent faster than it may for a minute, although it was made to wait. What was read is taken; come back and send the rest.',
  },
}

/**
 * With this code the socket of a Hocuspocus client is closed instead of with a code whose `retry` is
 * `later`; the reason says which. Its provider comes back after every code, and has one word for it.
 */
export const hocuspocusResetCode = 4205

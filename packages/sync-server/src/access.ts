/**
 * Access: the port through which the host application says who may do what. Knows no tokens and no
 * users itself; `Admission` asks, `Session` keeps to the answer.
 */
import type { IncomingHttpHeaders } from 'node:http'
import type { DocumentName, Role } from '@quire/protocol'

/** Somebody wants into a document, or is asked about again. */
export interface AccessRequest {
  readonly document: DocumentName
  /** From the query of the URL (`?token=`) or from a message; never to be logged. */
  readonly token: string | undefined
  /** The headers of the upgrade request, cookies among them; never to be logged. */
  readonly headers: IncomingHttpHeaders
  /** The address of the peer, as far as configured proxies tell it. */
  readonly address: string
}

export interface User {
  /** The same in every session of this person; at most 128 characters. */
  readonly id: string
  /** Shown to others. Empty when the person may choose a name. */
  readonly name: string
  /** `#rrggbb`; undefined when the person may choose one. */
  readonly color?: string
}

export interface Grant {
  readonly user: User
  readonly role: Role
  /** When the grant ends unless it is renewed, in ms since 1970; undefined for one that does not. */
  readonly expiresAtMs?: number
}

/** `unauthenticated`: another token may help. `forbidden`: also when the document does not exist. */
export interface Denial {
  readonly denied: 'unauthenticated' | 'forbidden'
}

export type AccessAnswer = Grant | Denial

/**
 * Decides about one request. May be asked again for the same session at any time. When it throws,
 * rejects or does not answer in time, nothing is decided and the session is sent away for now.
 */
export type Authorize = (request: AccessRequest) => AccessAnswer | Promise<AccessAnswer>

/** Whether the role may change the text. */
export function mayWrite(role: Role): boolean {
  return role === 'edit' || role === 'own'
}

/** Everybody is an editor without a name: for a server behind somebody else's door. */
export const allowEverybody: Authorize = () => ({ user: { id: '', name: '' }, role: 'edit' })

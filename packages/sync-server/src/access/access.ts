/**
 * Access: the port through which the host application says who may do what. Knows no tokens and no
 * users itself; `Admission` asks, `Session` keeps to the answer.
 */
import type { IncomingHttpHeaders } from 'node:http'
import type { DocumentName, Role } from '@quire/protocol'

/** Somebody wants into a document, or is asked about again. */
export interface AccessRequest {
  readonly document: DocumentName
  /** From a message, from the query of the URL (`?token=`) or from `Authorization: Bearer`; never to be logged. */
  readonly token: string | undefined
  /** The headers of the upgrade request, cookies among them; never to be logged. */
  readonly headers: IncomingHttpHeaders
  /** The address of the peer, as far as configured proxies tell it. */
  readonly address: string
}

/** Of the id and of the name of a user, in UTF-16 units. */
export const userCharsMax = 128

export interface User {
  /** The same in every session of this person, and whenever the port is asked; at most 128 characters. Empty for nobody in particular. */
  readonly id: string
  /** Shown to others; at most 128 characters. Empty when the person may choose a name. */
  readonly name: string
  /** `#rrggbb`; undefined when the person may choose one. */
  readonly color?: string
}

export interface Grant {
  readonly user: User
  readonly role: Role
  /** When the grant ends unless it is renewed, in ms since 1970; undefined for one that does not. */
  readonly expiresAtMs?: number
  /**
   * For how long the answer may be relied on before the port is asked again, in ms; Infinity: until it
   * ends. By default a minute (`recheckMsMax` of the limits); at least a second.
   */
  readonly recheckMs?: number
}

/** `unauthenticated`: another token may help. `forbidden`: also when the document does not exist. */
export interface Denial {
  readonly denied: 'unauthenticated' | 'forbidden'
}

export type AccessAnswer = Grant | Denial

/**
 * Decides about one request. Asked again for the same session when its client brings a newer token, at
 * the latest every minute, and by `SyncServer.recheck`. When it throws, rejects or does not answer in
 * time, nothing is decided: a newcomer is sent away for now, a session stays until its grant ends,
 * unless a `recheck` asked, which ends it.
 */
export type Authorize = (request: AccessRequest) => AccessAnswer | Promise<AccessAnswer>

const roles: ReadonlySet<unknown> = new Set<Role>(['view', 'comment', 'edit', 'own'])

export function isRole(value: unknown): value is Role {
  return roles.has(value)
}

/** Whether the role may change the text. */
export function mayWrite(role: Role): boolean {
  return role === 'edit' || role === 'own'
}

/** Everybody is an editor without a name: for a server behind somebody else's door. */
export const allowEverybody: Authorize = () => everybody

/** The token of an `Authorization` header. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
}

/** The same port, for servers on which a program has to say who it is: browsers send `Origin`, programs need not. */
export function onlyWithToken(authorize: Authorize): Authorize {
  return (request) =>
    request.headers.origin === undefined && request.token === undefined
      ? { denied: 'unauthenticated' }
      : authorize(request)
}

const everybody: Grant = {
  user: { id: '', name: '' },
  role: 'edit',
  recheckMs: Number.POSITIVE_INFINITY,
}

/**
 * Access: who may do what on this server, over REST and on sockets alike. Either everybody everything,
 * for a server on one's own machine or behind somebody else's door; or what the signed tokens of a host
 * application say (`token-claims.ts` of the sync server).
 *
 * 1. A document that does not exist and one that the asker may not see are the same to them.
 * 2. Seeing takes any role, changing `edit`, deleting `own`.
 */
import { type DocumentName, type Role } from '@quire/protocol'
import {
  allowEverybody,
  authorizeBy,
  type Authorize,
  createTokenReader,
  mayWrite,
  roleIn,
  type TokenHolder,
  type TokenOptions,
} from '@quire/sync-server'

/** What somebody may do who asks over REST. */
export interface Holder {
  roleIn(document: DocumentName): Role | undefined
  /** The documents that are theirs to see: all, or those that are named. */
  readonly documents: 'all' | readonly DocumentName[]
  readonly mayCreate: boolean
  readonly mayUpload: boolean
}

export interface Access {
  /** For sockets. */
  readonly authorize: Authorize
  /** For REST. Undefined: nobody knows who it is. Rejects when that cannot be found out now. */
  holderOf(token: string | undefined): Promise<Holder | undefined>
}

const everybody: Holder = {
  roleIn: () => 'own',
  documents: 'all',
  mayCreate: true,
  mayUpload: true,
}

/** Everybody who reaches the server may do everything. */
export const openAccess: Access = {
  authorize: allowEverybody,
  holderOf: async () => everybody,
}

/** Throws a TypeError that says which option is wrong. */
export function tokenAccess(options: TokenOptions): Access {
  const readToken = createTokenReader(options)
  return {
    authorize: authorizeBy(readToken),
    async holderOf(token) {
      const holder = await readToken(token)
      return holder && holderOf(holder)
    },
  }
}

function holderOf(holder: TokenHolder): Holder {
  const { documents, elsewhere } = holder
  const mayWriteElsewhere = elsewhere !== undefined && mayWrite(elsewhere)
  return {
    roleIn: (document) => roleIn(holder, document),
    documents: elsewhere === undefined ? [...documents.keys()] : 'all',
    mayCreate: mayWriteElsewhere,
    // Uploads belong to no document: whoever writes in one may show a picture in it.
    mayUpload: mayWriteElsewhere || [...documents.values()].some(mayWrite),
  }
}

/**
 * What a sync server is given, and what can be asked of it. `server.ts` makes one of these.
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Clock, Log, Random } from '@quire/base'
import type { Compactor, DocumentStore } from '@quire/persistence'
import type { DocumentEvent, DocumentName, Limits } from '@quire/protocol'
import type { Authorize } from './access/access.ts'
import type { RecheckFilter } from './access/access-watch.ts'
import type { Origins } from './access/origin.ts'
import type { OnStateless, StatelessPeer } from './stateless.ts'
import type { ServerStats } from './stats.ts'

export interface SyncServerOptions {
  /** Stays the caller's: close it after `shutdown`. */
  readonly store: DocumentStore
  /** Makes snapshots of long logs; without it logs only grow. Stays the caller's. */
  readonly compactor?: Compactor
  /** Who may do what; by default everybody may edit every document. */
  readonly authorize?: Authorize
  /** Web pages that may open a socket; by default those of the server's own address. Others get 403. */
  readonly origins?: Origins
  /**
   * Clients that send no `Origin`, which no browser does. By default they need a token when there is an
   * `authorize`: a cookie alone is no proof of who sits behind a program.
   */
  readonly programs?: 'any' | 'withToken'
  /** Addresses and networks of the proxies in front, whose `X-Forwarded-For`, `-Proto` and `-Host` are believed; none by default. */
  readonly trustProxy?: readonly string[]
  readonly limits?: Partial<Limits>
  readonly clock?: Clock
  readonly random?: Random
  readonly log?: Log
  /** First content of a document that is empty when a `quire.v1` client opens it: a constant Yjs update. */
  readonly seed?: Uint8Array
  /** Hears what Hocuspocus clients say with `sendStateless`. See `stateless.ts`. */
  readonly onStateless?: OnStateless
  /** How long a document nobody is in is kept in memory, in ms; 30,000 by default, which outlives a reload of the page. */
  readonly idleMs?: number
}

export interface SyncServer {
  /** For the `upgrade` event of an HTTP server, on `/sync/<document>` and `/<document>`. Never throws. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Tells every `quire.v1` client that is in the document now; nobody, when it is not open. */
  announce(document: DocumentName, event: DocumentEvent): void
  /**
   * Sends `text` to the Hocuspocus clients that are in the document now, as `onStateless` of their
   * providers; only to those that `isMeant`, where it is given. Nobody is told when it is not open.
   * Throws a RangeError when it is longer than `statelessBytesMax`, and what `isMeant` throws.
   */
  sendStateless(
    document: DocumentName,
    text: string,
    isMeant?: (peer: StatelessPeer) => boolean,
  ): void
  /**
   * Has the access port asked again, now, about every session of the document, of the user, of both, or
   * about all. Call it after the rights were changed. From then on, what these sessions send waits for
   * the answer; one that is not answered within a second (`reviewMsMax`) is closed with `accessDown`.
   */
  recheck(concerned: RecheckFilter): void
  /** Ends every session of the document. Call it after the store has deleted the document. */
  closeDocument(document: DocumentName, name: 'deleted'): void
  stats(): ServerStats
  /**
   * Takes no more connections and edits, waits until everything taken is stored or `deadlineMs` is
   * over, then closes every socket with `goingAway`. `unsaved`: how many updates are not stored; none
   * of them was acknowledged. Idempotent.
   */
  shutdown(options: { readonly deadlineMs: number }): Promise<{ readonly unsaved: number }>
}

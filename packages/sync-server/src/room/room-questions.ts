/**
 * What a room asks of its sessions: what they have that it lacks, and proof that what they wrote under a
 * Yjs client id is what it knows under that id. Answers come as any update does; `conflict.ts` compares.
 *
 * 1. A session is asked after it said what it has, because what is worth a proof depends on that.
 * 2. The id that a session writes under is asked about when the room knows something under it. A client
 *    of ours names it before its Step1; a stock client by its first presence, just behind it.
 * 3. A session that lacks something under an id of its own, which an id of its own alone hardly can, is
 *    answered only after it gave its proof: otherwise it would mix somebody else's words into its copy.
 * 4. A client of ours whose id is somebody else's is told to take another for what it writes next.
 */
import {
  type DocumentMessage,
  encodeEvent,
  encodeStateVector,
  encodeStep1,
  type Limits,
  parsePresence,
} from '@quire/protocol'
import { ClientIds, type OwnClient } from './client-ids.ts'
import { copyOf } from '../copy.ts'
import type { Dialect } from '../client/dialect.ts'
import { wireFrame } from '../session/frame-writer.ts'
import type { Knowledge } from './knowledge.ts'
import type { Outbox } from '../session/outbox.ts'

/** What is needed of a session. */
export interface Asked {
  readonly dialect: Dialect
  readonly outbox: Pick<Outbox, 'control'>
}

export type QuestionLimits = Pick<Limits, 'overlapClocks'> & Parameters<typeof parsePresence>[1]

type ClientClaim = Omit<Extract<DocumentMessage, { readonly kind: 'client' }>, 'kind'>

type Known = Pick<Knowledge, 'clocks' | 'stateVector'>

export class Questions<Session extends Asked> {
  readonly #limits: QuestionLimits
  readonly #ids = new ClientIds<Session>()
  readonly #asked = new WeakSet<Session>()
  readonly #shown = new WeakSet<Session>()
  /** The question of a session that owes a proof, waiting for it. */
  readonly #owing = new Map<Session, Uint8Array>()

  constructor(limits: QuestionLimits) {
    this.#limits = limits
  }

  /** What the session said about its own document. */
  clientOf(session: Session): OwnClient | undefined {
    return this.#ids.of(session)
  }

  /** The session said what it writes under from now on. */
  claim(session: Session, { clientId, earlier, instance }: ClientClaim): void {
    const own = { clientId, earlier, instance: Buffer.from(instance).toString('latin1') }
    if (!this.#ids.claim(session, own)) this.#tellToRenew(session, clientId)
  }

  /** The session said that it has `clocks`, `vector` as bytes. Whether it is to be answered now. */
  ask(
    session: Session,
    known: Known,
    clocks: ReadonlyMap<number, number>,
    vector: Uint8Array,
  ): boolean {
    if (session.dialect.isAsked === 'once' && this.#asked.has(session)) {
      return !this.#owing.has(session)
    }
    this.#asked.add(session)
    const said = this.#ids.of(session)
    if (said && !clocks.get(said.clientId) && known.clocks.has(said.clientId)) {
      // Somebody wrote under it, and it was not this client.
      this.#tellToRenew(session, said.clientId)
    }
    const own = new Set(said && [said.clientId, ...said.earlier])
    let isLacking = false
    const proofs = new Map<number, number>()
    for (const [client, clock] of clocks) {
      const here = known.clocks.get(client) ?? 0
      if (here === 0 || clock === 0) continue
      // Of its own ids whatever it has; of others, where it goes on from what is known.
      if (own.has(client) || clock > here) proofs.set(client, Math.min(here, clock))
      if (own.has(client) && clock < here) isLacking = true
    }
    this.#send(session, known, proofs)
    if (isLacking) this.#owing.set(session, copyOf(vector))
    return !isLacking
  }

  /** The session answered, and was not refused for it: the question that waited for that, if there is one. */
  proved(session: Session): Uint8Array | undefined {
    const vector = this.#owing.get(session)
    this.#owing.delete(session)
    return vector
  }

  /** The session showed itself. A stock y-websocket client says in this way, first of all, which id is its own. */
  shown(session: Session, known: Known, entries: Uint8Array): void {
    if (session.dialect.name !== 'y-websocket' || this.#shown.has(session)) return
    this.#shown.add(session)
    const parsed = parsePresence(entries, this.#limits)
    if ('kind' in parsed || parsed.length !== 1) return
    const own = parsed[0]?.clientId ?? 0
    const here = known.clocks.get(own) ?? 0
    if (here > 0) this.#send(session, known, new Map([[own, here]]))
  }

  /** The session ended. */
  leave(session: Session): void {
    this.#ids.leave(session)
    this.#owing.delete(session)
  }

  /** Asks for everything that is not known, and again for the last clocks before those of `proofs`. */
  #send(session: Session, known: Known, proofs: ReadonlyMap<number, number>): void {
    const lowered = new Map(proofs.size > 0 ? known.clocks : [])
    for (const [client, clock] of proofs) {
      const from = clock - this.#limits.overlapClocks
      if (from > 0) lowered.set(client, from)
      else lowered.delete(client)
    }
    const vector = proofs.size > 0 ? encodeStateVector(lowered) : known.stateVector()
    session.outbox.control(wireFrame(encodeStep1(vector)))
  }

  #tellToRenew({ dialect, outbox }: Session, clientId: number): void {
    if (dialect.name !== 'quire') return
    outbox.control(wireFrame(encodeEvent({ kind: 'renewClientId', clientId })))
  }
}

/**
 * OpenRoom: what a room has once its document is loaded: the document, the sessions that are joined to
 * it, what they say and what they are told. Of its own life it knows nothing; that is `room.ts`. What
 * happens to an update is in `intake.ts`, the bytes of the document in `room-log.ts`.
 *
 * 1. A session is sent, in this order: who it is (unless it speaks plain y-websocket), and with its
 *    first Step1 the room's own, which asks by what it heard, the answer, and everybody's presence.
 * 2. While the server shuts down, edits stay with their authors, unacknowledged.
 */
import { unreachable } from '@quire/base'
import type { StoredDocument } from '@quire/persistence'
import {
  type DocumentEvent,
  type DocumentMessage,
  encodeEvent,
  parseStateVector,
} from '@quire/protocol'
import { isQuire } from '../client/dialect.ts'
import type { LogOwner, LogWriter } from '../log/log-writer.ts'
import type { Ports } from '../ports.ts'
import { presenceUserOf } from '../presence/presence-identity.ts'
import { Presence } from '../presence/presence.ts'
import type { LateMessage } from '../rate/rate-session.ts'
import { type WireFrame, wireFrame } from '../session/frame-writer.ts'
import type { Session } from '../session/session.ts'
import { catchUpOnce } from './catch-up.ts'
import { FanOut } from './fan-out.ts'
import { Intake } from './intake.ts'
import type { Knowledge } from './knowledge.ts'
import { RoomDepths } from './room-depths.ts'
import { RoomLineage } from './room-lineage.ts'
import { knowledgeOf } from './room-load.ts'
import { RoomLog } from './room-log.ts'
import { Questions } from './room-questions.ts'
import { RoomSchemas } from './room-schemas.ts'

export interface OpenRoomOptions {
  /** The clock and the end of the turn are guarded: what throws in them ends this room only. */
  readonly ports: Ports
  readonly writer: LogWriter
  /** The room, as the writer knows it. */
  readonly owner: LogOwner
  /** Whether edits are still taken; false once the server shuts down. */
  readonly isTaking: () => boolean
}

export class OpenRoom {
  readonly log: RoomLog
  readonly lineage: RoomLineage
  readonly #options: OpenRoomOptions
  readonly #knowledge: Knowledge
  readonly #fanOut: FanOut
  readonly #intake: Intake
  readonly #sessions = new Set<Session>()
  readonly #presence: Presence<Session>
  readonly #questions: Questions<Session>
  readonly #schemas = new RoomSchemas<Session>()
  /** Those that got an answer to a Step1. */
  readonly #answered = new WeakSet<Session>()

  /** Throws `UnreadableDocument` when the stored bytes are not what they must be. */
  constructor(stored: StoredDocument, options: OpenRoomOptions) {
    const { ports, writer, owner } = options
    const { clock, limits } = ports
    this.log = new RoomLog(stored)
    this.lineage = new RoomLineage(ports.random, stored.lineage ?? null)
    this.#options = options
    this.#knowledge = knowledgeOf(stored)
    this.#questions = new Questions(limits)
    this.#presence = new Presence({
      clock,
      limits,
      onChange: (session) => this.#fanOut.presenceChanged(session),
      userOf: ({ grant }) => presenceUserOf(grant.user),
      clientOf: (session) => this.#questions.clientOf(session),
    })
    this.#fanOut = new FanOut({
      ports,
      members: () => this.#sessions,
      presence: this.#presence,
      head: this.log.head,
      acks: () => this.#intake,
    })
    this.#intake = new Intake({
      owner,
      ports,
      writer,
      log: this.log,
      knowledge: this.#knowledge,
      fanOut: this.#fanOut,
      members: () => this.#sessions,
      depths: new RoomDepths({ depthMax: limits.xmlDepthMax, stored: () => this.log.updates() }),
    })
  }

  /** Those who are joined. */
  get sessions(): ReadonlySet<Session> {
    return this.#sessions
  }

  get heldCount(): number {
    return this.#intake.heldCount
  }

  /** How many clients a Step1 may name: those that are known here, and some that are not. */
  get step1ClientsMax(): number {
    return this.#knowledge.clocks.size + this.#options.ports.limits.stateVectorClientsMax
  }

  /** The last log row that went to everybody. */
  get sentHead(): number {
    return this.#fanOut.sentHead
  }

  /** Takes content that nobody sent. Does nothing when it is no update, or nothing new. */
  takeOwn(update: Uint8Array): void {
    this.#intake.takeOwn(update)
  }

  join(session: Session): void {
    this.#sessions.add(session)
    session.gather(() => {
      this.introduce(session)
      this.#tellStorage(session)
      session.joined()
    })
  }

  /** The session ended, joined or not. */
  leave(session: Session): void {
    if (!this.#sessions.delete(session)) return
    this.#intake.drop(session)
    this.#presence.leave(session)
    this.#questions.leave(session)
    this.#schemas.leave(session, this.#sessions)
  }

  /** One message of a joined session, in the order it came. */
  receive(session: Session, message: DocumentMessage): void {
    switch (message.kind) {
      case 'step1':
        this.#hear(session, message.stateVector)
        this.#intake.acknowledge(session)
        return
      case 'step2':
      case 'update':
        if (!this.#options.isTaking()) {
          session.acks?.refused()
          return
        }
        this.#intake.receive(session, message.update, message.kind === 'step2')
        if (message.kind === 'step2') this.#answerProved(session)
        return
      case 'presence':
        if (message.entries.length > this.#options.ports.limits.presenceBytesMax)
          session.close('tooLarge', 'too much presence')
        else if (session.rate.mayShow(message.entries.length)) this.late(session, message)
        else if (this.#presence.isOwn(session, message.entries)) {
          session.rate.keepPresence(message.entries)
        }
        return
      case 'queryPresence':
        if (session.rate.mayAskPresence()) this.late(session, message)
        return
      case 'client':
        this.#questions.claim(session, message)
        return
      default:
        unreachable(message)
    }
  }

  /** One message that the session's rate allows; it may have waited for that. */
  late(session: Session, message: LateMessage): void {
    switch (message.kind) {
      case 'step1':
        this.#answer(session, message.stateVector)
        return
      case 'presence': {
        const refused = this.#presence.receive(session, message.entries)
        if (refused) session.close(refused.close, refused.why)
        else this.#questions.shown(session, this.#knowledge, message.entries)
        return
      }
      case 'queryPresence':
        this.#showPresence(session)
        return
      default:
        unreachable(message)
    }
  }

  /** Brings a session that is behind, and has read what it had, nearer to where the room is. */
  catchUp(session: Session, cursor: number, stateVector: Uint8Array | undefined): void {
    this.#fanOut.flush()
    if (!catchUpOnce(session, this.log, cursor, this.#options.ports.atTurnEnd)) return
    if (stateVector) this.#answer(session, stateVector)
    this.#showPresence(session)
  }

  /** Tells every `quire.v1` client in the document. */
  announce(event: DocumentEvent): void {
    const frame = wireFrame(encodeEvent(event))
    for (const session of this.#sessions) if (isQuire(session)) session.outbox.control(frame)
  }

  /** Sends to every Hocuspocus client in the document that `isMeant`. */
  tell(frame: WireFrame, isMeant: (session: Session) => boolean): void {
    for (const session of this.#sessions) {
      if (session.dialect.name === 'hocuspocus' && isMeant(session)) session.outbox.control(frame)
    }
  }

  /** Tells a joined session who it is, when it joins and when that changed. */
  introduce(session: Session): void {
    this.#presence.identify(session)
    const { user, role } = session.grant
    const lineage = this.lineage.stored
    const info = { role, user: { id: user.id || session.sessionId, name: user.name }, lineage }
    const frame = session.dialect.introduction(info)
    if (frame) session.outbox.control(frame)
    this.#schemas.note(session, this.#sessions)
  }

  /** The session may not write any more: what it sent and nobody has taken yet is not taken either. */
  demoted(session: Session): void {
    if (this.#intake.forget(session)) session.refuseEdit()
  }

  /** Sends what the fan-out still holds back. */
  flush(): void {
    this.#fanOut.flush()
  }

  /** Tells every session what is durable by now, without waiting for the next window. */
  acknowledge(): void {
    this.#intake.acknowledgeAll()
  }

  /**
   * The oldest `count` rows that were not durable are. False when `head`, the store's number of the
   * last, is another than ours: somebody else writes this document.
   */
  stored(count: number, head: number, lineage: string, isCrowded: boolean): boolean {
    if (this.lineage.store(lineage))
      for (const session of this.#sessions) if (isQuire(session)) this.introduce(session)
    const expected = this.log.storedHead + count
    this.log.stored(expected)
    this.#intake.acknowledgeSoon(this.#sessions.size, isCrowded)
    return head === expected
  }

  /** Ends its timers. */
  close(): void {
    this.#fanOut.close()
    this.#intake.close()
  }

  #tellStorage(session: Session): void {
    if (this.#options.writer.health.state !== 'failing') return
    const frame = session.dialect.storage('failing')
    if (frame) session.outbox.control(frame)
  }

  /** The client says what it has: noted at once, answered when its rate allows. */
  #hear(session: Session, vector: Uint8Array): void {
    const wantsAll = session.dialect.counts === 'unsynced'
    const heard = this.#knowledge.hear(vector, this.step1ClientsMax, wantsAll)
    if ('kind' in heard) {
      session.close(heard.close, heard.why)
      return
    }
    session.noteStep1(heard.said)
    if (session.rate.mayAsk(heard.vector)) this.#answerTo(session, heard.vector, heard.ours)
  }

  #answerProved(session: Session): void {
    const vector = session.isClosed ? undefined : this.#questions.proved(session)
    if (vector) this.#answer(session, vector)
  }

  #answer(session: Session, vector: Uint8Array): void {
    const clocks = parseStateVector(vector)
    if (clocks instanceof Map) this.#answerTo(session, vector, clocks)
  }

  #answerTo(session: Session, vector: Uint8Array, clocks: ReadonlyMap<number, number>): void {
    if (!session.outbox.mayAnswer(vector, this.sentHead)) return
    if (!this.#questions.ask(session, this.#knowledge, clocks, vector)) return
    session.outbox.answer(this.log.difference(clocks, vector, this.#knowledge.clocks))
    if (this.#answered.has(session)) return
    this.#answered.add(session)
    this.#showPresence(session)
  }

  #showPresence(session: Session): void {
    const parts = this.#presence.snapshot(session)
    if (parts) session.showPresence(parts)
  }
}

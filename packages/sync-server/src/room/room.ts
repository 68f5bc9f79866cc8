/**
 * Room: one document open on this server: its life, who is in it, and what they are sent. What happens
 * to an update is in `intake.ts`, the bytes of the document in `room-log.ts`, the phases in `room-life.ts`.
 *
 * 1. A session that came while the document loads sees nothing before all of it is there.
 * 2. A session is sent, in this order: who it is (unless it speaks plain y-websocket), and with its
 *    first Step1 the room's own, the answer, and everybody's presence. The room asks second because it
 *    asks by what it heard.
 * 3. A failed load or a fault in here ends the sessions with a code; it never serves or stores less
 *    than the document.
 *
 * Length: every change of the room's life passes one `#settle`, and a reader should see all of them.
 */
import { must, randomId, reasonOf, unreachable } from '@quire/base'
import { isLineage } from '@quire/persistence'
import {
  type CloseName,
  type DocumentEvent,
  type DocumentMessage,
  type DocumentName,
  encodeEvent,
  parseStateVector,
} from '@quire/protocol'
import { FanOut } from './fan-out.ts'
import { wireFrame } from '../session/frame-writer.ts'
import { guardedClock, guardedTurnEnd } from '../guarded-ports.ts'
import { Intake } from './intake.ts'
import type { Knowledge } from './knowledge.ts'
import type { LogOwner, LogWriter } from '../log/log-writer.ts'
import type { Ports } from '../ports.ts'
import { Presence } from '../presence/presence.ts'
import type { LateMessage } from '../rate/rate-session.ts'
import { presenceUserOf } from '../presence/presence-identity.ts'
import { RoomCompaction } from './room-compaction.ts'
import { RoomDepths } from './room-depths.ts'
import { RoomLife } from './room-life.ts'
import { knowledgeOf } from './room-load.ts'
import { RoomLog } from './room-log.ts'
import { Questions } from './room-questions.ts'
import { isFinal, type RoomPhase } from './room-state.ts'
import type { Session } from '../session/session.ts'

/** What is there once the document is loaded. */
interface Open {
  readonly log: RoomLog
  readonly knowledge: Knowledge
  readonly fanOut: FanOut
  readonly intake: Intake
  /** Null until the document is stored. */
  lineage: string | null
}

function isQuire({ dialect }: Session): boolean {
  return dialect.name === 'quire'
}

export interface RoomOptions {
  readonly document: DocumentName
  readonly ports: Ports
  readonly writer: LogWriter
  /** Whether edits are still taken; false once the server shuts down. */
  readonly isTaking: () => boolean
  /** The phase is another now. After a final one a newcomer needs another room. */
  readonly onPhase: (phase: RoomPhase) => void
  /** It holds this many bytes more, or less. */
  readonly onBytes: (more: number) => void
}

export class Room implements LogOwner {
  readonly document: DocumentName
  readonly #options: RoomOptions
  readonly #ports: Ports
  readonly #sessions = new Set<Session>()
  readonly #waiting = new Set<Session>()
  readonly #presence: Presence<Session>
  readonly #questions: Questions<Session>
  /** Those that got an answer to a Step1. */
  readonly #answered = new WeakSet<Session>()
  readonly #compaction: RoomCompaction
  #open: Open | undefined = undefined
  /** What the lineage of a document that is not stored yet will be. */
  #ownLineage: string | undefined = undefined
  readonly #life: RoomLife
  /** The store takes nothing more of this document, so nothing waits for it. */
  #isLost = false
  /** As it was told last. */
  #bytes = 0

  constructor(options: RoomOptions) {
    const ports = {
      ...options.ports,
      clock: guardedClock(options.ports.clock, (error) => this.#broke(error)),
      atTurnEnd: guardedTurnEnd(options.ports.atTurnEnd, (error) => this.#broke(error)),
    }
    this.document = options.document
    this.#options = options
    this.#ports = ports
    this.#questions = new Questions(ports.limits)
    this.#presence = new Presence({
      clock: ports.clock,
      limits: ports.limits,
      onChange: (session) => this.#open?.fanOut.presenceChanged(session),
      userOf: ({ grant }) => presenceUserOf(grant.user),
      clientOf: (session) => this.#questions.clientOf(session),
    })
    this.#compaction = new RoomCompaction({
      document: this.document,
      ports,
      onEnd: () => {
        try {
          // What came while it ran may be worth another one.
          if (this.#open) this.#compaction.look(this.#open.log)
          this.#settle()
        } catch (error) {
          this.#broke(error)
        }
      },
    })
    this.#life = new RoomLife({
      document: this.document,
      ports,
      facts: () => ({
        sessionCount: this.sessionCount,
        unsavedCount: this.#isLost ? 0 : (this.#open?.log.unsavedCount ?? 0),
        isCompacting: this.#compaction.isRunning,
      }),
      onSlowLoad: () => this.#loadFailed('loadFailed', 'the store did not answer'),
      onPhase: (phase) => this.#entered(phase),
    })
    void this.#loadDocument()
  }

  /** What the document gets when it is stored for the first time; undefined when it is stored. */
  get lineage(): string | undefined {
    if (this.#open?.lineage !== null) return undefined
    return (this.#ownLineage ??= randomId(this.#ports.random))
  }

  get phase(): RoomPhase {
    return this.#life.phase
  }

  get sessionCount(): number {
    return this.#sessions.size + this.#waiting.size
  }

  /** Whether it takes nobody any more. */
  get isCondemned(): boolean {
    return this.#life.isCondemned
  }

  /** Those who are joined. */
  get sessions(): ReadonlySet<Session> {
    return this.#sessions
  }

  get heldCount(): number {
    return this.#open?.intake.heldCount ?? 0
  }

  get documentBytes(): number {
    return this.#open?.log.bytes ?? 0
  }

  /** The last log row that went to everybody. */
  get sentHead(): number {
    return this.#open?.fanOut.sentHead ?? 0
  }

  /** Takes a session in; it is joined at once, or when the document is loaded. */
  join(session: Session): void {
    if (this.sessionCount >= this.#ports.limits.sessionsPerDocumentMax) {
      session.close('roomFull', 'the document has as many sessions as it may')
      return
    }
    session.waiting(this)
    this.#waiting.add(session)
    if (this.#open) this.#admit(this.#open)
    this.#settle()
  }

  /** The session ended. */
  leave(session: Session): void {
    this.#waiting.delete(session)
    if (this.#sessions.delete(session)) {
      this.#open?.intake.drop(session)
      this.#presence.leave(session)
      this.#questions.leave(session)
    }
    this.#settle()
  }

  /** One message of a joined session, in the order it came. */
  receive(session: Session, message: DocumentMessage): void {
    const open = must(this.#open, 'only an open room has joined sessions')
    switch (message.kind) {
      case 'step1':
        this.#hear(session, open, message.stateVector)
        open.intake.acknowledge(session)
        return
      case 'step2':
      case 'update':
        // While the server shuts down, edits stay with their authors, unacknowledged.
        if (!this.#options.isTaking()) {
          session.acks?.refused()
          return
        }
        open.intake.receive(session, message.update, message.kind === 'step2')
        if (message.kind === 'step2') this.#answerProved(session, open)
        this.#settle()
        return
      case 'presence':
        if (message.entries.length > this.#ports.limits.presenceBytesMax)
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
    const open = must(this.#open, 'only an open room has joined sessions')
    switch (message.kind) {
      case 'step1':
        this.#answer(session, open, message.stateVector)
        return
      case 'presence': {
        const refused = this.#presence.receive(session, message.entries)
        if (refused) session.close(refused.close, refused.why)
        else this.#questions.shown(session, open.knowledge, message.entries)
        return
      }
      case 'queryPresence':
        this.#showPresence(session)
        return
      default:
        unreachable(message)
    }
  }

  /** Brings a session that was behind, and has read what it had, to where the room is. */
  catchUp(session: Session, cursor: number, stateVector: Uint8Array | undefined): void {
    const open = must(this.#open, 'only an open room has joined sessions')
    open.fanOut.flush()
    session.outbox.answer(open.log.since(cursor))
    if (stateVector) this.#answer(session, open, stateVector)
    this.#showPresence(session)
  }

  /** Tells every `quire.v1` client in the document. */
  announce(event: DocumentEvent): void {
    const frame = wireFrame(encodeEvent(event))
    for (const session of this.#sessions) if (isQuire(session)) session.outbox.control(frame)
  }

  /** Tells a joined session who it is, when it joins and when that changed. */
  introduce(session: Session): void {
    const { lineage } = must(this.#open, 'only an open room has joined sessions')
    this.#presence.identify(session)
    const { user, role } = session.grant
    const info = { role, user: { id: user.id || session.sessionId, name: user.name }, lineage }
    const frame = session.dialect.introduction(info)
    if (frame) session.outbox.control(frame)
  }

  /** The session may not write any more: what it sent and nobody has taken yet is not taken either. */
  demoted(session: Session): void {
    if (this.#open?.intake.forget(session)) session.refuseEdit()
  }

  /** Sends what the fan-out still holds back. */
  flush(): void {
    this.#open?.fanOut.flush()
  }

  /** Tells every session what is durable by now, without waiting for the next window. */
  acknowledge(): void {
    this.#open?.intake.acknowledgeAll()
  }

  closeSessions(name: CloseName, why: string): void {
    for (const session of [...this.#waiting, ...this.#sessions]) session.close(name, why)
  }

  /** Ends the room: sessions get the code, what the writer holds is still stored. */
  condemn(name: CloseName, why: string): void {
    this.#life.condemn()
    this.closeSessions(name, why)
    this.#settle()
  }

  /** Memory is short: goes when nobody is here and nothing is unsaved. */
  evict(): void {
    this.#life.evict()
  }

  /** Forgets the room with its timers; for the end of a shutdown. */
  close(): void {
    this.#life.close()
  }

  stored(count: number, head: number, lineage: string): void {
    const open = must(this.#open, 'only an open room appends')
    const { log, intake } = open
    if (open.lineage === null) {
      // Told only now: who remembers the lineage of something that was never stored is locked out later.
      open.lineage = lineage
      for (const session of this.#sessions) if (isQuire(session)) this.introduce(session)
    }
    const expected = log.storedHead + count
    log.stored(expected)
    intake.acknowledgeSoon(this.#sessions.size)
    if (head !== expected) {
      // Somebody else writes this document: what is served here is not all that is stored.
      this.#ports.log.error('the log has rows of another writer', { document: this.document, head })
      this.condemn('internal', 'the log has rows of another writer')
      return
    }
    this.#compaction.look(log)
    this.#settle()
  }

  lost(why: 'deleted' | 'unwritable'): void {
    this.#isLost = true
    if (why === 'deleted') this.condemn('deleted', 'the document was deleted')
    else this.condemn('internal', 'the store cannot write the document')
  }

  async #loadDocument(): Promise<void> {
    const { writer } = this.#options
    const ports = this.#ports
    try {
      // A room of this document that broke may still be writing.
      await writer.whenWritten(this.document)
      if (!this.#life.isLoading) return
      ports.counters.loads += 1
      const stored = await ports.store.open(this.document)
      // The store was too slow, or the server has ended: nobody waits for this any more.
      if (!this.#life.isLoading) return
      if (stored.isDeleted) {
        this.#loadFailed('deleted', 'the document is deleted')
        return
      }
      const log = new RoomLog(stored)
      const knowledge = knowledgeOf(stored)
      const fanOut = new FanOut({
        clock: ports.clock,
        atTurnEnd: ports.atTurnEnd,
        log: ports.log,
        members: () => this.#sessions,
        presence: this.#presence,
        head: log.head,
        onFlushed: () => this.#open?.intake.acknowledgeAll(),
      })
      const depths = new RoomDepths({
        depthMax: ports.limits.xmlDepthMax,
        stored: () => log.updates(),
      })
      const intake = new Intake({ owner: this, ports, writer, log, knowledge, fanOut, depths })
      this.#open = { log, knowledge, fanOut, intake, lineage: stored.lineage ?? null }
      this.#life.loaded()
    } catch (error) {
      ports.counters.loadFailures += 1
      ports.log.error('a document could not be loaded', {
        document: this.document,
        reason: reasonOf(error),
      })
      this.#loadFailed('loadFailed', 'the document could not be loaded')
      return
    }
    try {
      this.#admit(this.#open)
      this.#compaction.look(this.#open.log)
      this.#settle()
    } catch (error) {
      this.#broke(error)
    }
  }

  /** A fault of ours: the room closes, the process lives. */
  #broke(error: unknown): void {
    this.#ports.log.error('a room broke', { document: this.document, reason: reasonOf(error) })
    this.condemn('internal', 'the room broke')
  }

  #loadFailed(name: CloseName, why: string): void {
    // First, so that whoever comes back at once gets a room that tries again.
    this.#life.failed()
    this.closeSessions(name, why)
  }

  /** Lets in everybody who waits. */
  #admit(open: Open): void {
    const { seed } = this.#ports
    for (const session of [...this.#waiting]) {
      if (this.#isOther(session, open)) {
        session.close('otherLineage', 'the client holds another document of this name')
      }
    }
    const waiting = [...this.#waiting]
    // First content, before any client can write its own.
    if (seed && open.log.head === 0 && waiting.some(isQuire)) {
      open.intake.takeOwn(seed)
    }
    for (const session of waiting) {
      // What one brings may have ended others, or the room.
      if (!this.#waiting.delete(session)) continue
      this.#sessions.add(session)
      this.introduce(session)
      this.#tellStorage(session)
      session.joined()
    }
  }

  #tellStorage(session: Session): void {
    if (this.#options.writer.health.state !== 'failing') return
    const frame = session.dialect.storage('failing')
    if (frame) session.outbox.control(frame)
  }

  /** Whether the client holds another history of the document. Of one that is not stored the first client that names one decides. */
  #isOther({ lineage, mayWrite }: Session, open: Open): boolean {
    if (lineage === undefined) return false
    if (open.lineage !== null) return lineage !== open.lineage
    if (this.#ownLineage === undefined && open.log.head === 0) {
      // Who brings nothing decides nothing.
      if (!mayWrite) return false
      if (isLineage(lineage)) this.#ownLineage = lineage
    }
    return lineage !== this.#ownLineage
  }

  /** The client says what it has: noted at once, answered when its rate allows. */
  #hear(session: Session, open: Open, vector: Uint8Array): void {
    const clocks = parseStateVector(vector, this.#ports.limits.stateVectorClientsMax)
    if (!(clocks instanceof Map)) {
      session.close(clocks.close, clocks.why)
      return
    }
    session.noteStep1(clocks)
    if (session.rate.mayAsk(vector)) this.#answerTo(session, open, vector, clocks)
  }

  #answerProved(session: Session, open: Open): void {
    const vector = session.isClosed ? undefined : this.#questions.proved(session)
    if (vector) this.#answer(session, open, vector)
  }

  #answer(session: Session, open: Open, vector: Uint8Array): void {
    const clocks = parseStateVector(vector)
    if (clocks instanceof Map) this.#answerTo(session, open, vector, clocks)
  }

  #answerTo(
    session: Session,
    open: Open,
    vector: Uint8Array,
    clocks: ReadonlyMap<number, number>,
  ): void {
    if (!session.outbox.mayAnswer(vector, open.fanOut.sentHead)) return
    if (!this.#questions.ask(session, open.knowledge, clocks, vector)) return
    session.outbox.answer(open.log.difference(clocks, vector))
    if (this.#answered.has(session)) return
    this.#answered.add(session)
    this.#showPresence(session)
  }

  #showPresence(session: Session): void {
    const parts = this.#presence.snapshot(session)
    if (parts) session.showPresence(parts)
  }

  /** The facts may have changed. */
  #settle(): void {
    const bytes = isFinal(this.phase) ? 0 : this.documentBytes
    if (bytes !== this.#bytes) {
      const more = bytes - this.#bytes
      this.#bytes = bytes
      this.#options.onBytes(more)
    }
    this.#life.settle()
  }

  #entered(phase: RoomPhase): void {
    if (isFinal(phase)) {
      this.#open?.fanOut.close()
      this.#open?.intake.close()
      const bytes = this.#bytes
      this.#bytes = 0
      if (bytes > 0) this.#options.onBytes(-bytes)
    }
    this.#options.onPhase(phase)
  }
}

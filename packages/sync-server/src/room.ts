/**
 * Room: one document open on this server: its life, who is in it, and what they are sent. What happens
 * to an update is in `intake.ts`, the bytes of the document in `room-log.ts`, the phases in `room-state.ts`.
 *
 * 1. A session that came while the document loads sees nothing before all of it is there.
 * 2. A session is sent, in this order: who it is (to `quire.v1`), the room's Step1, the answer to its
 *    own Step1, everybody's presence.
 * 3. A failed load or a fault in here ends the sessions with a code; it never serves or stores less
 *    than the document.
 *
 * Length: every change of the room's life passes one `#settle`, and a reader should see all of them.
 */
import { must, reasonOf, type Timer, unreachable } from '@quire/base'
import {
  type ClientMessage,
  type CloseName,
  type DocumentEvent,
  type DocumentName,
  encodeEvent,
  encodeStep1,
  parseStateVector,
} from '@quire/protocol'
import { FanOut } from './fan-out.ts'
import { wireFrame } from './frame-writer.ts'
import { Intake } from './intake.ts'
import type { Knowledge } from './knowledge.ts'
import type { LogOwner, LogWriter } from './log-writer.ts'
import type { Ports } from './ports.ts'
import { Presence } from './presence.ts'
import { RoomCompaction } from './room-compaction.ts'
import { knowledgeOf } from './room-load.ts'
import { RoomLog } from './room-log.ts'
import { type RoomPhase, settle } from './room-state.ts'
import type { Session } from './session.ts'

/** What is there once the document is loaded. */
interface Open {
  readonly log: RoomLog
  readonly knowledge: Knowledge
  readonly fanOut: FanOut
  readonly intake: Intake
  readonly lineage: string | null
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
  /** The room is gone; a newcomer needs another one. Called once. */
  readonly onAbsent: () => void
}

export class Room implements LogOwner {
  readonly document: DocumentName
  readonly #options: RoomOptions
  readonly #ports: Ports
  readonly #sessions = new Set<Session>()
  readonly #waiting = new Set<Session>()
  readonly #presence: Presence<Session>
  readonly #compaction: RoomCompaction
  #open: Open | undefined = undefined
  #phase: RoomPhase = 'loading'
  #load: 'pending' | 'done' | 'failed' = 'pending'
  #isIdleDue = false
  #isCondemned = false
  /** The store takes nothing more of this document, so nothing waits for it. */
  #isLost = false
  #idleTimer: Timer | undefined = undefined

  constructor(options: RoomOptions) {
    const { ports } = options
    this.document = options.document
    this.#options = options
    this.#ports = ports
    this.#presence = new Presence({
      clock: ports.clock,
      limits: ports.limits,
      members: () => this.#sessions,
    })
    this.#compaction = new RoomCompaction({
      document: this.document,
      ports,
      onEnd: () => this.#settle(),
    })
    void this.#loadDocument()
  }

  get phase(): RoomPhase {
    return this.#phase
  }

  get sessionCount(): number {
    return this.#sessions.size + this.#waiting.size
  }

  /** Whether it takes nobody any more. */
  get isCondemned(): boolean {
    return this.#isCondemned
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
    }
    this.#settle()
  }

  /** One message of a joined session, in the order it came. */
  receive(session: Session, message: ClientMessage): void {
    const open = must(this.#open, 'only an open room has joined sessions')
    switch (message.kind) {
      case 'step1':
        if (session.dialect.counts === 'syncFrames') session.acks?.note(0)
        this.#answer(session, open, message.stateVector)
        open.intake.acknowledge(session)
        return
      case 'step2':
      case 'update':
        // While the server shuts down, edits stay with their authors, unacknowledged.
        if (!this.#options.isTaking()) return
        open.intake.receive(session, message.update, message.kind === 'step2')
        this.#settle()
        return
      case 'presence': {
        const refused = this.#presence.receive(session, message.entries)
        if (refused) session.close(refused.close, refused.why)
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
    const { user, role } = session.grant
    const info = { role, user: { id: user.id || session.sessionId, name: user.name }, lineage }
    const frame = session.dialect.introduction(info)
    if (frame) session.outbox.control(frame)
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
    this.#isCondemned = true
    this.closeSessions(name, why)
    this.#settle()
  }

  /** Forgets the room with its timers; for the end of a shutdown. */
  close(): void {
    if (this.#phase === 'absent' || this.#phase === 'failed') return
    this.#phase = 'absent'
    this.#stopIdle()
    this.#end()
  }

  stored(count: number, head: number): void {
    const { log, intake } = must(this.#open, 'only an open room appends')
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
    const { ports, writer } = this.#options
    try {
      // A room of this document that broke may still be writing.
      await writer.whenWritten(this.document)
      ports.counters.loads += 1
      const stored = await ports.store.open(this.document)
      if (stored.isDeleted) {
        this.#loadFailed('deleted', 'the document is deleted')
        return
      }
      const log = new RoomLog(stored)
      const knowledge = knowledgeOf(stored)
      const fanOut = new FanOut({
        clock: ports.clock,
        log: ports.log,
        members: () => this.#sessions,
        head: log.head,
        onFlushed: () => this.#open?.intake.acknowledgeAll(),
      })
      const intake = new Intake({ owner: this, ports, writer, log, knowledge, fanOut })
      this.#open = { log, knowledge, fanOut, intake, lineage: stored.lineage ?? null }
      this.#load = 'done'
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
      ports.log.error('a room broke', { document: this.document, reason: reasonOf(error) })
      this.condemn('internal', 'the room broke')
    }
  }

  #loadFailed(name: CloseName, why: string): void {
    this.#load = 'failed'
    this.closeSessions(name, why)
    this.#settle()
  }

  /** Lets in everybody who waits. */
  #admit(open: Open): void {
    const { seed } = this.#ports
    const waiting = [...this.#waiting]
    // First content, before any client can write its own.
    if (seed && open.log.head === 0 && waiting.some(isQuire)) {
      open.intake.takeOwn(seed)
    }
    this.#waiting.clear()
    for (const session of waiting) {
      this.#sessions.add(session)
      this.introduce(session)
      this.#tellStorage(session)
      session.outbox.control(wireFrame(encodeStep1(open.knowledge.stateVector())))
      session.joined()
      this.#showPresence(session)
    }
  }

  #tellStorage(session: Session): void {
    if (this.#options.writer.health.state !== 'failing') return
    const frame = session.dialect.storage('failing')
    if (frame) session.outbox.control(frame)
  }

  #answer(session: Session, open: Open, vector: Uint8Array): void {
    const clocks = parseStateVector(vector)
    if (!(clocks instanceof Map)) {
      session.close(clocks.close, clocks.why)
    } else if (session.outbox.mayAnswer(vector, open.fanOut.sentHead)) {
      session.outbox.answer(open.log.difference(clocks, vector))
    }
  }

  #showPresence(session: Session): void {
    const parts = this.#presence.snapshot(session)
    if (parts) session.showPresence(parts)
  }

  /** The facts changed: finds the phase they mean, and does what its beginning asks for. */
  #settle(): void {
    const before = this.#phase
    if (before === 'absent' || before === 'failed') return
    const facts = {
      load: this.#load,
      sessionCount: this.sessionCount,
      unsavedCount: this.#isLost ? 0 : (this.#open?.log.unsavedCount ?? 0),
      isIdleDue: this.#isIdleDue,
      isCompacting: this.#compaction.isRunning,
      isCondemned: this.#isCondemned,
    }
    const phase = settle(facts)
    if (phase === before) return
    this.#phase = phase
    if (phase !== 'idle' && phase !== 'unloading') this.#stopIdle()
    if (phase === 'idle') this.#startIdle()
    if (phase === 'absent' || phase === 'failed') this.#end()
    this.#ports.log.debug('room', { document: this.document, from: before, to: phase })
  }

  #startIdle(): void {
    this.#idleTimer ??= this.#ports.clock.after(this.#ports.idleMs, () => {
      this.#isIdleDue = true
      this.#settle()
    })
  }

  #stopIdle(): void {
    this.#idleTimer?.cancel()
    this.#idleTimer = undefined
    this.#isIdleDue = false
  }

  #end(): void {
    this.#presence.close()
    this.#open?.fanOut.close()
    this.#open?.intake.close()
    this.#options.onAbsent()
  }
}

/**
 * Room: the life of one document on this server, from the first who asks for it until nothing of it is
 * left here. Says nothing to joined sessions; that is `open-room.ts`. The phases are in `room-state.ts`,
 * their timers in `room-life.ts`.
 *
 * 1. A session that came while the document loads sees nothing before all of it is there.
 * 2. A failed load or a fault in here ends the sessions with a code; it never serves or stores less
 *    than the document.
 * 3. Whatever changes a fact ends in `#settle`.
 */
import { must, reasonOf } from '@quire/base'
import type { StoredDocument } from '@quire/persistence'
import type { CloseName, DocumentEvent, DocumentMessage, DocumentName } from '@quire/protocol'
import { isQuire } from '../client/dialect.ts'
import { guardedClock, guardedTurnEnd } from '../guarded-ports.ts'
import type { LogOwner, LogWriter } from '../log/log-writer.ts'
import type { Ports } from '../ports.ts'
import type { Session } from '../session/session.ts'
import { OpenRoom } from './open-room.ts'
import { RoomCompaction } from './room-compaction.ts'
import { RoomLife } from './room-life.ts'
import { isFinal, type RoomPhase } from './room-state.ts'

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
  readonly #waiting = new Set<Session>()
  readonly #compaction: RoomCompaction
  readonly #life: RoomLife
  #open: OpenRoom | undefined = undefined
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
    this.#compaction = new RoomCompaction({
      document: this.document,
      ports,
      onEnd: () => this.#compacted(),
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
    return this.#open?.lineage.next
  }

  get phase(): RoomPhase {
    return this.#life.phase
  }

  get sessionCount(): number {
    return this.sessions.size + this.#waiting.size
  }

  /** Whether it takes nobody any more. */
  get isCondemned(): boolean {
    return this.#life.isCondemned
  }

  /** Those who are joined. */
  get sessions(): ReadonlySet<Session> {
    return this.#open?.sessions ?? nobody
  }

  /** What joined sessions talk to. Only for a room that has some. */
  get open(): OpenRoom {
    return must(this.#open, 'only an open room has joined sessions')
  }

  get heldCount(): number {
    return this.#open?.heldCount ?? 0
  }

  get documentBytes(): number {
    return this.#open?.log.bytes ?? 0
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
    this.#open?.leave(session)
    this.#settle()
  }

  /** One message of a joined session, in the order it came. */
  receive(session: Session, message: DocumentMessage): void {
    this.open.receive(session, message)
    if (message.kind === 'step2' || message.kind === 'update') this.#settle()
  }

  /** Tells every `quire.v1` client in the document. */
  announce(event: DocumentEvent): void {
    this.#open?.announce(event)
  }

  /** Sends what the fan-out still holds back. */
  flush(): void {
    this.#open?.flush()
  }

  /** Tells every session what is durable by now, without waiting for the next window. */
  acknowledge(): void {
    this.#open?.acknowledge()
  }

  closeSessions(name: CloseName, why: string): void {
    for (const session of [...this.#waiting, ...this.sessions]) session.close(name, why)
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

  stored(count: number, head: number, lineage: string, isCrowded: boolean): void {
    const { open } = this
    if (!open.stored(count, head, lineage, isCrowded)) {
      // What is served here is not all that is stored.
      this.#ports.log.error('the log has rows of another writer', { document: this.document, head })
      this.condemn('internal', 'the log has rows of another writer')
      return
    }
    this.#compaction.look(open)
    this.#settle()
  }

  lost(why: 'deleted' | 'unwritable'): void {
    this.#isLost = true
    if (why === 'deleted') this.condemn('deleted', 'the document was deleted')
    else this.condemn('internal', 'the store cannot write the document')
  }

  async #loadDocument(): Promise<void> {
    const ports = this.#ports
    try {
      // A room of this document that broke may still be writing.
      await this.#options.writer.whenWritten(this.document)
      if (!this.#life.isLoading) return
      ports.counters.loads += 1
      const stored = await ports.store.open(this.document)
      // A hundred documents that were asked for in one turn are also answered in one.
      ports.inTurn(() => this.#loaded(stored))
    } catch (error) {
      this.#unreadable(error)
    }
  }

  #loaded(stored: StoredDocument): void {
    // The store was too slow, or the server has ended: nobody waits for this any more.
    if (!this.#life.isLoading) return
    if (stored.isDeleted) {
      this.#loadFailed('deleted', 'the document is deleted')
      return
    }
    const { writer, isTaking } = this.#options
    try {
      this.#open = new OpenRoom(stored, { ports: this.#ports, writer, owner: this, isTaking })
      this.#life.loaded()
    } catch (error) {
      this.#unreadable(error)
      return
    }
    try {
      this.#admit(this.#open)
      this.#compaction.look(this.#open)
      this.#settle()
    } catch (error) {
      this.#broke(error)
    }
  }

  #unreadable(error: unknown): void {
    const { counters, log } = this.#ports
    counters.loadFailures += 1
    const { document } = this
    log.error('a document could not be loaded', { document, reason: reasonOf(error) })
    this.#loadFailed('loadFailed', 'the document could not be loaded')
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
  #admit(open: OpenRoom): void {
    const { seed } = this.#ports
    for (const session of [...this.#waiting]) {
      if (open.lineage.isOther(session, open.log.head === 0))
        session.close('otherLineage', 'the client holds another document of this name')
    }
    const waiting = [...this.#waiting]
    // First content, before any client can write its own.
    if (seed && open.log.head === 0 && waiting.some(isQuire)) open.takeOwn(seed)
    for (const session of waiting) {
      // What one brings may have ended others, or the room.
      if (this.#waiting.delete(session)) open.join(session)
    }
  }

  #compacted(): void {
    try {
      // What came while it ran may be worth another one.
      if (this.#open) this.#compaction.look(this.#open)
      this.#settle()
    } catch (error) {
      this.#broke(error)
    }
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
      this.#open?.close()
      this.#compaction.close()
      const bytes = this.#bytes
      this.#bytes = 0
      if (bytes > 0) this.#options.onBytes(-bytes)
    }
    this.#options.onPhase(phase)
  }
}

const nobody: ReadonlySet<Session> = new Set()

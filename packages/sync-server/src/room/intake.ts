/**
 * Intake: what happens to an update that a session sent to an open document.
 *
 * scanned → refused with a close code
 *         | held, when its predecessors are missing
 *         | known already: acknowledged with what came before it
 *         | taken: log batch and fan-out window in the same tick, acknowledged after the commit
 *
 * 1. An update is handed to the log before any other session gets it.
 * 2. What is refused leaves no trace.
 * 3. An update that says something else about clocks that are known is not taken: its client writes
 *    under an id that belongs to somebody else.
 * 4. Who sends faster than the disk writes or the compaction follows is read slower (`back-pressure.ts`).
 * 5. A held update is looked at again when what it waits for was taken; the session is asked for it
 *    meanwhile, seldom.
 */
import { type Timer, unreachable } from '@quire/base'
import { encodeStep1, type ScannedUpdate, scanUpdate } from '@quire/protocol'
import { copyOf } from '../copy.ts'
import type { AckEntry } from '../session/ack-ledger.ts'
import { attributionOf } from './attribution.ts'
import { aheadBytesSoft, holdMs } from './back-pressure.ts'
import { Conflicts } from './conflict.ts'
import type { FanOut, WindowAcks } from './fan-out.ts'
import { wireFrame } from '../session/frame-writer.ts'
import { type HeldUpdate, HeldUpdates } from './held-updates.ts'
import type { Knowledge } from './knowledge.ts'
import type { LateAck } from '../log/late-acks.ts'
import type { LogOwner, LogWriter } from '../log/log-writer.ts'
import type { Ports } from '../ports.ts'
import type { RoomDepths } from './room-depths.ts'
import type { RoomLog } from './room-log.ts'
import type { Session } from '../session/session.ts'
import { updateFrame, updateIn } from './update-frames.ts'

export interface IntakeOptions {
  readonly owner: LogOwner
  readonly ports: Ports
  readonly writer: LogWriter
  readonly log: RoomLog
  readonly knowledge: Knowledge
  readonly fanOut: FanOut
  readonly depths: RoomDepths
  readonly members: () => ReadonlySet<Session>
}

/** Two tabs race by milliseconds; after this the missing part is asked for, then at doubled distances. */
const askMs = 1_000
/** Six times are a minute; what nobody has by then, nobody sends. */
const asksMax = 6

/** In a room this large something is written every few ms: an acknowledgement that rides along costs nothing, one that goes alone a write. */
const largeRoomMembers = 8
const ackWaitMs = 60
/** When hundreds are told each second: most of those who write with somebody are sent something within this. With a commit it is half a second. */
const crowdAckWaitMs = 350

export class Intake implements WindowAcks, LateAck {
  readonly #options: IntakeOptions
  readonly #held: HeldUpdates
  readonly #conflicts: Conflicts<Session>
  readonly #acknowledgeLate: () => void
  readonly #asking = new Map<Session, Timer>()

  constructor(options: IntakeOptions) {
    this.#options = options
    this.#held = new HeldUpdates(options.ports.limits)
    this.#acknowledgeLate = () => this.acknowledgeAll()
    this.#conflicts = new Conflicts({
      log: options.log,
      knowledge: options.knowledge,
      limits: options.ports.limits,
    })
  }

  get heldCount(): number {
    return this.#held.count
  }

  /** Step2 or Update of a session; `isAnswer` for a Step2. The bytes are copied when they are kept. */
  receive(session: Session, update: Uint8Array, isAnswer: boolean): void {
    const scan = scanUpdate(update, this.#options.ports.limits)
    if (scan.kind === 'refused') {
      session.close(scan.close, scan.why)
      return
    }
    session.rate.chargeParts(scan.partCount)
    const acks = session.counts?.of(scan, isAnswer) ?? 0
    if (!session.mayWrite && !this.#isKnown(update, scan, isAnswer)) session.refuseEdit()
    else this.#judgeAll({ session, update, isAnswer, acks, entry: undefined, lookCount: 0 }, scan)
  }

  /** A client that may not write still answers our Step1, mostly with nothing new. */
  #isKnown(update: Uint8Array, scan: ScannedUpdate, isAnswer: boolean): boolean {
    return isAnswer && this.#options.knowledge.judge(update, scan, true).kind === 'duplicate'
  }

  /** Takes an update that nobody sent. False when it is not an update, or nothing new. */
  takeOwn(update: Uint8Array): boolean {
    const { ports, knowledge, depths } = this.#options
    const scan = scanUpdate(update, ports.limits)
    if (scan.kind === 'refused' || knowledge.judge(update, scan, true).kind !== 'news') return false
    if (!depths.take(update, scan)) return false
    this.#take(update, scan, undefined)
    return true
  }

  /** Tells the session how many of its frames are durable, when that changed. */
  acknowledge(session: Session): void {
    const { acks } = session
    if (!acks || session.isClosed) return
    const frameCount = acks.stored(this.#options.log.storedHead)
    if (frameCount !== undefined) session.outbox.saved(frameCount)
  }

  /** After a commit: tells at once, or, in a large room and when it is `isCrowded`, with the next window. */
  acknowledgeSoon(memberCount: number, isCrowded: boolean): void {
    const isLarge = memberCount >= largeRoomMembers
    if (!isLarge && !isCrowded) this.acknowledgeAll()
    else this.#options.writer.lateAcks.add(this, isLarge ? ackWaitMs : crowdAckWaitMs)
  }

  /** No window came in time. */
  late(): void {
    this.#options.ports.atTurnEnd(this.#acknowledgeLate)
  }

  /** Tells everybody what became durable since they were told last. */
  acknowledgeAll(): void {
    this.acknowledged()
    for (const session of this.#options.members()) {
      if (session.acks?.isWaiting) this.acknowledge(session)
    }
  }

  /** Whether sessions wait to be told, with the next window at best. */
  get isAckDue(): boolean {
    return this.#options.writer.lateAcks.has(this)
  }

  /** Everybody was told, but for `untold`, to whom nothing was written. */
  acknowledged(untold?: Session): void {
    if (untold?.acks?.isDue(this.#options.log.storedHead)) return
    this.#options.writer.lateAcks.delete(this)
  }

  /** The session ended. */
  drop(session: Session): void {
    this.#conflicts.drop(session)
    this.forget(session)
  }

  /** Drops what a session has waiting for its predecessors. False: nothing. */
  forget(session: Session): boolean {
    const hadHeld = this.#held.has(session)
    this.#held.drop(session)
    this.#asking.get(session)?.cancel()
    this.#asking.delete(session)
    return hadHeld
  }

  close(): void {
    this.#options.writer.lateAcks.delete(this)
    for (const timer of this.#asking.values()) timer.cancel()
    this.#asking.clear()
  }

  /** Judges an update, then what waited for it, and what waited for that. */
  #judgeAll(first: HeldUpdate, scan: ScannedUpdate): void {
    // A list and no recursion: the sessions of a room may have made a chain of any length.
    const ready = [...this.#judge(first, scan)]
    for (let held = ready.pop(); held; held = ready.pop()) {
      if (held.session.isClosed) continue
      const again = scanUpdate(held.update, this.#options.ports.limits)
      if (again.kind === 'refused') continue
      for (const next of this.#judge(held, again)) ready.push(next)
    }
  }

  /** Returns what waited for it and may be ready now. */
  #judge(held: HeldUpdate, scan: ScannedUpdate): readonly HeldUpdate[] {
    const { session, update, isAnswer } = held
    const { ports, knowledge, depths, log, writer } = this.#options
    if (this.#conflicts.find(session, update, scan)) {
      session.close('clientIdTaken', 'its client id belongs to somebody else')
      return nothing
    }
    const verdict = knowledge.judge(update, scan, isAnswer)
    switch (verdict.kind) {
      case 'duplicate':
        ports.counters.updatesDuplicate += 1
        this.#note(held, log.head)
        break
      case 'circular':
        session.close('malformed', 'its structs wait for each other')
        break
      case 'missing':
        this.#hold(held, verdict.client, verdict.clock)
        break
      case 'news': {
        if (writer.unsavedBytes + update.length > ports.limits.unsavedBytesMax) {
          session.close('overloaded', 'too much waits for the store')
          break
        }
        // Deletions make it smaller, at the next compaction.
        const isFull = log.bytes + update.length > ports.limits.documentBytesMax
        if (isFull && scan.inserts.length > 0) {
          session.close('tooLarge', 'the document is as large as it may be')
          break
        }
        if (!depths.take(update, scan)) {
          session.close('malformed', 'types would be nested too deep')
          break
        }
        this.#note(held, this.#take(verdict.update, scan, session))
        this.#holdBack(session, update.length)
        if (this.#held.count === 0) break
        // Whatever this update brought may be what others waited for.
        const clients = scan.inserts.map(({ client }) => client)
        const clockOf = (client: number) => knowledge.clocks.get(client) ?? 0
        return this.#held.release(clients, clockOf)
      }
      default:
        unreachable(verdict)
    }
    return nothing
  }

  #holdBack(session: Session, byteCount: number): void {
    const { writer, log } = this.#options
    let waitMs = holdMs(byteCount, writer.unsavedBytes)
    if (log.isCompacting) {
      const { snapshotBytes, tailBytes } = log
      waitMs = Math.max(
        waitMs,
        holdMs(byteCount, tailBytes, Math.max(aheadBytesSoft, snapshotBytes)),
      )
    }
    if (waitMs > 0) session.rate.hold(waitMs)
  }

  /** Makes a row of an update, which is copied. */
  #take(given: Uint8Array, scan: ScannedUpdate, author: Session | undefined): number {
    const { ports, knowledge, log, writer, fanOut, owner } = this.#options
    const frame = updateFrame(given)
    const update = updateIn(frame, given.length)
    ports.counters.updatesTaken += 1
    const by = author && attributionOf(author.grant.user, scan, knowledge.clocks, ports.limits)
    // First: a row that the writer does not have would keep its room for ever.
    writer.append(owner, update, by, author?.acks)
    knowledge.learn(scan)
    const row = log.append(update)
    fanOut.push({ update, frame }, row, author)
    return row
  }

  /** Notes the row that makes the frame durable, and acknowledges when it already is. */
  #note({ session, entry, acks }: HeldUpdate, row: number): void {
    if (entry) entry.row = row
    else session.acks?.note(row, acks)
    const { members, log, writer } = this.#options
    if (members().size < largeRoomMembers) this.acknowledge(session)
    else if (session.acks?.isDue(log.storedHead)) writer.lateAcks.add(this, ackWaitMs)
  }

  #hold(held: HeldUpdate, client: number, clock: number): void {
    const { session, entry } = held
    const isFirstTime = entry === undefined
    const kept = {
      ...held,
      update: isFirstTime ? copyOf(held.update) : held.update,
      entry: entry ?? session.acks?.note(undefined, held.acks) ?? noEntry,
      lookCount: held.lookCount + 1,
    }
    if (isFirstTime) this.#options.ports.counters.updatesHeld += 1
    if (!this.#held.hold(kept, client, clock)) {
      // What many wait for is on its way mostly, and whoever begins again brings all of it in one.
      const isOne = kept.update.length > this.#options.ports.limits.heldBytesMax
      session.close(isOne ? 'tooLarge' : 'overloaded', 'too much waits for missing predecessors')
    } else if (!this.#asking.has(session)) {
      this.#askLater(session, 0)
    }
  }

  #askLater(session: Session, askCount: number): void {
    const { ports, knowledge } = this.#options
    const timer = ports.clock.after(askMs * 2 ** askCount, () => {
      this.#asking.delete(session)
      if (session.isClosed || !this.#held.has(session)) return
      session.outbox.control(wireFrame(encodeStep1(knowledge.stateVector())))
      if (askCount + 1 < asksMax) this.#askLater(session, askCount + 1)
    })
    this.#asking.set(session, timer)
  }
}

const nothing: readonly HeldUpdate[] = []
/** Stands for "was held before" with stock clients, who are not acknowledged. */
const noEntry: AckEntry = { lastFrame: 0, row: undefined }

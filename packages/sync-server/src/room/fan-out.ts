/**
 * Fan-out of one room: rows of the log go to every session but their author, and presence to everybody
 * but whose it is; at once when the room is quiet, gathered when it is busy.
 *
 * 1. Rows reach a session in the order of their numbers.
 * 2. A window is put together once, and every socket is given the same bytes in one write: rows, as
 *    frames one after the other or merged into one update, and the presence that waits. Who waits for
 *    an acknowledgement gets it in the same write, of cursors too; for it alone nobody is written to.
 * 3. Only the single author of a window is left out. With several, everybody gets the rows: Yjs ignores
 *    what it has.
 * 4. A window that has `windowBytesMax` is sent at once: what waits here waits in every outbox next.
 */
import { reasonOf } from '@quire/base'
import { joinFrames, type WireFrame } from '../session/frame-writer.ts'
import { Pacer } from '../pacer.ts'
import type { Ports } from '../ports.ts'
import type { Presence } from '../presence/presence.ts'
import type { PresenceWindow } from '../presence/presence-window.ts'
import type { Session } from '../session/session.ts'
import { areMerged, mergeAll, updateFrame } from './update-frames.ts'

/** Acknowledgements that wait for a window to go out with. */
export interface WindowAcks {
  readonly isAckDue: boolean
  /** Tells a session what of its own is durable, if that is more than it was told. */
  acknowledge(session: Session): void
  /** Everybody was told, but for `untold`. */
  acknowledged(untold?: Session): void
}

export interface FanOutOptions {
  readonly ports: Pick<Ports, 'clock' | 'log' | 'atTurnEnd'>
  readonly members: () => ReadonlySet<Session>
  readonly presence: Pick<Presence<Session>, 'take'>
  /** The number of the last row when the room was loaded. */
  readonly head: number
  readonly acks: () => WindowAcks
}

/** The fan-out of one room takes at most a quarter of a core: three rooms can be busy and the rest is quick. */
const share = 0.25
/** Longer, and typing of others is seen to stutter. */
const waitMsMax = 80
/**
 * One flush per this many ms and member: in a room of fifty what comes within a millisecond goes out
 * together. With ten people typing, a gap of 5 ms saved a twentieth of the CPU, and every fifth letter
 * came as much later.
 */
const gapMsPerMember = 0.02
/** From this many rows in one window on, windows are this long, at most `gapMsMax`: it keeps the number of writes down in a room of hundreds. */
const busyRowsMin = 4
const busyGapMsPerMember = 0.1
const gapMsMax = 40
/**
 * Cursors may wait longer than letters, and are mostly taken along by them. In a room of 200 whose cursors
 * all move they are shown 30 ms late at most; sooner costs in proportion, and beyond 35 they lag behind
 * the pointer.
 */
const presenceGapMsPerMember = 0.15
const presenceGapMsMax = 100
/**
 * Who types also moves a cursor, and says so in a message of its own right after the letter. For
 * somebody who is seen to do so the letter waits for it, at most this long, and both go in one write.
 */
const cursorWaitMs = 2

/** What is larger is not joined, which would copy it, and a write of it by itself costs no more. */
const windowBytesMax = 64 * 1024

/** A row of the log that was not sent yet. */
interface Row {
  readonly update: Uint8Array
  readonly frame: WireFrame
}

export class FanOut {
  readonly #options: FanOutOptions
  readonly #pacer: Pacer
  #rows: Row[] = []
  #rowBytes = 0
  /** Whether the last window had many rows. */
  #isBusy = false
  #author: Session | 'several' | undefined = undefined
  #sentHead: number
  #head: number
  /** Sessions whose cursor comes right after what they type. */
  readonly #cursorFollows = new WeakSet<Session>()
  #lastAuthor: Session | undefined = undefined
  #lastRowMs = 0

  constructor(options: FanOutOptions) {
    const { ports, head } = options
    const { clock, atTurnEnd } = ports
    this.#options = options
    this.#sentHead = head
    this.#head = head
    this.#pacer = new Pacer({ clock, atTurnEnd, task: () => this.#flush(), share, waitMsMax })
  }

  /** The last row that was sent to everybody. */
  get sentHead(): number {
    return this.#sentHead
  }

  /** Row `number` of the log, and its frame; `author` is undefined when it came from no session. */
  push(row: Row, number: number, author: Session | undefined): void {
    if (this.#rows.length === 0) this.#author = author
    else if (this.#author !== author) this.#author = 'several'
    this.#rows.push(row)
    this.#rowBytes += row.update.length
    this.#head = number
    this.#lastAuthor = author
    this.#lastRowMs = this.#options.ports.clock.nowMs()
    if (this.#rowBytes >= windowBytesMax) {
      this.#pacer.flush()
      return
    }
    const isFollowed = author !== undefined && this.#cursorFollows.has(author)
    this.#pacer.request(this.#rowGapMs(), isFollowed ? cursorWaitMs : 0)
  }

  /** The member's presence changed; undefined for somebody who left, who is told about without waiting for the room's rate. */
  presenceChanged(member: Session | undefined): void {
    if (member && member === this.#lastAuthor) {
      this.#lastAuthor = undefined
      const isRightAfter = this.#options.ports.clock.nowMs() - this.#lastRowMs <= cursorWaitMs
      if (isRightAfter) this.#cursorFollows.add(member)
      if (this.#rows.length > 0) {
        this.#pacer.request(this.#rowGapMs())
        return
      }
    }
    const { size } = this.#options.members()
    this.#pacer.request(member ? Math.min(presenceGapMsMax, size * presenceGapMsPerMember) : 0)
  }

  #rowGapMs(): number {
    const msPerMember = this.#isBusy ? busyGapMsPerMember : gapMsPerMember
    return Math.min(gapMsMax, this.#options.members().size * msPerMember)
  }

  /** Sends what waits now. */
  flush(): void {
    if (this.#rows.length > 0) this.#pacer.flush()
  }

  close(): void {
    this.#pacer.stop()
  }

  #flush(): void {
    const rows = this.#rows
    const rowBytes = this.#rowBytes
    const author = this.#author
    const after = this.#sentHead
    const presence = this.#options.presence.take()
    this.#learn(author, presence)
    const hasRows = rows.length > 0
    if (!hasRows && !presence) return
    this.#sentHead = this.#head
    this.#author = undefined
    if (hasRows) {
      this.#rows = []
      this.#rowBytes = 0
      this.#isBusy = rows.length >= busyRowsMin
    }
    const rowsFrame = hasRows ? this.#frame(rows, rowBytes) : undefined
    const both = rowsFrame && presence ? joinFrames([rowsFrame, presence.whole]) : rowsFrame
    const window = { rows: rowsFrame, both, author, presence, after }
    const acks = this.#options.acks()
    const { isAckDue } = acks
    // One at most: whoever alone did all that is in the window.
    let untold: Session | undefined
    for (const session of this.#options.members()) {
      if (isAckDue && session.acks?.isWaiting) {
        session.gather(() => {
          if (sendTo(session, window)) acks.acknowledge(session)
          else untold = session
        })
      } else {
        sendTo(session, window)
      }
    }
    if (isAckDue) acks.acknowledged(untold)
  }

  /** Whose cursor was waited for in vain is not waited for again. */
  #learn(
    author: Session | 'several' | undefined,
    presence: PresenceWindow<Session> | undefined,
  ): void {
    if (!author || author === 'several' || presence?.isOf(author)) return
    const waitedMs = this.#options.ports.clock.nowMs() - this.#lastRowMs
    if (waitedMs >= cursorWaitMs) this.#cursorFollows.delete(author)
  }

  #frame(rows: readonly Row[], rowBytes: number): WireFrame {
    if (areMerged(rows.length, rowBytes)) {
      try {
        return updateFrame(mergeAll(rows.map(({ update }) => update)))
      } catch (error) {
        // What was scanned can be merged; should that ever be wrong, the rows are right one by one.
        this.#options.ports.log.error('a window could not be merged', { reason: reasonOf(error) })
      }
    }
    return joinFrames(rows.map(({ frame }) => frame))
  }
}

/** A window as it is written. */
interface Window {
  readonly rows: WireFrame | undefined
  /** The rows, and the presence of everybody; undefined without rows. */
  readonly both: WireFrame | undefined
  readonly author: Session | 'several' | undefined
  readonly presence: PresenceWindow<Session> | undefined
  /** The number of the row before the first. */
  readonly after: number
}

/** Whether there was anything for the session. */
function sendTo(session: Session, { rows, both, author, presence, after }: Window): boolean {
  const hasOwn = presence?.isOf(session) === true
  const isTold = rows !== undefined && session !== author
  if (isTold) session.outbox.document(hasOwn ? rows : (both ?? rows), after)
  else if (presence && !hasOwn) session.showSharedPresence(presence.whole)
  const others = hasOwn ? presence?.partsFor(session) : undefined
  if (others) session.showPresence(others)
  return isTold || others !== undefined || (presence !== undefined && !hasOwn)
}

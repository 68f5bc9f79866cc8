/**
 * Fan-out of one room: rows of the log go to every session but their author, at once when the room is
 * quiet and merged when it is busy.
 *
 * 1. Rows reach a session in the order of their numbers.
 * 2. A window is put together once, and every socket is given the same bytes in one write: a few rows
 *    as frames one after the other, many merged into one update.
 * 3. Only the single author of a window is left out. With several, everybody gets the window: Yjs
 *    ignores what it has.
 */
import { type Clock, type Log, reasonOf } from '@quire/base'
import { encodeUpdate } from '@quire/protocol'
import { joinFrames, type WireFrame, wireFrame } from './frame-writer.ts'
import { Pacer } from './pacer.ts'
import { mergeAll } from './room-log.ts'
import type { Session } from './session.ts'

export interface FanOutOptions {
  readonly clock: Clock
  readonly log: Log
  readonly members: () => ReadonlySet<Session>
  /** The number of the last row when the room was loaded. */
  readonly head: number
  /** After a window was written to everybody, in the same turn: the moment at which another write is cheap. */
  readonly onFlushed: () => void
}

/** The fan-out of one room takes at most a quarter of a core: three rooms can be busy and the rest is quick. */
const share = 0.25
/** Longer, and typing of others is seen to stutter. */
const waitMsMax = 80
/**
 * One flush per this many ms and member, at most `gapMsMax`: in a room of fifty what comes within 5 ms
 * goes out together. Measured with ten people typing, a longer gap saved no CPU and cost its length in
 * latency; in a room of hundreds it is what keeps the number of writes down.
 */
const gapMsPerMember = 0.1
const gapMsMax = 40

/** Below this, merging costs the server more than the bytes and the receivers' transactions it saves. */
const mergeRowsMin = 6

export class FanOut {
  readonly #options: FanOutOptions
  readonly #pacer: Pacer
  #rows: Uint8Array[] = []
  #author: Session | 'several' | undefined = undefined
  #sentHead: number
  #head: number

  constructor(options: FanOutOptions) {
    this.#options = options
    this.#sentHead = options.head
    this.#head = options.head
    this.#pacer = new Pacer({
      clock: options.clock,
      task: () => this.#flush(),
      share,
      gapMs: () => Math.min(gapMsMax, options.members().size * gapMsPerMember),
      waitMsMax,
    })
  }

  /** The last row that was sent to everybody. */
  get sentHead(): number {
    return this.#sentHead
  }

  /** Row `number` of the log; `author` is undefined when it came from no session. */
  push(update: Uint8Array, number: number, author: Session | undefined): void {
    if (this.#rows.length === 0) this.#author = author
    else if (this.#author !== author) this.#author = 'several'
    this.#rows.push(update)
    this.#head = number
    this.#pacer.request()
  }

  /** Sends what waits now. */
  flush(): void {
    this.#pacer.flush()
  }

  close(): void {
    this.#pacer.stop()
  }

  #flush(): void {
    if (this.#rows.length === 0) return
    const rows = this.#rows
    const author = this.#author
    const after = this.#sentHead
    this.#rows = []
    this.#author = undefined
    this.#sentHead = this.#head
    const frame = this.#frame(rows)
    for (const session of this.#options.members()) {
      if (session !== author) session.outbox.document(frame, after)
    }
    this.#options.onFlushed()
  }

  #frame(rows: readonly Uint8Array[]): WireFrame {
    if (rows.length >= mergeRowsMin) {
      try {
        return wireFrame(encodeUpdate(mergeAll(rows)))
      } catch (error) {
        // What was scanned can be merged; should that ever be wrong, the rows are right one by one.
        this.#options.log.error('a window could not be merged', { reason: reasonOf(error) })
      }
    }
    return joinFrames(rows.map((row) => wireFrame(encodeUpdate(row))))
  }
}

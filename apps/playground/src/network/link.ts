/**
 * A link: two lanes between a person and the middle, with knobs that a hand can turn while messages
 * are on their way.
 *
 * 1. Within a lane messages arrive in the order in which they were sent, unless `isReordered`.
 * 2. Held: nothing arrives, nothing is lost; what waited arrives when the link is let go.
 * 3. Cut: what is on its way is lost, and what is sent meanwhile. Both ends hear of it, and of the join.
 * 4. No message arrives within the call that sent it.
 */
import type { Clock, Random, Timer } from '@quire/base'
import type { Message } from './message.ts'

export interface Knobs {
  readonly delayMs: number
  readonly isHeld: boolean
  readonly isCut: boolean
  /** Each message takes its own time, up to {@link reorderSpread} times the delay. */
  readonly isReordered: boolean
}

const knobsAtFirst: Knobs = { delayMs: 0, isHeld: false, isCut: false, isReordered: false }

/** The longest delay that a knob sets. */
export const delayMsMax = 3_000
const reorderSpread = 4
/** Reordered messages need some time in which one can overtake another. */
const reorderDelayMsMin = 60

/** What one end of a link is to those who speak over it. */
export interface LinkEnd {
  send(message: Message): void
  /** Called with what arrives, and with `joined` and `cut` when that changes. One listener. */
  listen(listener: LinkListener): void
}

export interface LinkListener {
  readonly arrived: (message: Message) => void
  readonly joined: () => void
  readonly cut: () => void
}

export type Direction = 'up' | 'down'

/** What happened to a message, for a log. */
export interface Travel {
  /** Unique in a link. */
  readonly number: number
  readonly direction: Direction
  readonly message: Message
  readonly what: 'sent' | 'arrived' | 'lost'
}

interface Waiting {
  readonly message: Message
  readonly number: number
  readonly dueMs: number
}

interface Lane {
  readonly direction: Direction
  readonly waiting: Waiting[]
  listener: LinkListener | null
}

export interface LinkPorts {
  readonly clock: Clock
  readonly random: Random
}

export class Link {
  /** The end of the person. */
  readonly person: LinkEnd
  /** The end of the middle. */
  readonly middle: LinkEnd
  readonly #ports: LinkPorts
  readonly #tell: (travel: Travel) => void
  readonly #lanes: Record<Direction, Lane> = {
    up: { direction: 'up', waiting: [], listener: null },
    down: { direction: 'down', waiting: [], listener: null },
  }
  #knobs = knobsAtFirst
  #count = 0
  #timer: Timer | null = null

  constructor(ports: LinkPorts, tell: (travel: Travel) => void) {
    this.#ports = ports
    this.#tell = tell
    this.person = this.#end('up')
    this.middle = this.#end('down')
  }

  get knobs(): Knobs {
    return this.#knobs
  }

  waitingCount(direction: Direction): number {
    return this.#lanes[direction].waiting.length
  }

  /** Turns some of the knobs. Messages that wait keep the time that they were sent with. */
  set(knobs: Partial<Knobs>): void {
    const wasCut = this.#knobs.isCut
    this.#knobs = { ...this.#knobs, ...knobs }
    if (this.#knobs.isCut && !wasCut) this.#cut()
    if (!this.#knobs.isCut && wasCut) this.#eachListener((listener) => listener.joined())
    this.#plan()
  }

  close(): void {
    this.#timer?.cancel()
    this.#timer = null
    for (const lane of Object.values(this.#lanes)) lane.listener = null
  }

  #end(direction: Direction): LinkEnd {
    const back = direction === 'up' ? 'down' : 'up'
    return {
      send: (message) => this.#send(this.#lanes[direction], message),
      listen: (listener) => {
        this.#lanes[back].listener = listener
      },
    }
  }

  #send(lane: Lane, message: Message): void {
    const number = ++this.#count
    this.#tell({ number, direction: lane.direction, message, what: 'sent' })
    if (this.#knobs.isCut) {
      this.#tell({ number, direction: lane.direction, message, what: 'lost' })
      return
    }
    const dueMs = this.#ports.clock.nowMs() + this.#wayMs()
    const before = this.#knobs.isReordered
      ? lane.waiting.findIndex((other) => other.dueMs > dueMs)
      : -1
    const waiting = { message, number, dueMs: Math.max(dueMs, this.#earliestMs(lane)) }
    if (before < 0) lane.waiting.push(waiting)
    else lane.waiting.splice(before, 0, { ...waiting, dueMs })
    this.#plan()
  }

  #wayMs(): number {
    const { delayMs, isReordered } = this.#knobs
    if (!isReordered) return delayMs
    return Math.max(delayMs, reorderDelayMsMin) * reorderSpread * this.#ports.random.unit()
  }

  /** Behind the one before it, unless order is off. */
  #earliestMs(lane: Lane): number {
    return this.#knobs.isReordered ? 0 : (lane.waiting.at(-1)?.dueMs ?? 0)
  }

  #cut(): void {
    for (const { waiting, direction } of Object.values(this.#lanes)) {
      for (const { message, number } of waiting.splice(0)) {
        this.#tell({ number, direction, message, what: 'lost' })
      }
    }
    this.#eachListener((listener) => listener.cut())
  }

  #eachListener(call: (listener: LinkListener) => void): void {
    for (const { listener } of Object.values(this.#lanes)) if (listener) call(listener)
  }

  #plan(): void {
    this.#timer?.cancel()
    this.#timer = null
    const dueMs = Math.min(
      ...Object.values(this.#lanes).map((lane) => lane.waiting[0]?.dueMs ?? Infinity),
    )
    if (this.#knobs.isHeld || dueMs === Infinity) return
    const { clock } = this.#ports
    this.#timer = clock.after(Math.max(0, dueMs - clock.nowMs()), () => {
      this.#timer = null
      for (const lane of Object.values(this.#lanes)) this.#deliver(lane)
      this.#plan()
    })
  }

  #deliver(lane: Lane): void {
    const nowMs = this.#ports.clock.nowMs()
    // Looked up each time: whoever hears a message may turn a knob or answer.
    while (!this.#knobs.isHeld && (lane.waiting[0]?.dueMs ?? Infinity) <= nowMs) {
      const { message, number } = lane.waiting.shift() as Waiting
      this.#tell({ number, direction: lane.direction, message, what: 'arrived' })
      lane.listener?.arrived(message)
    }
  }
}

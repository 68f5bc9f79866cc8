/**
 * What a case may ask of the load generator, which runs in a process of its own. The case measures the
 * server meanwhile; the generator counts and times what reaches its sockets.
 */
import type { Place } from './typed-update.ts'

export type Dialect = 'quire' | 'y-websocket' | 'hocuspocus' | 'relay'

/** Where the sockets go. */
export interface Target {
  readonly dialect: Dialect
  readonly host: string
  readonly port: number
  /** What stands before the document name in the path; Hocuspocus takes the name from its frames. */
  readonly pathPrefix: string
}

/** What a client has of a document before it connects. */
export interface Holding {
  readonly update: Uint8Array
  readonly clocks: ReadonlyMap<number, number>
}

export interface OpenOptions {
  readonly target: Target
  readonly documents: readonly string[]
  readonly socketsPerDocument: number
  readonly holds?: Holding
  /** How many connect at the same time; all of them when not given. */
  readonly atOnce?: number
  /** Each says who it is, as a person's client does when it connects. */
  readonly showsItself?: boolean
  /** Sockets that are not synced by then have failed. */
  readonly waitMsMax?: number
}

export interface OpenReport {
  /** From the first connect until the last socket was synced. */
  readonly allMs: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly failed: number
}

export interface TypeOptions {
  readonly typistsPerDocument: number
  readonly keysPerSecondEach: number
  /** Each key moves the typist's cursor too, which everybody is shown. */
  readonly movesCursor?: boolean
  /** Where they begin, in turn; at the end of an empty text when not given. */
  readonly places?: readonly Place[]
}

export interface MoveOptions {
  readonly moversPerDocument: number
  readonly movesPerSecondEach: number
}

/** What happened between `startMeasuring` and `stopMeasuring`. */
export interface Measured {
  readonly wallMs: number
  readonly updatesSent: number
  /** Characters that reached a socket of somebody else, however they were merged into frames. */
  readonly deliveries: number
  readonly deliveriesExpected: number
  readonly frames: number
  readonly megabytesIn: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  readonly movesSent: number
  /** Positions that were shown, or were passed over for a newer one of the same cursor. */
  readonly movesShown: number
  /** From a move until its position, or a newer one of the same cursor, was shown. */
  readonly moveP50Ms: number
  readonly moveP95Ms: number
  /** From sending a sync frame until the server said that it is on disk; only where it says so. */
  readonly ackP50Ms: number
  readonly ackP95Ms: number
  readonly ackP99Ms: number
  readonly acks: number
  /** Of the generator's event loop. */
  readonly busyShare: number
  readonly generatorCpuMs: number
}

export interface Rested {
  /** Characters that did not reach a socket. */
  readonly missing: number
  /** Cursors whose last position a socket was not shown. */
  readonly notShown: number
  readonly closedSockets: number
  readonly waitedMs: number
}

export interface JoinOptions {
  readonly target: Target
  readonly document: string
  readonly count: number
  /** What must be there before a joiner has the document. */
  readonly clocks: ReadonlyMap<number, number>
  readonly waitMsMax: number
  /** Whether the first joiner's content is read with Yjs and returned. */
  readonly wantsText?: string
}

export interface JoinReport {
  readonly allMs: number
  readonly p50Ms: number
  readonly failed: number
  /** Joiners whose first answer, which clients take for "synced", lacked content. */
  readonly answeredEmpty: number
  readonly kilobytesEach: number
  readonly text: string | undefined
}

export interface FlowOptions {
  /** The first sockets of the document; the others read. */
  readonly writerCount: number
  readonly megabytes: number
  readonly megabytesPerSecond: number
  readonly updateBytes: number
  /** The last socket of the document does not read while it flows. */
  readonly isPaused: boolean
}

export interface FlowReport {
  readonly sentMegabytes: number
  readonly flowMs: number
}

export interface ConvergeReport {
  /** Whether every socket ended with the value that was written last. */
  readonly hasConverged: boolean
  readonly ms: number
  readonly closeCodes: readonly number[]
}

export interface PokeOptions {
  readonly target: Target
  readonly document: string
  /** Frames after the ordinary opening; `raw` ones are bytes for the socket, others messages. */
  readonly frames: readonly { readonly bytes: Uint8Array; readonly isRaw: boolean }[]
  /** How long to wait for the server to close the socket. */
  readonly waitMs: number
}

export interface PokeReport {
  /** Undefined while the socket is still open. */
  readonly closeCode: number | undefined
  readonly reason: string
}

export interface Commands {
  /** Connects sockets and waits until each is synced. */
  open(options: OpenOptions): Promise<OpenReport>
  /** Sends updates from the first socket of each document, and waits until the others have `clocks`. */
  seed(options: {
    readonly updates: readonly Uint8Array[]
    readonly clocks: ReadonlyMap<number, number>
  }): Promise<void>
  type(options: TypeOptions): Promise<void>
  setKeysPerSecond(keysPerSecondEach: number): Promise<void>
  move(options: MoveOptions): Promise<void>
  startMeasuring(): Promise<void>
  stopMeasuring(): Promise<Measured>
  /** Stops typing and moving, and waits until everybody has everything, for at most `waitMsMax`. */
  rest(waitMsMax: number): Promise<Rested>
  /** Opens sockets that have nothing, waits until they have the document, and ends them. */
  join(options: JoinOptions): Promise<JoinReport>
  flow(options: FlowOptions): Promise<FlowReport>
  /** Lets the paused socket read again and waits until everybody has what was written last. */
  converge(waitMsMax: number): Promise<ConvergeReport>
  poke(options: PokeOptions): Promise<PokeReport>
  /** Ends every socket at once. */
  close(): Promise<void>
}

export type CommandName = keyof Commands

/** From the case to the generator. */
export interface Call {
  readonly id: number
  readonly name: CommandName
  readonly argument: unknown
}

/** Back. */
export type Answer =
  | { readonly id: number; readonly kind: 'done'; readonly value: unknown }
  | { readonly id: number; readonly kind: 'failed'; readonly why: string }

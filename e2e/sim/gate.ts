/**
 * A gate in a client's socket: edits of others that arrive are held until the replay says that this
 * agent reads them. Everything else passes at once, so the client joins, saves and reconnects as always.
 *
 * Why it can tell edits apart: the replay writes one run at a time and goes on when every gate has all
 * of it, so what arrives meanwhile belongs to that run, however the server cuts it into frames.
 *
 * 1. Held edits are delivered in their order, and only whole runs. Several runs at once go as one merged
 *    update, as the server itself does for a client that was away.
 * 2. Nothing is delivered that was not received over this gate's own socket.
 * 3. After a reconnect the server answers with everything that the agent's document lacks, held runs
 *    included; the gate already has all of it, so the client gets an empty answer instead.
 */
import { assert, must } from '@quire/base'
import { messageType, syncType } from '@quire/protocol'
import type { WebSocketClass } from '@quire/provider'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import WebSocket from 'ws'
import * as Y from 'yjs'
import { mergedUpdate } from './history-runs.ts'

/** Sync · Step2 · an update without content. */
const emptyAnswer = Uint8Array.of(messageType.sync, syncType.step2, 2, 0, 0)

/** Presence of nobody. */
const signOfLife = Uint8Array.of(messageType.presence, 1, 0)

type Deliver = (frame: Uint8Array) => void
type Handler = ((event: { readonly data: unknown }) => void) | null

/** What an update adds: where each client's clock ends, and which ids it deletes. */
export interface Extent {
  readonly ends: ReadonlyMap<number, number>
  readonly deleted: ReadonlySet<string>
}

interface KnownFrame {
  readonly frame: Buffer
  readonly update: Uint8Array
  readonly extent: Extent
  readonly isAll: boolean
}

/** One run on its way from its author to every gate. */
export class Broadcast {
  readonly #awaited: Extent
  readonly #waiting: Set<Gate>
  readonly #received = new Map<Gate, { ends: Map<number, number>; deleted: Set<string> }>()
  /** Most gates get the same bytes: each distinct frame is decoded once. `isAll`: it holds the whole run. */
  readonly #known: KnownFrame[] = []
  #done: () => void = () => undefined
  readonly everywhere: Promise<void>

  constructor(updates: readonly Uint8Array[], others: readonly Gate[]) {
    this.#awaited = extentOf(mergedUpdate(updates))
    this.#waiting = new Set(others)
    this.everywhere = new Promise((resolve) => {
      this.#done = resolve
    })
    this.#finish()
  }

  get lateCount(): number {
    return this.#waiting.size
  }

  /** A gate got a frame with `update` in it. Returns the update, to keep. */
  receive(gate: Gate, frame: Uint8Array, update: Uint8Array): Uint8Array {
    const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength)
    let known: KnownFrame | undefined = this.#known.find((entry) => entry.frame.equals(bytes))
    if (known === undefined) {
      const extent = extentOf(update)
      known = {
        frame: Buffer.from(bytes),
        update: update.slice(),
        extent,
        isAll: includes(extent, this.#awaited),
      }
      this.#known.push(known)
    }
    if (known.isAll || includes(this.#sumOf(gate, known.extent), this.#awaited)) {
      this.#waiting.delete(gate)
      this.#finish()
    }
    return known.update
  }

  /** What the gate received so far, `extent` included. */
  #sumOf(gate: Gate, extent: Extent): Extent {
    const sum = this.#received.get(gate) ?? { ends: new Map(), deleted: new Set() }
    this.#received.set(gate, sum)
    for (const [client, end] of extent.ends) {
      sum.ends.set(client, Math.max(end, sum.ends.get(client) ?? 0))
    }
    for (const id of extent.deleted) sum.deleted.add(id)
    return sum
  }

  #finish(): void {
    if (this.#waiting.size === 0) this.#done()
  }
}

export class Gate {
  readonly #held = new Map<number, Uint8Array[]>()
  #current: { readonly run: number; readonly broadcast: Broadcast } | undefined
  #deliver: Deliver | undefined
  #connectionCount = 0

  /** The socket class to give to the provider of this agent. */
  readonly webSocket: WebSocketClass

  constructor() {
    const connect = (socket: WebSocket, handler: NonNullable<Handler>): void =>
      this.#connect(socket, handler)
    this.webSocket = class GatedSocket extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols)
        // The client assigns `onmessage` after this and gets what the gate lets through.
        let handler: Handler = null
        connect(this, (event) => handler?.(event))
        Object.defineProperty(this, 'onmessage', {
          get: () => handler,
          set: (next: Handler) => {
            handler = next
          },
        })
      }
    }
  }

  /** From now on edits that arrive belong to `run`. */
  expect(run: number, broadcast: Broadcast): void {
    this.#current = { run, broadcast }
  }

  /** From now on an edit that arrives brings nothing new. */
  expectNothing(): void {
    this.#current = undefined
  }

  /** Hands what is held of `runs` to the client, in this order. */
  release(runs: readonly number[]): void {
    const updates = runs.flatMap((run) => this.#held.get(run) ?? []) // a run can be empty
    for (const run of runs) this.#held.delete(run)
    if (updates.length === 0) return
    const encoder = encoding.createEncoder()
    encoding.writeVarUint(encoder, messageType.sync)
    encoding.writeVarUint(encoder, syncType.update)
    encoding.writeVarUint8Array(encoder, mergedUpdate(updates))
    must(this.#deliver, 'runs are released to a connected client')(encoding.toUint8Array(encoder))
  }

  #connect(socket: WebSocket, handler: NonNullable<Handler>): void {
    const deliver: Deliver = (frame) => handler({ data: new Uint8Array(frame).buffer })
    this.#deliver = deliver
    this.#connectionCount += 1
    socket.on('message', (data) => this.#receive(asBytes(data), deliver))
  }

  #receive(frame: Uint8Array, deliver: Deliver): void {
    if (frame[0] !== messageType.sync) return deliver(frame)
    const decoder = decoding.createDecoder(frame)
    decoding.readVarUint(decoder)
    const kind = decoding.readVarUint(decoder)
    if (kind === syncType.step1) return deliver(frame)
    if (kind === syncType.step2) {
      return deliver(this.#connectionCount === 1 ? frame : emptyAnswer)
    }
    // Between runs only repetitions come, such as the delete sets of clients that reconnect.
    if (this.#current === undefined) return
    const { run, broadcast } = this.#current
    const update = decoding.readVarUint8Array(decoder)
    const held = this.#held.get(run) ?? []
    held.push(broadcast.receive(this, frame, update))
    this.#held.set(run, held)
    // A client that hears nothing for 30 s takes its connection for dead.
    deliver(signOfLife)
  }
}

function asBytes(data: WebSocket.RawData): Uint8Array {
  assert(!Array.isArray(data), 'frames come whole')
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data
}

function extentOf(update: Uint8Array): Extent {
  const { structs, ds } = Y.decodeUpdate(update)
  const ends = new Map<number, number>()
  for (const { id, length } of structs) {
    ends.set(id.client, Math.max(id.clock + length, ends.get(id.client) ?? 0))
  }
  const deleted = new Set<string>()
  for (const [client, ranges] of ds.clients) {
    for (const { clock, len } of ranges) {
      for (let at = clock; at < clock + len; at++) deleted.add(`${client}:${at}`)
    }
  }
  return { ends, deleted }
}

function includes(sum: Extent, part: Extent): boolean {
  for (const [client, end] of part.ends) if ((sum.ends.get(client) ?? 0) < end) return false
  for (const id of part.deleted) if (!sum.deleted.has(id)) return false
  return true
}

/**
 * Session: one client in one document. Turns frames into calls on its room, in order, and ends itself
 * with a close code when they are refused. Is not the socket (`connection.ts`) and decides nothing
 * about the document (`room.ts`).
 *
 * ```
 * opening ──(room takes it; the document may still be loading)──► waiting ──(room open)──► joined
 *    └────────────────────────┴──────────────(close or socket gone)────────────┴──────► closed
 * ```
 *
 * 1. Frames are handled in the order they came; those that come while waiting are kept, bounded.
 * 2. After `closed` nothing of the session is taken or sent.
 * 3. A fault in the room's code while it handles a frame ends the room, not the process.
 */
import { randomId, reasonOf, unreachable } from '@quire/base'
import { type CloseName, closeCodes, decodeClientMessage } from '@quire/protocol'
import { copyOf } from './copy.ts'
import { AckLedger } from './ack-ledger.ts'
import type { Transport } from './frame-writer.ts'
import { Outbox } from './outbox.ts'
import type { Ports } from './ports.ts'
import type { PresenceMember } from './presence.ts'
import type { Room } from './room.ts'

type SessionState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'waiting'; readonly room: Room; frames: Uint8Array[]; bytes: number }
  | { readonly kind: 'joined'; readonly room: Room }
  | { readonly kind: 'closed' }

export interface SessionOptions {
  readonly ports: Ports
  readonly transport: Transport
  /** Whether the client offered `quire.v1`. */
  readonly isQuire: boolean
}

const opening: SessionState = { kind: 'opening' }

export class Session implements PresenceMember {
  readonly sessionId: string
  readonly isQuire: boolean
  readonly outbox: Outbox
  /** Counts for message 17; undefined for stock clients. */
  readonly acks: AckLedger | undefined
  readonly #ports: Ports
  readonly #transport: Transport
  #state: SessionState = opening

  constructor({ ports, transport, isQuire }: SessionOptions) {
    this.sessionId = randomId(ports.random, 10)
    this.isQuire = isQuire
    this.acks = isQuire ? new AckLedger() : undefined
    this.#ports = ports
    this.#transport = transport
    this.outbox = new Outbox({
      transport,
      limits: ports.limits,
      clock: ports.clock,
      onOverload: (why) => this.close('overloaded', why),
    })
  }

  get isClosed(): boolean {
    return this.#state.kind === 'closed'
  }

  /** The room took the session; frames are kept until {@link joined}. */
  waiting(room: Room): void {
    if (this.#state.kind === 'opening')
      this.#state = { kind: 'waiting', room, frames: [], bytes: 0 }
  }

  /** The room is open: frames that came meanwhile are handled now. */
  joined(): void {
    const state = this.#state
    if (state.kind !== 'waiting') return
    this.#state = { kind: 'joined', room: state.room }
    for (const frame of state.frames) this.#handle(frame)
  }

  /** One binary frame from the client; a view that is copied when it is kept. */
  receive(frame: Uint8Array): void {
    const state = this.#state
    switch (state.kind) {
      case 'waiting': {
        const { waitingBytesMax, waitingFramesMax } = this.#ports.limits
        state.bytes += frame.length
        if (state.bytes > waitingBytesMax || state.frames.length >= waitingFramesMax) {
          this.close('overloaded', 'too much was sent while the document was loading')
        } else {
          state.frames.push(copyOf(frame))
        }
        return
      }
      case 'joined':
        this.#handle(frame)
        return
      case 'opening':
      case 'closed':
        return
      default:
        unreachable(state)
    }
  }

  /** The socket has taken everything that was written. */
  drained(): void {
    const state = this.#state
    const behind = this.outbox.drained()
    if (behind && state.kind === 'joined') {
      this.#guard(state.room, () => state.room.catchUp(this, behind.cursor, behind.stateVector))
    }
  }

  showPresence(parts: readonly Uint8Array[]): void {
    const state = this.#state
    if (state.kind === 'joined') this.outbox.presence(parts, state.room.sentHead)
  }

  /** Ends the session with a code from the table. Idempotent. */
  close(name: CloseName, why: string): void {
    if (this.#state.kind === 'closed') return
    const { counters, log } = this.#ports
    counters.closed[name] = (counters.closed[name] ?? 0) + 1
    log.info('session closed', { sessionId: this.sessionId, close: name, why })
    this.ended()
    const { code, reason } = closeCodes[name]
    this.#transport.close(code, reason)
  }

  /** The socket is gone, or is about to be. Idempotent. */
  ended(): void {
    const state = this.#state
    if (state.kind === 'closed') return
    this.#state = { kind: 'closed' }
    this.outbox.close()
    if (state.kind === 'waiting' || state.kind === 'joined') state.room.leave(this)
  }

  #handle(frame: Uint8Array): void {
    const state = this.#state
    if (state.kind !== 'joined') return
    this.#ports.counters.framesIn += 1
    const message = decodeClientMessage(frame, this.#ports.limits)
    if (message.kind === 'refused') this.close(message.close, message.why)
    else this.#guard(state.room, () => state.room.receive(this, message))
  }

  /** A fault of ours closes what it touched and the process lives. */
  #guard(room: Room, call: () => void): void {
    try {
      call()
    } catch (error) {
      this.#ports.log.error('a room broke', { document: room.document, reason: reasonOf(error) })
      room.condemn('internal', 'the room broke')
    }
  }
}

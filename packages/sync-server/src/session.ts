/**
 * Session: one client in one document. Asks whether it may come in, turns frames into calls on its
 * room, in order, and ends itself with a close code when they are refused. Is not the socket
 * (`connection.ts`) and decides nothing about the document (`room.ts`).
 *
 * ```
 * opening ──(granted; the room takes it, the document may still be loading)──► waiting ──(room open)──► joined
 *    └──────────────────────────────┴──────────────(close or socket gone)────────────┴──────► closed
 * ```
 *
 * 1. Frames are handled in the order they came; those that come before `joined` are kept, bounded.
 * 2. No document is opened for a client that is not granted access to it.
 * 3. After `closed` nothing of the session is taken or sent.
 * 4. A fault in the room's code while it handles a frame ends the room, not the process.
 */
import { must, randomId, reasonOf, unreachable } from '@quire/base'
import { type CloseName, decodeClientMessage } from '@quire/protocol'
import { type AccessRequest, type Grant, mayWrite } from './access.ts'
import { AckLedger } from './ack-ledger.ts'
import { type Admitted, Admission } from './admission.ts'
import { copyOf } from './copy.ts'
import type { Dialect } from './dialect.ts'
import type { Transport } from './frame-writer.ts'
import type { Hub } from './hub.ts'
import { Outbox } from './outbox.ts'
import type { Ports } from './ports.ts'
import type { PresenceMember } from './presence.ts'
import type { Room } from './room.ts'

/** Frames that came too early, in order. */
interface Kept {
  readonly frames: Uint8Array[]
  bytes: number
}

type SessionState =
  | { readonly kind: 'opening'; readonly kept: Kept }
  | { readonly kind: 'waiting'; readonly room: Room; readonly kept: Kept }
  | { readonly kind: 'joined'; readonly room: Room }
  | { readonly kind: 'closed' }

export interface SessionOptions {
  readonly ports: Ports
  readonly hub: Pick<Hub, 'join'>
  readonly transport: Transport
  readonly dialect: Dialect
  /** Who asks for which document. */
  readonly request: AccessRequest
}

const closed: SessionState = { kind: 'closed' }

export class Session implements PresenceMember {
  readonly sessionId: string
  readonly dialect: Dialect
  readonly outbox: Outbox
  /** Counts of what is durable; undefined for clients that are not told. */
  readonly acks: AckLedger | undefined
  readonly #options: SessionOptions
  readonly #admission: Admission
  #request: AccessRequest
  #grant: Grant | undefined = undefined
  #hasRefusedEdits = false
  #state: SessionState = { kind: 'opening', kept: { frames: [], bytes: 0 } }

  constructor(options: SessionOptions) {
    const { ports, transport, dialect, request } = options
    this.sessionId = randomId(ports.random, 10)
    this.dialect = dialect
    this.acks = dialect.counts && new AckLedger()
    this.#options = options
    this.#request = request
    this.#admission = new Admission(ports, (answer) => this.#answered(answer))
    this.outbox = new Outbox({
      transport,
      dialect,
      limits: ports.limits,
      clock: ports.clock,
      onOverload: (why) => this.close('overloaded', why),
    })
  }

  get isClosed(): boolean {
    return this.#state.kind === 'closed'
  }

  /** Who this is and what it may do. Only for a session that was granted access. */
  get grant(): Grant {
    return must(this.#grant, 'nobody is in a room without a grant')
  }

  get isGranted(): boolean {
    return this.#grant !== undefined
  }

  get mayWrite(): boolean {
    return mayWrite(this.grant.role)
  }

  /** What the access port was asked last; it is asked the same again when rights may have changed. */
  get request(): AccessRequest {
    return this.#request
  }

  /** Asks to be let in; again, when a newer token came or rights may have changed. */
  open(token?: string): void {
    if (this.isClosed) return
    if (token !== undefined) this.#request = { ...this.#request, token }
    this.#admission.ask(this.#request)
  }

  /** The room took the session; frames are kept until {@link joined}. */
  waiting(room: Room): void {
    const state = this.#state
    if (state.kind === 'opening') this.#state = { kind: 'waiting', room, kept: state.kept }
  }

  /** The room is open: frames that came meanwhile are handled now. */
  joined(): void {
    const state = this.#state
    if (state.kind !== 'waiting') return
    this.#state = { kind: 'joined', room: state.room }
    for (const frame of state.kept.frames) this.#handle(frame)
  }

  /** One message from the client, without its envelope; a view that is copied when it is kept. */
  receive(frame: Uint8Array): void {
    const state = this.#state
    const { limits } = this.#options.ports
    switch (state.kind) {
      case 'opening':
        this.#keep(state.kept, frame, limits.openingBytesMax, limits.openingFramesMax)
        return
      case 'waiting':
        this.#keep(state.kept, frame, limits.waitingBytesMax, limits.waitingFramesMax)
        return
      case 'joined':
        this.#handle(frame)
        return
      case 'closed':
        return
      default:
        unreachable(state)
    }
  }

  /** An edit was not taken because the role does not allow it. The session goes on. */
  refuseEdit(): void {
    this.#hasRefusedEdits = true
    const { ports } = this.#options
    ports.counters.updatesRefused += 1
    const frame = this.dialect.refusedEdit()
    if (frame) this.outbox.control(frame)
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
    const { counters, log } = this.#options.ports
    counters.closed[name] = (counters.closed[name] ?? 0) + 1
    log.info('session closed', { sessionId: this.sessionId, close: name, why })
    this.ended()
    this.#options.transport.end(name)
  }

  /** The socket is gone, or is about to be. Idempotent. */
  ended(): void {
    const state = this.#state
    if (state.kind === 'closed') return
    this.#state = closed
    this.#admission.cancel()
    this.outbox.close()
    if (state.kind === 'waiting' || state.kind === 'joined') state.room.leave(this)
  }

  #keep(kept: Kept, frame: Uint8Array, bytesMax: number, framesMax: number): void {
    kept.bytes += frame.length
    if (kept.bytes > bytesMax || kept.frames.length >= framesMax) {
      this.close('overloaded', 'too much was sent before the document was open')
    } else {
      kept.frames.push(copyOf(frame))
    }
  }

  #answered(answer: Admitted): void {
    const before = this.#grant
    if (answer === 'unavailable') {
      // Somebody who is in already stays until the grant ends: no answer is not a denial.
      if (!before) this.close('accessDown', 'access could not be decided')
      return
    }
    if ('denied' in answer) {
      const isUnknown = answer.denied === 'unauthenticated'
      this.close(isUnknown ? 'unauthorized' : 'forbidden', `access denied: ${answer.denied}`)
      return
    }
    this.#grant = answer
    const state = this.#state
    switch (state.kind) {
      case 'opening':
        this.#options.hub.join(this.#request.document, this)
        return
      case 'joined':
        if (this.#hasRefusedEdits && mayWrite(answer.role)) {
          // What was refused was not kept; the client brings it again when it begins again.
          this.close('accessChanged', 'the session may write now')
        } else if (before && before.role !== answer.role) {
          this.#guard(state.room, () => state.room.introduce(this))
        }
        return
      case 'waiting':
      case 'closed':
        return
      default:
        unreachable(state)
    }
  }

  #handle(frame: Uint8Array): void {
    const state = this.#state
    if (state.kind !== 'joined') return
    const { counters, limits } = this.#options.ports
    counters.framesIn += 1
    const message = decodeClientMessage(frame, limits)
    if (message.kind === 'refused') this.close(message.close, message.why)
    else this.#guard(state.room, () => state.room.receive(this, message))
  }

  /** A fault of ours closes what it touched and the process lives. */
  #guard(room: Room, call: () => void): void {
    try {
      call()
    } catch (error) {
      const { log } = this.#options.ports
      log.error('a room broke', { document: room.document, reason: reasonOf(error) })
      room.condemn('internal', 'the room broke')
    }
  }
}

/**
 * Session: one client in one document. Turns frames into calls on its room, in order, keeps to what
 * the access port says about it (`admission.ts`), and ends itself with a close code when it is refused.
 * Is not the socket (`connection.ts`) and decides nothing about the document (`room.ts`).
 *
 * ```
 * opening ──(granted; the room takes it, the document may still be loading)──► waiting ──(room open)──► joined
 *    │                              │            (its rights are in doubt) ┌─────────────────────────────┤ ▲
 *    │                              │                                      ▼                             │ │
 *    │                              │                                   reviewed ──(granted again)───────┼─┘
 *    └──────────────────────────────┴──────────────────────────────────────┴───(close or socket gone)────┴──► closed
 * ```
 *
 * 1. Frames are handled in the order they came; those that come before `joined`, or while the session
 *    is reviewed, are kept, bounded.
 * 2. No document is opened for a client that is not granted access to it. What it may do is what the
 *    access port said last, from the moment it said so.
 * 3. After `closed` nothing of the session is taken or sent.
 * 4. A fault in the room's code while it handles a frame ends the room, not the process.
 *
 * Length: every change of a session's state is in here, and a reader should see all of them.
 */
import { must, randomId, reasonOf, unreachable } from '@quire/base'
import {
  type CloseName,
  decodeClientMessage,
  type DocumentName,
  messageType,
  type Refused,
  refusedByBeginning,
} from '@quire/protocol'
import { type AccessRequest, type Grant, mayWrite } from '../access/access.ts'
import type { Watched } from '../access/access-watch.ts'
import { AckLedger } from './ack-ledger.ts'
import { Admission } from '../access/admission.ts'
import type { Dialect } from '../client/dialect.ts'
import { type FrameCount, frameCountOf } from './frame-count.ts'
import type { Transport, WireFrame } from './frame-writer.ts'
import type { Hub } from '../room/hub.ts'
import { KeptFrames } from '../room/kept-frames.ts'
import { Outbox } from './outbox.ts'
import type { Ports } from '../ports.ts'
import type { PresenceMember } from '../presence/presence.ts'
import type { SocketGate } from '../rate/rate-gate.ts'
import { type LateMessage, SessionRate } from '../rate/rate-session.ts'
import type { Room } from '../room/room.ts'

type SessionState =
  | { readonly kind: 'opening'; readonly kept: KeptFrames }
  | { readonly kind: 'waiting'; readonly room: Room; readonly kept: KeptFrames }
  | { readonly kind: 'joined'; readonly room: Room }
  /** Joined, but what it sends waits for the access port. */
  | { readonly kind: 'reviewed'; readonly room: Room; readonly kept: KeptFrames }
  | { readonly kind: 'closed' }

export interface SessionOptions {
  readonly ports: Ports
  readonly hub: Pick<Hub, 'join' | 'access' | 'rates'>
  readonly transport: Transport
  /** Of the session's socket; without one nobody is made to wait. */
  readonly gate?: SocketGate | undefined
  readonly dialect: Dialect
  /** Who asks for which document. */
  readonly request: AccessRequest
  /** The lineage of the document that the client holds, if it says so. */
  readonly lineage?: string | undefined
  /** What it says of its schema, if it does. */
  readonly schema?: string | undefined
}

const closed: SessionState = { kind: 'closed' }

export class Session implements PresenceMember, Watched {
  readonly sessionId: string
  readonly document: DocumentName
  readonly lineage: string | undefined
  readonly schema: string | undefined
  readonly dialect: Dialect
  readonly outbox: Outbox
  readonly rate: SessionRate
  /** Which frames are durable, and how many acknowledgements each is due; undefined for clients that are not told. */
  readonly acks: AckLedger | undefined
  readonly counts: FrameCount | undefined
  readonly #options: SessionOptions
  readonly #admission: Admission
  #grant: Grant | undefined = undefined
  #hasRefusedEdits = false
  #state: SessionState = { kind: 'opening', kept: new KeptFrames() }

  constructor(options: SessionOptions) {
    const { ports, hub, transport, dialect, request } = options
    this.sessionId = randomId(ports.random, 10)
    this.document = request.document
    this.lineage = options.lineage
    this.schema = options.schema
    this.dialect = dialect
    this.acks = dialect.counts && new AckLedger()
    this.counts = dialect.counts && frameCountOf(dialect.counts)
    this.#options = options
    this.rate = new SessionRate({
      limiter: hub.rates,
      gate: options.gate,
      onLate: (message) => this.#late(message),
    })
    this.#admission = new Admission({
      ports,
      watch: hub.access,
      session: this,
      request,
      outcome: {
        granted: (grant) => this.#granted(grant),
        refused: (name, why) => this.close(name, why),
      },
    })
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

  /** Frames that wait for their turn; undefined while none has to. */
  get kept(): Pick<KeptFrames, 'bytes' | 'count'> | undefined {
    const state = this.#state
    return state.kind === 'joined' || state.kind === 'closed' ? undefined : state.kept
  }

  get isGranted(): boolean {
    return this.#grant !== undefined
  }

  get userId(): string | undefined {
    return this.#grant?.user.id
  }

  get mayWrite(): boolean {
    return mayWrite(this.grant.role)
  }

  /** Asks to be let in; again, when a newer token came. An empty token is none. */
  open(token?: string): void {
    this.#admission.open(token)
  }

  ask(): void {
    this.#admission.ask()
  }

  unanswered(): void {
    this.#admission.unanswered()
  }

  review(): void {
    this.#admission.review()
    const state = this.#state
    if (state.kind !== 'joined') return
    this.#state = { kind: 'reviewed', room: state.room, kept: new KeptFrames() }
  }

  askToken(): void {
    const frame = this.dialect.askToken()
    if (frame) this.outbox.control(frame)
  }

  /** The room took the session; frames are kept until {@link joined}. */
  waiting(room: Room): void {
    const state = this.#state
    if (state.kind === 'opening') this.#state = { kind: 'waiting', room, kept: state.kept }
  }

  /** Runs `call`; what it writes to the client goes out together. */
  gather(call: () => void): void {
    const { transport } = this.#options
    if (transport.gather) transport.gather(call)
    else call()
  }

  /** The room is open: frames that came meanwhile are handled now. */
  joined(): void {
    const state = this.#state
    if (state.kind !== 'waiting') return
    if (this.#admission.isUnderReview) this.#state = { ...state, kind: 'reviewed' }
    else this.#goOn(state)
  }

  /**
   * One message from the client, without its envelope; a view that is copied when it is kept. The
   * first one of a session that nobody opened opens it, with the token that is in it or with none.
   */
  receive(frame: Uint8Array): void {
    if (!this.#admission.hasBegun && this.#begin(frame)) return
    const { limits } = this.#options.ports
    const state = this.#state
    switch (state.kind) {
      case 'opening':
        this.#keep(state.kept, frame, limits.openingBytesMax, limits.openingFramesMax)
        return
      case 'waiting':
      case 'reviewed':
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

  /** Only the beginning of a message of so many bytes is here. Ends the session when that is enough to refuse it. */
  begun(beginning: Uint8Array, messageBytes: number): void {
    const state = this.#state
    const clientsMax = state.kind === 'joined' ? state.room.open.step1ClientsMax : undefined
    const { limits } = this.#options.ports
    const refused = refusedByBeginning(beginning, messageBytes, limits, clientsMax)
    if (refused) this.close(refused.close, refused.why)
  }

  /** The client asked for what it lacks, and may count anew from here. */
  noteStep1(vector: ReadonlyMap<number, number>): void {
    if (!this.counts?.step1(vector)) {
      this.acks?.note(0)
      return
    }
    this.acks?.forget()
    this.outbox.forgetSaved()
  }

  /** An edit was not taken because the role does not allow it. The session goes on. */
  refuseEdit(): void {
    this.#hasRefusedEdits = true
    const { ports } = this.#options
    ports.counters.updatesRefused += 1
    // A client that is told "your first n frames" must not take the refused one for one of them.
    if (this.dialect.counts === 'syncFrames') this.acks?.refused()
    const frame = this.dialect.refusedEdit()
    if (frame) this.outbox.control(frame)
  }

  /** The socket has taken everything that was written. */
  drained(): void {
    this.outbox.drained()
    this.catchUp()
  }

  /** Sends a session that is behind the next part of what it has missed. */
  catchUp(): void {
    const state = this.#state
    const behind = this.outbox.state
    if (behind.kind !== 'behind' || (state.kind !== 'joined' && state.kind !== 'reviewed')) return
    this.#guard(state.room, () => state.room.open.catchUp(this, behind.cursor, behind.stateVector))
  }

  showPresence(parts: readonly Uint8Array[]): void {
    const state = this.#state
    if (state.kind === 'joined' || state.kind === 'reviewed') {
      this.rate.shown(parts)
      this.outbox.presence(parts, state.room.open.sentHead)
    }
  }

  /** A presence message that others get too. */
  showSharedPresence(frame: WireFrame): void {
    const state = this.#state
    if (state.kind === 'joined' || state.kind === 'reviewed') {
      this.rate.shown(frame.messages)
      this.outbox.sharedPresence(frame, state.room.open.sentHead)
    }
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
    this.#admission.end()
    this.rate.ended()
    this.outbox.close()
    if (state.kind !== 'opening') state.room.leave(this)
  }

  /** A stock y-websocket client never says in a message who it is, or under which id it writes; Hocuspocus does the one in its own. */
  get #speaksQuire(): boolean {
    return this.dialect.name === 'quire'
  }

  /** True when the frame was a token, and there is nothing more in it. */
  #begin(frame: Uint8Array): boolean {
    const isToken = this.#speaksQuire && frame[0] === messageType.auth
    const first = isToken ? decodeClientMessage(frame, this.#options.ports.limits) : undefined
    this.open(first?.kind === 'token' ? first.token : undefined)
    return first?.kind === 'token'
  }

  #keep(kept: KeptFrames, frame: Uint8Array, bytesMax: number, framesMax: number): void {
    if (kept.keep(frame, bytesMax, framesMax)) return
    this.close('overloaded', 'too much was sent that had to wait')
  }

  #goOn({ room, kept }: { readonly room: Room; readonly kept: KeptFrames }): void {
    this.#state = { kind: 'joined', room }
    // One of them may end the session, or have it reviewed; the rest goes where it belongs then.
    for (const frame of kept.take()) this.receive(frame)
  }

  #granted(grant: Grant): void {
    const before = this.#grant
    this.#grant = grant
    const state = this.#state
    switch (state.kind) {
      case 'opening':
        if (this.rate.granted(grant.user.id, this.document) === 'full')
          this.close('roomFull', 'the user has as many sessions as it may')
        else this.#options.hub.join(this.document, this)
        return
      case 'joined':
      case 'reviewed':
        if (before) this.#changed(before, grant, state.room)
        // The change may have ended it.
        if (this.#state === state && state.kind === 'reviewed') this.#goOn(state)
        return
      case 'waiting':
      case 'closed':
        return
      default:
        unreachable(state)
    }
  }

  #changed(before: Grant, { role, user }: Grant, room: Room): void {
    if (this.#hasRefusedEdits && mayWrite(role)) {
      // What was refused was not kept; the client brings it again when it begins again.
      this.close('accessChanged', 'the session may write now')
      return
    }
    if (mayWrite(before.role) && !mayWrite(role)) this.#guard(room, () => room.open.demoted(this))
    const { name, color } = before.user
    if (before.role !== role || name !== user.name || color !== user.color) {
      this.#guard(room, () => room.open.introduce(this))
    }
  }

  #handle(frame: Uint8Array): void {
    const state = this.#state
    if (state.kind !== 'joined') return
    const { counters, limits } = this.#options.ports
    counters.framesIn += 1
    const text = this.dialect.statelessOf?.(frame, limits)
    if (text !== undefined) {
      this.#say(text, frame.length)
      return
    }
    const message = decodeClientMessage(frame, limits)
    const isOfQuire = message.kind === 'token' || message.kind === 'client'
    if (message.kind === 'refused') this.close(message.close, message.why)
    else if (isOfQuire && !this.#speaksQuire)
      this.close('malformed', 'the dialect has no such message')
    else if (message.kind === 'token') this.open(message.token)
    else {
      if (frame[0] === messageType.sync) this.rate.charge(frame.length)
      this.#guard(state.room, () => state.room.receive(this, message))
    }
  }

  /** Something for the application; it costs the session what an edit of this size does. */
  #say(text: string | Refused, byteCount: number): void {
    if (typeof text !== 'string') {
      this.close(text.close, text.why)
      return
    }
    const { counters, onStateless } = this.#options.ports
    const { document, sessionId, grant } = this
    this.rate.charge(byteCount)
    counters.stateless += 1
    onStateless({ document, sessionId, user: grant.user, role: grant.role, text })
  }

  /** Something that came too soon after others of its kind, again; false: it has to wait on. */
  #late(message: LateMessage): boolean {
    const state = this.#state
    if (state.kind === 'joined') {
      this.#guard(state.room, () => state.room.open.late(this, message))
    }
    return state.kind !== 'reviewed'
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

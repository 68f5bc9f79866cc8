/**
 * A client that speaks Hocuspocus: many documents on one socket, each frame with the address of one.
 * Gives each address a session of its own and hands it the messages; what they mean is not decided here.
 *
 * ```
 * absent ──(token, or a Step1 of a provider that has none)──► attached ──(refused for good)──► denied
 *    ▲                                                           │                              │ │
 *    └──────────────────────(the client detaches it)─────────────┴──────────────────────────────┘ │
 *                                                             attached ◄──(another token)──────────┘
 * ```
 *
 * 1. Addresses do not see each other: a document that is refused leaves the others as they are.
 * 2. A refusal for good is told in band, as permission denied, because the provider comes back after
 *    every close of the socket. What the client may mend by coming back closes the socket.
 * 3. An address that is detached and attached again in one tick is a new session, in that order.
 * 4. What comes for an absent or denied address costs a look into a map. Nothing of it is kept: a
 *    provider begins with a token and a Step1, and its Step2 brings everything again. One that edits
 *    and never begins is sent away, so that it does not believe that somebody listens.
 *
 * Length: the whole life of an address is in here, and each step of it is a few lines.
 */
import { unreachable } from '@quire/base'
import {
  type CloseName,
  closeCodes,
  decodeHocuspocusMessage,
  encodeDetached,
  encodeHocuspocusAddress,
  encodePermissionDenied,
  encodePong,
  encodePresence,
  encodePresenceEntries,
  hocuspocusResetCode,
  type HocuspocusAddress,
  type HocuspocusMessage,
  hocuspocusType,
  parseDocumentName,
  socketMessageOf,
  syncType,
} from '@quire/protocol'
import type { Client, ClientOptions } from '../client/connection.ts'
import { type UnreadAnswers, type WireFrame, wireFrame } from '../session/frame-writer.ts'
import { AddressReader } from './hocuspocus-address.ts'
import { hocuspocus, savedFrames } from './hocuspocus-dialect.ts'
import { EarlyBound } from './hocuspocus-early.ts'
import { Farewells } from './hocuspocus-farewells.ts'
import { Strays } from './hocuspocus-strays.ts'
import { AddressedTransport, type Voice } from './hocuspocus-transport.ts'
import { Session } from '../session/session.ts'

interface Attached {
  readonly kind: 'attached'
  readonly session: Session
  /** Whether the client said who it is, be it with an empty token. */
  readonly hasToken: boolean
  /** Whether the provider never counts below zero; those do that tell their version. */
  readonly neverBelowZero: boolean
  /** Whether it sent anything of the document since the last beat. */
  hasSpoken: boolean
}

type Attachment = Attached | { readonly kind: 'denied' }

const denied: Attachment = { kind: 'denied' }
const pong = wireFrame(encodePong())
/** A presence message without entries: parsed by every client, and nothing happens. */
const keepAlive = encodePresence(encodePresenceEntries([]))
/** The reason that Hocuspocus gives. */
const detachedReason = 'provider_initiated'
/** What the client sent was no message: its socket cannot be understood any more. */
const endsSocket: ReadonlySet<CloseName> = new Set(['malformed', 'textFrame', 'tooManyDocuments'])

export class HocuspocusClient implements Client {
  readonly #options: ClientOptions
  readonly #answers: UnreadAnswers = { bytes: 0 }
  readonly #voice: Voice = { hasSpoken: false }
  readonly #attachments = new Map<string, Attachment>()
  readonly #farewells: Farewells
  readonly #strays: Strays
  readonly #early: EarlyBound
  readonly #addresses: AddressReader
  #denialCount = 0
  #isOver = false

  constructor(options: ClientOptions) {
    const { clock, limits } = options.ports
    this.#options = options
    this.#early = new EarlyBound(limits)
    this.#addresses = new AddressReader(limits)
    this.#farewells = new Farewells(clock, limits.documentsPerSocketMax, (address) => {
      if (this.#mayWrite()) this.#say(address, encodeDetached(detachedReason))
    })
    this.#strays = new Strays({
      clock,
      waitMs: limits.firstGrantMsMax,
      countMax: limits.documentsPerSocketMax,
      onLost: () => this.close('silent', 'a document was edited and never attached'),
    })
  }

  get sessions(): Iterable<Session> {
    return this.#sessions()
  }

  receive(frame: Uint8Array): void {
    if (this.#isOver) return
    const { limits, counters } = this.#options.ports
    const about = socketMessageOf(frame)
    if (about) {
      counters.framesIn += 1
      if (about === 'ping' && this.#mayWrite()) this.#write(pong)
      return
    }
    const address = this.#addresses.read(frame)
    if ('kind' in address) {
      this.close(address.close, address.why)
      return
    }
    const message = decodeHocuspocusMessage(frame, address.messageAt, limits)
    if (message.kind === 'refused') this.close(message.close, message.why)
    else this.#hear(address, message)
  }

  begun(beginning: Uint8Array, frameBytes: number): void {
    if (this.#isOver) return
    const address = this.#addresses.read(beginning)
    if ('kind' in address) return
    const attachment = this.#attachments.get(address.address)
    const message = beginning.subarray(address.messageAt)
    // These two look as in y-websocket; what else is large is judged when it is whole.
    const isShared = message[0] === hocuspocusType.sync || message[0] === hocuspocusType.presence
    if (attachment?.kind !== 'attached' || !isShared) return
    attachment.session.begun(message, frameBytes - address.messageAt)
  }

  drained(): void {
    this.#answers.bytes = 0
    for (const session of this.#sessions()) session.drained()
  }

  beat(): void {
    for (const attachment of this.#attachments.values()) {
      if (attachment.kind === 'attached') this.#resolveDoubts(attachment)
    }
  }

  keepAlive(): void {
    const { last } = this.#addresses
    if (!this.#isOver && last && this.#mayWrite()) this.#say(last.address, keepAlive)
  }

  close(name: CloseName, why: string): void {
    if (this.#isOver) return
    const { counters, log } = this.#options.ports
    counters.closed[name] = (counters.closed[name] ?? 0) + 1
    log.info('socket closed', { close: name, why })
    this.#end(name)
  }

  ended(): void {
    this.#isOver = true
    this.#strays.close()
    this.#farewells.close()
    for (const session of this.#sessions()) session.ended()
    this.#attachments.clear()
  }

  *#sessions(): Generator<Session> {
    for (const attachment of this.#attachments.values()) {
      if (attachment.kind === 'attached') yield attachment.session
    }
  }

  #hear(address: HocuspocusAddress, message: HocuspocusMessage): void {
    const { counters } = this.#options.ports
    switch (message.kind) {
      case 'document':
        this.#handle(address, message.message, message.isStep1)
        return
      case 'token':
        counters.framesIn += 1
        this.#identify(address, message.token, message.version)
        return
      case 'close':
        counters.framesIn += 1
        this.#detach(address)
        return
      case 'stateless':
        this.#handle(address, message.message, false)
        return
      default:
        unreachable(message)
    }
  }

  #handle(address: HocuspocusAddress, message: Uint8Array, isStep1: boolean): void {
    const key = address.address
    // Providers before 3 send no token when they have none.
    if (isStep1 && !this.#attachments.has(key)) this.#attach(address, undefined, undefined)
    const attachment = this.#attachments.get(key)
    if (attachment?.kind !== 'attached') {
      this.#options.ports.counters.framesIn += 1
      if (!attachment && message[0] === hocuspocusType.sync) this.#strays.add(key)
      return
    }
    const { session } = attachment
    if (message[0] === hocuspocusType.sync) {
      attachment.hasSpoken = true
      if (!this.#voice.hasSpoken && message[1] === syncType.update) session.counts?.noteNew()
    }
    session.receive(message)
    if (session.kept && this.#early.isExceeded(message.length, this.#sessions())) {
      this.close('overloaded', 'too much was sent before the documents were open')
    }
  }

  #identify(address: HocuspocusAddress, token: string, version: string | undefined): void {
    const attachment = this.#attachments.get(address.address)
    if (attachment?.kind !== 'attached') {
      this.#attach(address, token, version)
    } else if (!attachment.hasToken && !attachment.session.isGranted) {
      // It was asked for without a token, and nothing is decided yet. The provider begins again after it.
      attachment.session.ended()
      this.#attach(address, token, version)
    } else {
      attachment.session.open(token || undefined)
    }
  }

  #attach(
    address: HocuspocusAddress,
    token: string | undefined,
    version: string | undefined,
  ): void {
    const { ports, hub, socket, request, lineageOf, schema } = this.#options
    const { documentsPerSocketMax, unreadBytesPerSocketMax } = ports.limits
    const key = address.address
    if (this.#attachments.size >= documentsPerSocketMax && !this.#attachments.has(key)) {
      this.close('tooManyDocuments', 'the socket names too many documents')
      return
    }
    if (socket.bufferedBytes > unreadBytesPerSocketMax) {
      this.close('overloaded', 'too much is unread for another document')
      return
    }
    this.#strays.delete(key)
    this.#farewells.cancel(key)
    const document = parseDocumentName(address.documentName)
    if (!document) {
      ports.counters.closed.badName = (ports.counters.closed.badName ?? 0) + 1
      this.#sessionEnded(key, 'badName')
      return
    }
    const transport = new AddressedTransport({
      socket,
      voice: this.#voice,
      answers: this.#answers,
      address: key,
      isShared: !address.hasSessionId,
      onEnd: (name) => this.#sessionEnded(key, name),
    })
    const session = new Session({
      ports,
      hub,
      transport,
      gate: this.#options.gate,
      dialect: hocuspocus,
      request: { ...request, document },
      lineage: lineageOf(document),
      schema,
    })
    const attachment: Attached = {
      kind: 'attached',
      session,
      hasToken: token !== undefined,
      neverBelowZero: version !== undefined,
      hasSpoken: false,
    }
    this.#attachments.set(key, attachment)
    session.open(token || undefined)
  }

  #detach({ address }: HocuspocusAddress): void {
    const attachment = this.#attachments.get(address)
    if (!attachment) return
    this.#attachments.delete(address)
    if (attachment.kind === 'attached') attachment.session.ended()
    this.#farewells.add(address)
  }

  /** A session ended itself. */
  #sessionEnded(address: string, name: CloseName): void {
    if (this.#isOver) return
    const { retry, reason } = closeCodes[name]
    if (retry === 'later' || endsSocket.has(name)) {
      this.#end(name)
      return
    }
    this.#attachments.set(address, denied)
    this.#denialCount += 1
    if (this.#denialCount > this.#options.ports.limits.documentsPerSocketMax) {
      this.close('overloaded', 'access was denied too often')
      return
    }
    if (!this.#mayWrite()) return
    this.#say(address, encodePermissionDenied(reason))
    this.#say(address, encodeDetached(reason))
  }

  #end(name: CloseName): void {
    if (this.#isOver) return
    this.ended()
    const { code, reason, retry } = closeCodes[name]
    this.#options.socket.close(retry === 'later' ? hocuspocusResetCode : code, reason)
  }

  /** Nothing else is unsaved, so a count that is too low stays at zero and one that was right becomes so. */
  #resolveDoubts(attachment: Attached): void {
    const { session, neverBelowZero, hasSpoken } = attachment
    attachment.hasSpoken = false
    if (!neverBelowZero || hasSpoken || session.acks?.isWaiting) return
    const frames = savedFrames(session.counts?.takeDoubtful() ?? 0)
    if (frames) session.outbox.control(frames)
  }

  /** Whether a small frame may be written beside those of the sessions, which bound their own. */
  #mayWrite(): boolean {
    const { socket, ports } = this.#options
    if (socket.bufferedBytes - this.#answers.bytes <= ports.limits.outboxBytesMax) return true
    this.close('overloaded', 'too much is unread')
    return false
  }

  #say(address: string, message: Uint8Array): void {
    const frame = Buffer.concat([encodeHocuspocusAddress(address), message])
    this.#write(wireFrame(frame))
  }

  #write(frame: WireFrame): void {
    this.#voice.hasSpoken = true
    this.#options.socket.write(frame)
  }
}

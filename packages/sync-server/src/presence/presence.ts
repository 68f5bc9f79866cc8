/**
 * Presence of one room: who is here and what they show. Headers are read, JSON is carried.
 *
 * 1. A client id belongs to the session that first said something as it. What other sessions say about
 *    it is dropped silently: stock clients repeat what they heard.
 * 2. The latest state wins. A flush carries each client once, and nobody is sent its own.
 * 3. A client that left is told about without waiting for the room's rate.
 * 4. The clock that others see of a client id only grows, also when its owner reconnects and begins
 *    again: receivers ignore what is not newer.
 * 5. Repeats of somebody who left do not bring them back.
 * 6. Who a state is of (its `user`) is written by the server when the session has an identity.
 * 7. A client id that comes back on a new socket before the old one was given up is taken over by the
 *    same document, by the same user, or, where nobody has an identity, when the old one fell silent.
 *    The session that lost it does not get it back, and its end does not end what is shown now.
 * 8. The clock that others see of a client never moves further than `presenceClockJumpMax` at once.
 */
import type { Clock } from '@quire/base'
import {
  firstPresenceClient,
  isLeave,
  leaveJson,
  type Limits,
  type PresenceEntry,
  type PresenceLimits,
  type PresenceUser,
  parsePresence,
  type Refused,
  UserStamp,
} from '@quire/protocol'
import type { OwnClient } from '../room/client-ids.ts'
import { copyOf, placeFor } from '../copy.ts'
import { isSameUser } from './presence-identity.ts'
import { partsOf, type PresenceWindow, windowOf } from './presence-window.ts'

/** What presence needs of a session. */
export interface PresenceMember {
  /** The parts of one message, to be written or, when the session is behind, left away. */
  showPresence(parts: readonly Uint8Array[]): void
}

export interface PresenceOptions<Member extends PresenceMember> {
  readonly clock: Clock
  readonly limits: PresenceLimits &
    Pick<Limits, 'presenceClientsPerSessionMax' | 'presenceClockJumpMax'>
  /** There is something to `take`: of the member, or, to be told soon, that somebody left. */
  readonly onChange: (member: Member | undefined) => void
  /** Who the member is; undefined when nobody knows. */
  readonly userOf: (member: Member) => PresenceUser | undefined
  /** The client id that the member said to be its own, if it did. */
  readonly clientOf: (member: Member) => OwnClient | undefined
}

interface Client<Member> {
  /** Undefined once the owner left; the clock is remembered for a while. */
  owner: Member | undefined
  /** As the owner counts. */
  clockIn: number
  /** As others see it. */
  clockOut: number
  json: Uint8Array
  /** When the owner last said something as this client. */
  heardMs: number
  leftMs: number
}

/** What presence keeps of a member that spoke. */
interface Speaker {
  readonly ids: Set<number>
  /** Ids that were taken over by another session. */
  readonly lost: Set<number>
  user: PresenceUser | undefined
  stamp: UserStamp | undefined
}

/** Stock clients forget a silent client after 30 s; a repeat that comes later than this is a new claim. */
const rememberMs = 60_000
/** An owner that says nothing for this long is thought gone: every client repeats its state each 15 s, looks at its timer every 3 s, and may be slow. */
const silentMs = 20_000
/** Clients that left and are remembered; the oldest go first. */
const rememberMax = 4_096

export class Presence<Member extends PresenceMember> {
  readonly #options: PresenceOptions<Member>
  readonly #clients = new Map<number, Client<Member>>()
  readonly #speakers = new Map<Member, Speaker>()
  /** Clients to be told about, by owner, so that each owner's entries are next to each other. */
  readonly #dirty = new Map<Member | undefined, Set<number>>()
  #left: number[] = []

  constructor(options: PresenceOptions<Member>) {
    this.#options = options
  }

  /** How many clients are here. */
  get count(): number {
    return this.#clients.size - this.#left.length
  }

  /** Takes the entries of a presence message; the bytes are copied. */
  receive(member: Member, bytes: Uint8Array): Refused | undefined {
    const entries = parsePresence(bytes, this.#options.limits)
    if ('kind' in entries) return entries
    let isUrgent = false
    for (const entry of entries) {
      if (!this.#take(member, entry, entries.length === 1)) continue
      if (isLeave(entry)) isUrgent = true
    }
    if (this.#dirty.size > 0) this.#options.onChange(isUrgent ? undefined : member)
    return undefined
  }

  /** Whether a presence message is, as far as one can tell without reading it, about the member itself. */
  isOwn(member: Member, bytes: Uint8Array): boolean {
    const clientId = firstPresenceClient(bytes)
    const ids = this.#speakers.get(member)?.ids
    return clientId !== undefined && (ids === undefined || ids.size === 0 || ids.has(clientId))
  }

  /** The session ended: its clients left. */
  leave(member: Member): void {
    const speaker = this.#speakers.get(member)
    if (!speaker) return
    this.#speakers.delete(member)
    // What it said last, that it leaves for example, may not have gone out yet.
    const unsaid = this.#dirty.get(member)
    this.#dirty.delete(member)
    for (const clientId of speaker.ids) {
      const client = this.#clients.get(clientId)
      if (!client) continue
      const wasHere = !isLeave({ clientId, clock: 0, json: client.json })
      client.owner = undefined
      client.json = leaveJson
      client.leftMs = this.#options.clock.nowMs()
      this.#left.push(clientId)
      if (wasHere) client.clockOut += 1
      if (wasHere || unsaid?.has(clientId)) this.#mark(undefined, clientId)
    }
    this.#forgetOld()
    if (this.#dirty.size > 0) this.#options.onChange(undefined)
  }

  /** Everybody but the asker, as the parts of one message; undefined when there is nobody. */
  snapshot(asker: Member): readonly Uint8Array[] | undefined {
    const entries: PresenceEntry[] = []
    for (const [clientId, { owner, clockOut, json }] of this.#clients) {
      if (owner === undefined || owner === asker || json === leaveJson) continue
      entries.push({ clientId, clock: clockOut, json })
    }
    return entries.length === 0 ? undefined : partsOf(entries)
  }

  /** What changed since the last call; undefined when nothing did. */
  take(): PresenceWindow<Member> | undefined {
    if (this.#dirty.size === 0) return undefined
    const changes = new Map<Member | undefined, PresenceEntry[]>()
    for (const [owner, ids] of this.#dirty) {
      const entries: PresenceEntry[] = []
      for (const clientId of ids) {
        const client = this.#clients.get(clientId)
        if (client) entries.push({ clientId, clock: client.clockOut, json: client.json })
      }
      if (entries.length > 0) changes.set(owner, entries)
    }
    this.#dirty.clear()
    return changes.size === 0 ? undefined : windowOf(changes)
  }

  /** The member's user may be another now: what it shows says so. */
  identify(member: Member): void {
    const speaker = this.#speakers.get(member)
    if (!speaker || isSameUser(speaker.user, this.#options.userOf(member))) return
    for (const clientId of speaker.ids) {
      const client = this.#clients.get(clientId)
      if (!client || client.json === leaveJson) continue
      client.json = this.#stamped(member, speaker, client.json)
      client.clockOut += 1
      this.#mark(member, clientId)
    }
    if (this.#dirty.size > 0) this.#options.onChange(member)
  }

  #take(member: Member, entry: PresenceEntry, isAlone: boolean): boolean {
    const { clientId, clock } = entry
    const client = this.#clients.get(clientId)
    const nowMs = this.#options.clock.nowMs()
    if (client?.owner === member) {
      client.heardMs = nowMs
      const hasLeft = isLeave({ clientId, clock, json: client.json })
      const isNews =
        clock > client.clockIn || (clock === client.clockIn && isLeave(entry) && !hasLeft)
      if (!isNews) return false
      client.clockOut = this.#nextClock(client, clock)
      client.clockIn = clock
      client.json = this.#stateOf(member, entry)
      this.#mark(member, clientId)
      return true
    }
    if (isLeave(entry)) return false
    const speaker = this.#speakerOf(member)
    const idCount = speaker.ids.size + speaker.lost.size
    if (idCount >= this.#options.limits.presenceClientsPerSessionMax) return false
    // A session speaks of itself first and alone; what it says later about others is a repeat.
    const own = this.#options.clientOf(member)
    const isItself = isAlone && (own ? own.clientId === clientId : speaker.ids.size === 0)
    if (client?.owner !== undefined) {
      if (!isItself || !this.#mayTakeOver(member, client, clientId, nowMs)) return false
      this.#dispossess(client.owner, clientId)
    } else if (client && !isItself && clock <= client.clockOut) {
      return false
    }
    if (client) this.#left = this.#left.filter((left) => left !== clientId)
    this.#clients.set(clientId, {
      owner: member,
      clockIn: clock,
      clockOut: this.#nextClock(client, clock),
      json: this.#stateOf(member, entry),
      heardMs: nowMs,
      leftMs: 0,
    })
    speaker.ids.add(clientId)
    this.#dirty.get(undefined)?.delete(clientId)
    this.#mark(member, clientId)
    return true
  }

  /** The clock that others see next, when the owner's own is `clock`. */
  #nextClock(client: Client<Member> | undefined, clock: number): number {
    const { presenceClockJumpMax } = this.#options.limits
    if (!client) return Math.min(clock, presenceClockJumpMax)
    return Math.max(Math.min(clock, client.clockOut + presenceClockJumpMax), client.clockOut + 1)
  }

  #mayTakeOver(
    member: Member,
    { owner, heardMs }: Client<Member>,
    clientId: number,
    nowMs: number,
  ): boolean {
    const { clientOf, userOf } = this.#options
    if (owner === undefined || this.#speakers.get(member)?.lost.has(clientId)) return false
    const own = clientOf(member)
    const theirs = clientOf(owner)
    // Two that say what document they are need no guessing.
    if (own && theirs) return own.clientId === theirs.clientId && own.instance === theirs.instance
    const userId = userOf(member)?.id
    const ownerId = userOf(owner)?.id
    if (userId !== undefined || ownerId !== undefined) return userId === ownerId
    return nowMs - heardMs > silentMs
  }

  #dispossess(owner: Member, clientId: number): void {
    const speaker = this.#speakers.get(owner)
    speaker?.ids.delete(clientId)
    speaker?.lost.add(clientId)
    this.#dirty.get(owner)?.delete(clientId)
  }

  #speakerOf(member: Member): Speaker {
    const known = this.#speakers.get(member)
    if (known) return known
    const made: Speaker = { ids: new Set(), lost: new Set(), user: undefined, stamp: undefined }
    this.#speakers.set(member, made)
    return made
  }

  /** What others are shown for an entry, in bytes of its own. */
  #stateOf(member: Member, entry: PresenceEntry): Uint8Array {
    return isLeave(entry) ? leaveJson : this.#stamped(member, this.#speakerOf(member), entry.json)
  }

  #stamped(member: Member, speaker: Speaker, json: Uint8Array): Uint8Array {
    const user = this.#options.userOf(member)
    if (!isSameUser(user, speaker.user)) {
      speaker.user = user
      speaker.stamp = user && new UserStamp(user, placeFor)
    }
    return speaker.stamp ? speaker.stamp.stamp(json) : copyOf(json)
  }

  #mark(owner: Member | undefined, clientId: number): void {
    const ids = this.#dirty.get(owner)
    if (ids) ids.add(clientId)
    else this.#dirty.set(owner, new Set([clientId]))
  }

  #forgetOld(): void {
    const nowMs = this.#options.clock.nowMs()
    let count = 0
    for (const clientId of this.#left) {
      const client = this.#clients.get(clientId)
      const isOld = !client || nowMs - client.leftMs > rememberMs
      if (!isOld && this.#left.length - count <= rememberMax) break
      this.#clients.delete(clientId)
      count += 1
    }
    if (count > 0) this.#left.splice(0, count)
  }
}

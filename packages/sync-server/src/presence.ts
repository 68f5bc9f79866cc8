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
 */
import type { Clock } from '@quire/base'
import {
  encodePresenceBody,
  encodePresenceHead,
  isLeave,
  leaveJson,
  type Limits,
  type PresenceEntry,
  parsePresence,
  type Refused,
} from '@quire/protocol'
import { copyOf } from './copy.ts'
import { Pacer } from './pacer.ts'

/** What presence needs of a session. */
export interface PresenceMember {
  /** The parts of one message, to be written or, when the session is behind, left away. */
  showPresence(parts: readonly Uint8Array[]): void
}

export interface PresenceOptions<Member extends PresenceMember> {
  readonly clock: Clock
  readonly limits: Pick<Limits, 'presenceEntryBytesMax' | 'presenceClientsPerSessionMax'>
  /** Who is to be shown presence now. */
  readonly members: () => ReadonlySet<Member>
}

interface Client<Member> {
  /** Undefined once the owner left; the clock is remembered for a while. */
  owner: Member | undefined
  /** As the owner counts. */
  clockIn: number
  /** As others see it. */
  clockOut: number
  json: Uint8Array
  leftMs: number
}

/** Presence may take this part of one core in each room. */
const share = 0.1
/** One flush per this many ms and member: 10 people see 60 a second, 200 see 20, the eye is content with 20. */
const gapMsPerMember = 0.25
const gapMsMax = 100
const waitMsMax = 250
/** Stock clients forget a silent client after 30 s; a repeat that comes later than this is a new claim. */
const rememberMs = 60_000
/** Clients that left and are remembered; the oldest go first. */
const rememberMax = 4_096

export class Presence<Member extends PresenceMember> {
  readonly #options: PresenceOptions<Member>
  readonly #clients = new Map<number, Client<Member>>()
  readonly #owned = new Map<Member, Set<number>>()
  /** Clients to be told about, by owner, so that each owner's entries are next to each other. */
  readonly #dirty = new Map<Member | undefined, Set<number>>()
  #left: number[] = []
  readonly #pacer: Pacer

  constructor(options: PresenceOptions<Member>) {
    this.#options = options
    this.#pacer = new Pacer({
      clock: options.clock,
      task: () => this.#flush(),
      share,
      gapMs: () => Math.min(gapMsMax, options.members().size * gapMsPerMember),
      waitMsMax,
    })
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
    if (this.#dirty.size > 0) this.#pacer.request(isUrgent)
    return undefined
  }

  /** The session ended: its clients left. */
  leave(member: Member): void {
    const owned = this.#owned.get(member)
    if (!owned) return
    this.#owned.delete(member)
    this.#dirty.delete(member)
    for (const clientId of owned) {
      const client = this.#clients.get(clientId)
      if (!client) continue
      const wasHere = !isLeave({ clientId, clock: 0, json: client.json })
      client.owner = undefined
      client.json = leaveJson
      client.leftMs = this.#options.clock.nowMs()
      this.#left.push(clientId)
      if (!wasHere) continue
      client.clockOut += 1
      this.#mark(undefined, clientId)
    }
    this.#forgetOld()
    if (this.#dirty.size > 0) this.#pacer.request(true)
  }

  /** Everybody but the asker, as the parts of one message; undefined when there is nobody. */
  snapshot(asker: Member): readonly Uint8Array[] | undefined {
    const entries: PresenceEntry[] = []
    for (const [clientId, { owner, clockOut, json }] of this.#clients) {
      if (owner === undefined || owner === asker || json === leaveJson) continue
      entries.push({ clientId, clock: clockOut, json })
    }
    if (entries.length === 0) return undefined
    const body = encodePresenceBody(entries)
    return [encodePresenceHead(entries.length, body.length), body]
  }

  /** Ends the timer. */
  close(): void {
    this.#pacer.stop()
  }

  #take(member: Member, entry: PresenceEntry, isAlone: boolean): boolean {
    const { clientId, clock } = entry
    const client = this.#clients.get(clientId)
    if (client?.owner === member) {
      const hasLeft = isLeave({ clientId, clock, json: client.json })
      const isNews =
        clock > client.clockIn || (clock === client.clockIn && isLeave(entry) && !hasLeft)
      if (!isNews) return false
      client.clockOut = Math.max(clock, client.clockOut + 1)
      client.clockIn = clock
      client.json = isLeave(entry) ? leaveJson : copyOf(entry.json)
      this.#mark(member, clientId)
      return true
    }
    if (client?.owner || isLeave(entry)) return false
    const owned = this.#owned.get(member) ?? new Set()
    if (owned.size >= this.#options.limits.presenceClientsPerSessionMax) return false
    // A session speaks of itself first and alone; what it says later about others is a repeat.
    const isItself = owned.size === 0 && isAlone
    if (client && !isItself && clock <= client.clockOut) return false
    if (client) this.#left = this.#left.filter((left) => left !== clientId)
    this.#clients.set(clientId, {
      owner: member,
      clockIn: clock,
      clockOut: client ? Math.max(clock, client.clockOut + 1) : clock,
      json: copyOf(entry.json),
      leftMs: 0,
    })
    owned.add(clientId)
    this.#owned.set(member, owned)
    this.#dirty.get(undefined)?.delete(clientId)
    this.#mark(member, clientId)
    return true
  }

  #mark(owner: Member | undefined, clientId: number): void {
    const ids = this.#dirty.get(owner)
    if (ids) ids.add(clientId)
    else this.#dirty.set(owner, new Set([clientId]))
  }

  #flush(): void {
    const groups: { owner: Member | undefined; count: number; from: number; to: number }[] = []
    const bodies: Uint8Array[] = []
    let count = 0
    let length = 0
    for (const [owner, ids] of this.#dirty) {
      const entries: PresenceEntry[] = []
      for (const clientId of ids) {
        const client = this.#clients.get(clientId)
        if (client) entries.push({ clientId, clock: client.clockOut, json: client.json })
      }
      if (entries.length === 0) continue
      const body = encodePresenceBody(entries)
      groups.push({ owner, count: entries.length, from: length, to: length + body.length })
      bodies.push(body)
      count += entries.length
      length += body.length
    }
    this.#dirty.clear()
    if (count === 0) return
    const all = Buffer.concat(bodies, length)
    const whole = [Buffer.concat([encodePresenceHead(count, length), all])]
    const own = new Map(groups.map((group) => [group.owner, group]))
    for (const member of this.#options.members()) {
      const group = own.get(member)
      if (!group) member.showPresence(whole)
      else if (group.count < count) {
        const head = encodePresenceHead(count - group.count, length - (group.to - group.from))
        member.showPresence([head, all.subarray(0, group.from), all.subarray(group.to)])
      }
    }
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

/**
 * Presence window: what changed of everybody in one room, as one message that is put together once.
 * Knows nothing of who owns what, and keeps nothing.
 *
 * 1. Whoever is not in it is sent the same bytes as all others; whoever is, those bytes without their own.
 */
import { encodePresenceBody, encodePresenceHead, type PresenceEntry } from '@quire/protocol'
import { type WireFrame, wireFrame } from '../session/frame-writer.ts'

/** One message with everybody's changes, and how it looks to those who are in it. */
export interface PresenceWindow<Member> {
  /** For those who are not in it. */
  readonly whole: WireFrame
  isOf(member: Member): boolean
  /** The parts of the message without the member's own entries; undefined when nothing is left. */
  partsFor(member: Member): readonly Uint8Array[] | undefined
}

/** Where the entries of one owner stand among all of a window. */
interface Group {
  readonly count: number
  readonly from: number
  readonly to: number
}

/** `changes` has the entries of each owner; undefined stands for those who left. Not empty. */
export function windowOf<Member>(
  changes: ReadonlyMap<Member | undefined, readonly PresenceEntry[]>,
): PresenceWindow<Member> {
  const groups = new Map<Member | undefined, Group>()
  const bodies: Uint8Array[] = []
  let count = 0
  let length = 0
  for (const [owner, entries] of changes) {
    const body = encodePresenceBody(entries)
    groups.set(owner, { count: entries.length, from: length, to: length + body.length })
    bodies.push(body)
    count += entries.length
    length += body.length
  }
  const head = encodePresenceHead(count, length)
  const whole = wireFrame(head, ...bodies)
  const all = whole.framed.subarray(whole.framed.length - length)
  return {
    whole,
    isOf: (member) => groups.has(member),
    partsFor(member) {
      const group = groups.get(member)
      if (!group) return whole.messages
      if (group.count === count) return undefined
      const others = encodePresenceHead(count - group.count, length - (group.to - group.from))
      return [others, all.subarray(0, group.from), all.subarray(group.to)]
    },
  }
}

/** One message with these entries, in parts. */
export function partsOf(entries: readonly PresenceEntry[]): readonly Uint8Array[] {
  const body = encodePresenceBody(entries)
  return [encodePresenceHead(entries.length, body.length), body]
}

/**
 * Who a presence state says that it is of: its top-level member `user`, which the server writes, so that
 * nobody can be here under the name of somebody else. The rest of the state stays as bytes.
 *
 * 1. After stamping there is one top-level `user`, whatever the state had: none, several, or one whose
 *    key is written with escapes. `JSON.parse` takes the last of several, so none may be left over.
 * 2. `id` is always the session's. `name` and `color` are, where it has them; where it leaves them open
 *    the client's own stay, a colour only as `#rrggbb`.
 * 3. Other members of the client's own `user` stay: they say nothing about who it is.
 * 4. The same `user` again costs a comparison of bytes and no JSON.
 */
import { decodeUtf8 } from 'lib0/string'
import { utf8 } from './bytes.ts'
import { type JsonMember, jsonMembers } from './json-scan.ts'
import { presenceDepthMax } from './presence-codec.ts'

/** What the session knows about its user. */
export interface PresenceUser {
  /** Not empty. */
  readonly id: string
  /** Empty when the client may choose. */
  readonly name: string
  /** `#rrggbb`; undefined when the client may choose. */
  readonly color?: string | undefined
}

/** `#rrggbb`. Other words for colours end up in style attributes of people who trust us. */
const isColor = (value: unknown): value is string =>
  typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value)
/** As some editors have it beside `color`: with two more digits for how much shines through. */
const isLightColor = (value: unknown): boolean =>
  typeof value === 'string' && /^#[0-9a-f]{6}(?:[0-9a-f]{2})?$/i.test(value)

const keyBytes = utf8('"user"')
const open = 0x7b
const close = 0x7d
const comma = 0x2c
const backslash = 0x5c

/** Stamps the states of one session. */
export class UserStamp {
  readonly #user: PresenceUser
  readonly #allocate: (byteCount: number) => Uint8Array
  /** The `user` of the last state as it came, and what it became. */
  #own: Uint8Array | undefined = undefined
  #stamped: Uint8Array

  /** `allocate` gives the bytes of each state; they are written over from first to last. */
  constructor(
    user: PresenceUser,
    allocate: (byteCount: number) => Uint8Array = (byteCount) => new Uint8Array(byteCount),
  ) {
    this.#user = user
    this.#allocate = allocate
    this.#stamped = memberOf(user, undefined)
  }

  /** The state with this user in it, in bytes of its own. `state` is a JSON object within the bounds of a presence state. */
  stamp(state: Uint8Array): Uint8Array {
    const members = jsonMembers(state, presenceDepthMax)
    const others = members.filter((member) => !isUserKey(state, member))
    const own = members.findLast((member) => isUserKey(state, member))
    const user = this.#member(own && state.subarray(own.valueFrom, own.valueTo))
    let length = 2 + user.length
    for (const { keyFrom, valueTo } of others) length += 1 + valueTo - keyFrom
    const bytes = this.#allocate(length)
    bytes[0] = open
    bytes.set(user, 1)
    let at = 1 + user.length
    for (const { keyFrom, valueTo } of others) {
      bytes[at++] = comma
      bytes.set(state.subarray(keyFrom, valueTo), at)
      at += valueTo - keyFrom
    }
    bytes[at] = close
    return bytes
  }

  /** `"user":{…}` for what the client says about itself. */
  #member(own: Uint8Array | undefined): Uint8Array {
    const known = this.#own
    const isSame = own && known ? isEqual(own, known) : own === known
    if (!isSame) {
      // No `slice`: of a Buffer it would be a view, and keep all of what was read with it.
      this.#own = own && new Uint8Array(own)
      this.#stamped = memberOf(this.#user, own)
    }
    return this.#stamped
  }
}

/** The keys of a `user` that say who it is, or how it looks. */
const ownKeys: ReadonlySet<string> = new Set(['id', 'name', 'color', 'colorLight'])

function memberOf(user: PresenceUser, own: Uint8Array | undefined): Uint8Array {
  const said = new Map<string, unknown>()
  const others: string[] = []
  for (const member of own ? jsonMembers(own, presenceDepthMax) : []) {
    const key = keyOf(own as Uint8Array, member)
    const value = decodeUtf8((own as Uint8Array).subarray(member.valueFrom, member.valueTo))
    if (ownKeys.has(key)) said.set(key, JSON.parse(value))
    else others.push(`${JSON.stringify(key)}:${value}`)
  }
  const name = user.name || said.get('name')
  const color = user.color ?? said.get('color')
  const light = said.get('colorLight')
  const parts = [`"id":${JSON.stringify(user.id)}`]
  if (typeof name === 'string') parts.push(`"name":${JSON.stringify(name)}`)
  if (isColor(color)) parts.push(`"color":${JSON.stringify(color)}`)
  // Beside a colour that the client did not choose, a light one of its own would be of another.
  if (isLightColor(light) && user.color === undefined) {
    parts.push(`"colorLight":${JSON.stringify(light)}`)
  }
  return utf8(`"user":{${[...parts, ...others].join(',')}}`)
}

function isUserKey(bytes: Uint8Array, member: JsonMember): boolean {
  const { keyFrom, keyTo } = member
  // Each of the four letters may be written in six bytes.
  if (keyTo - keyFrom > 2 + 4 * 6) return false
  if (isEqual(bytes.subarray(keyFrom, keyTo), keyBytes)) return true
  return bytes.subarray(keyFrom, keyTo).includes(backslash) && keyOf(bytes, member) === 'user'
}

function keyOf(bytes: Uint8Array, { keyFrom, keyTo }: JsonMember): string {
  return JSON.parse(decodeUtf8(bytes.subarray(keyFrom, keyTo))) as string
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false
  return true
}

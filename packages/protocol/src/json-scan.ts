/**
 * Is this UTF-8 text JSON? Answers over the bytes, without decoding or building anything, and agrees
 * with `JSON.parse` on every input whose nesting is within the bound.
 *
 * Why: readers of an update or of presence parse the JSON in it. One text that does not parse, or
 * that is nested beyond their stack, would break them all, so it is refused before anybody gets it.
 * The bytes must already be known to be UTF-8.
 */

const quote = 0x22
const backslash = 0x5c

/** Whether `bytes[from, to)` is one JSON value with at most `depthMax` levels of arrays and objects. */
export function isJson(bytes: Uint8Array, from: number, to: number, depthMax: number): boolean {
  const end = value(bytes, space(bytes, from, to), to, depthMax)
  return end >= 0 && space(bytes, end, to) === to
}

/** Where one member of an object stands in its bytes: both quotes belong to the key. */
export interface JsonMember {
  readonly keyFrom: number
  readonly keyTo: number
  readonly valueFrom: number
  readonly valueTo: number
}

/**
 * The members of the object that is `bytes`, in their order, not those of objects inside. The bytes must
 * be known to be JSON, within `depthMax`; what is not an object has no members.
 */
export function jsonMembers(bytes: Uint8Array, depthMax: number): JsonMember[] {
  const found: JsonMember[] = []
  const to = bytes.length
  let at = space(bytes, 0, to)
  if (bytes[at] !== 0x7b) return found
  at = space(bytes, at + 1, to)
  while (at < to && bytes[at] === quote) {
    const keyFrom = at
    const keyTo = text(bytes, at, to)
    const valueFrom = space(bytes, space(bytes, keyTo, to) + 1, to)
    const valueTo = value(bytes, valueFrom, to, depthMax)
    if (keyTo < 0 || valueTo < 0) return found
    found.push({ keyFrom, keyTo, valueFrom, valueTo })
    // Over the comma; behind the last member stands the brace, which is no quote.
    at = space(bytes, space(bytes, valueTo, to) + 1, to)
  }
  return found
}

// Each reader returns the position after what it read, or -1.

function value(bytes: Uint8Array, at: number, to: number, depthLeft: number): number {
  if (at >= to) return -1
  const first = bytes[at] as number
  switch (first) {
    case quote:
      return text(bytes, at, to)
    case 0x7b: // {
      return depthLeft > 0 ? members(bytes, at + 1, to, depthLeft - 1) : -1
    case 0x5b: // [
      return depthLeft > 0 ? elements(bytes, at + 1, to, depthLeft - 1) : -1
    case 0x74:
      return word(bytes, at, to, 'true')
    case 0x66:
      return word(bytes, at, to, 'false')
    case 0x6e:
      return word(bytes, at, to, 'null')
    default:
      return number(bytes, at, to)
  }
}

function members(bytes: Uint8Array, from: number, to: number, depthLeft: number): number {
  let at = space(bytes, from, to)
  if (bytes[at] === 0x7d && at < to) return at + 1
  for (;;) {
    if (at >= to || bytes[at] !== quote) return -1
    at = text(bytes, at, to)
    if (at < 0) return -1
    at = space(bytes, at, to)
    if (at >= to || bytes[at] !== 0x3a) return -1
    at = value(bytes, space(bytes, at + 1, to), to, depthLeft)
    if (at < 0) return -1
    at = space(bytes, at, to)
    if (at >= to) return -1
    if (bytes[at] === 0x7d) return at + 1
    if (bytes[at] !== 0x2c) return -1
    at = space(bytes, at + 1, to)
  }
}

function elements(bytes: Uint8Array, from: number, to: number, depthLeft: number): number {
  let at = space(bytes, from, to)
  if (bytes[at] === 0x5d && at < to) return at + 1
  for (;;) {
    at = value(bytes, at, to, depthLeft)
    if (at < 0) return -1
    at = space(bytes, at, to)
    if (at >= to) return -1
    if (bytes[at] === 0x5d) return at + 1
    if (bytes[at] !== 0x2c) return -1
    at = space(bytes, at + 1, to)
  }
}

function text(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from + 1; at < to; at++) {
    const byte = bytes[at] as number
    if (byte === quote) return at + 1
    if (byte < 0x20) return -1
    if (byte !== backslash) continue
    at += 1
    if (at >= to) return -1
    const escaped = bytes[at] as number
    if (escaped === 0x75) {
      for (let i = 0; i < 4; i++) {
        at += 1
        if (at >= to || !isHex(bytes[at] as number)) return -1
      }
    } else if (!'"\\/bfnrt'.includes(String.fromCharCode(escaped))) {
      return -1
    }
  }
  return -1
}

function number(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  if (bytes[at] === 0x2d) at += 1
  const whole = digits(bytes, at, to)
  if (whole === at || (bytes[at] === 0x30 && whole > at + 1)) return -1
  at = whole
  if (at < to && bytes[at] === 0x2e) {
    const fraction = digits(bytes, at + 1, to)
    if (fraction === at + 1) return -1
    at = fraction
  }
  if (at < to && (bytes[at] === 0x65 || bytes[at] === 0x45)) {
    at += 1
    if (at < to && (bytes[at] === 0x2b || bytes[at] === 0x2d)) at += 1
    const exponent = digits(bytes, at, to)
    if (exponent === at) return -1
    at = exponent
  }
  return at
}

function digits(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  while (at < to && (bytes[at] as number) >= 0x30 && (bytes[at] as number) <= 0x39) at += 1
  return at
}

function word(bytes: Uint8Array, from: number, to: number, expected: string): number {
  if (from + expected.length > to) return -1
  for (let i = 0; i < expected.length; i++) {
    if (bytes[from + i] !== expected.charCodeAt(i)) return -1
  }
  return from + expected.length
}

function space(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  while (at < to) {
    const byte = bytes[at] as number
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break
    at += 1
  }
  return at
}

function isHex(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x46) ||
    (byte >= 0x61 && byte <= 0x66)
  )
}

/**
 * What somebody's presence says about them, read without trust: presence is whatever others send. A
 * name is text of bounded length, a colour `#rrggbb`, a caret two positions or nothing.
 */
import * as Y from 'yjs'

const nameCharsMax = 40
const colorDefault = '#6b7280'

/** Positions in the document. */
export interface Place {
  readonly anchor: number
  readonly head: number
}

/** Where somebody's caret is; null when it is nowhere that is known here. */
export function placeOf(
  state: Record<string, unknown>,
  toAbsolutePosition: (position: Y.RelativePosition) => number | null,
): Place | null {
  const cursor = state['cursor'] as { anchor?: unknown; head?: unknown } | null | undefined
  if (!cursor?.anchor || !cursor.head) return null
  try {
    const anchor = toAbsolutePosition(Y.createRelativePositionFromJSON(cursor.anchor))
    const head = toAbsolutePosition(Y.createRelativePositionFromJSON(cursor.head))
    return anchor === null || head === null ? null : { anchor, head }
  } catch {
    return null // not a position: presence is whatever somebody else sent
  }
}

/** A name to show, never empty, and a colour that is one. */
export function personOf(state: Record<string, unknown>): { name: string; color: string } {
  const user = (state['user'] ?? {}) as { name?: unknown; color?: unknown }
  const name = typeof user.name === 'string' ? user.name.trim().slice(0, nameCharsMax) : ''
  const isColor = typeof user.color === 'string' && /^#[0-9a-f]{6}$/i.test(user.color)
  return { name: name || 'Somebody', color: isColor ? (user.color as string) : colorDefault }
}

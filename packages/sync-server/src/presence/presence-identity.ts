/**
 * From the user of a grant to what presence writes into the states of a session. A server whose access
 * port names nobody leaves states as they are.
 */
import type { PresenceUser } from '@quire/protocol'
import type { User } from '../access/access.ts'

/** As in the ids of authors; longer names are cut, since they are shown beside a caret. */
const nameCharsMax = 128

/** Undefined when nobody is named. A colour that is not `#rrggbb` is left to the client. */
export function presenceUserOf({ id, name, color }: User): PresenceUser | undefined {
  if (id === '') return undefined
  const isColor = color !== undefined && /^#[0-9a-f]{6}$/i.test(color)
  return { id, name: name.slice(0, nameCharsMax), color: isColor ? color : undefined }
}

/** Whether others are shown the same of both. */
export function isSameUser(a: PresenceUser | undefined, b: PresenceUser | undefined): boolean {
  return a === b || (a?.id === b?.id && a?.name === b?.name && a?.color === b?.color)
}

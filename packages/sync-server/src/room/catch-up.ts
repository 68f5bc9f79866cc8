/**
 * Catch-up: how a session that has not read for a while is brought to the head of the log, part by part,
 * each when it has read the one before. So it costs what a part is, whatever was written meanwhile.
 */
import type { Session } from '../session/session.ts'
import type { RoomLog } from './room-log.ts'

/** About; half of what a session may have unread before it is behind. */
const partBytes = 256 * 1024

/**
 * Sends the session what comes after row `cursor`. True: that was all, and it is flowing again; false:
 * there is more, and the session asks for it when it has read this.
 */
export function catchUpOnce(
  session: Session,
  log: RoomLog,
  cursor: number,
  atTurnEnd: (task: () => void) => void,
): boolean {
  const { frames, to } = log.since(cursor, partBytes)
  const isAll = to >= log.head
  session.outbox.catchUp(frames, to, isAll)
  // A socket that took all of it at once has nothing to say about it later.
  if (!isAll && session.outbox.isRead) atTurnEnd(() => session.catchUp())
  return isAll
}

/**
 * Inbox. What others wrote, and where their carets are, between the socket and the document: taken in
 * at the page's pace, and together. A remote change costs an editor as much for one letter as for ten.
 *
 * 1. All updates that wait are applied as one change, in order; then comes presence, so that no caret
 *    is in words that are not there yet.
 * 2. Every other sync frame finds the inbox empty: what came before it is taken in first. What is said
 *    about one's own edits and session does not wait for others.
 * 3. No more than `framesMax` frames wait.
 */
import { messageType, syncType } from '@quire/protocol'
import type { Pace } from './pace.ts'

/** More than people type in a tenth of a second; beyond it waiting saves nothing. */
export const framesMax = 128

export interface Inbox {
  /** A frame came; `read` takes it in, now or later. It must not throw. */
  arrived(frame: Uint8Array, read: () => void): void
  /** Takes in what waits. */
  flush(): void
}

/** `together` runs several reads as one change of the document. */
export function createInbox(pace: Pace | undefined, together: (reads: () => void) => void): Inbox {
  let updates: (() => void)[] = []
  let presence: (() => void)[] = []

  function flush(): void {
    const [written, seen] = [updates, presence]
    updates = []
    presence = []
    if (written.length === 1) written[0]?.()
    else if (written.length > 1) {
      together(() => {
        for (const read of written) read()
      })
    }
    for (const read of seen) read()
  }

  return {
    arrived(frame, read) {
      const isUpdate = frame[0] === messageType.sync && frame[1] === syncType.update
      const isPresence = frame[0] === messageType.presence
      if (pace === undefined || !(isUpdate || isPresence)) {
        if (frame[0] === messageType.sync) flush()
        return read()
      }
      const isFirst = updates.length + presence.length === 0
      if (isUpdate) updates.push(read)
      else presence.push(read)
      if (isFirst) pace(flush)
      else if (updates.length + presence.length >= framesMax) flush()
    },
    flush,
  }
}

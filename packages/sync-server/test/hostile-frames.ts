/**
 * Messages that somebody hostile sends into an open document, each with what must come of it. Used in
 * every dialect; what belongs to one dialect only is in its own tests.
 */
import { hostileEdits } from './hostile-edits.ts'
import type { HostileFrame } from './hostile-frame.ts'
import { hostileMessages } from './hostile-messages.ts'
import { hostileUpdates } from './hostile-updates.ts'

export type { HostileFrame }

export const hostileFrames: readonly HostileFrame[] = [
  ...hostileMessages,
  ...hostileUpdates,
  ...hostileEdits,
]

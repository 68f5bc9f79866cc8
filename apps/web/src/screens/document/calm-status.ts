/**
 * The provider's status without flicker. It is late with good news, never with bad.
 *
 * 1. `saved` is passed on after it has lasted `calmMs`: the words must not change with every key.
 * 2. While the copy on this device takes in one more edit, the status before it stands for up to
 *    `calmMs`: what it says, "3 edits kept", is still true. A copy that fails is told after that.
 * 3. Everything else is passed on at once.
 * 4. A status that would be said in the same words is not passed on: while somebody types, nothing
 *    outside the editor is drawn anew.
 */
import type { Clock, Timer } from '@quire/base'
import type { Provider, SaveStatus } from '@quire/provider'

/** Longer than the gap between two keys of somebody who types, short enough to feel prompt. */
export const calmMs = 350

export interface CalmStatus {
  readonly status: SaveStatus
  /** There was trouble since the last time all was well: its end is worth saying aloud. */
  readonly hadTrouble: boolean
}

/** For `useSyncExternalStore`. Listens to the provider from the first subscriber on. */
export interface CalmStatusStore {
  readonly read: () => CalmStatus
  readonly subscribe: (listener: () => void) => () => void
}

const isTrouble = (status: SaveStatus): boolean =>
  status.kind === 'offline' || status.kind === 'refused'

/** Why `next` may wait after `shown`; undefined when it may not. */
function reasonToWait(shown: SaveStatus, next: SaveStatus): string | undefined {
  if (next.kind === 'saved') return shown.kind === 'saved' ? undefined : 'saved'
  const isUnkept = next.kind === 'offline' && !next.keptOnDevice
  const wasKept = shown.kind === 'offline' && shown.keptOnDevice
  return isUnkept && wasKept ? 'unkept' : undefined
}

/** "Saving" counts nothing, so one more edit on its way changes no word. */
function isSaidAlike(a: SaveStatus, b: SaveStatus): boolean {
  if (a.kind === 'saving' && b.kind === 'saving') return a.unsaved > 0 === b.unsaved > 0
  return a === b
}

export function createCalmStatus(
  provider: Pick<Provider, 'status' | 'on'>,
  clock: Clock,
): CalmStatusStore {
  let shown: CalmStatus = { status: provider.status, hadTrouble: isTrouble(provider.status) }
  let waiting: { readonly reason: string; readonly timer: Timer } | undefined

  return {
    read: () => shown,
    subscribe(listener) {
      const show = (): void => {
        waiting?.timer.cancel()
        waiting = undefined
        const { status } = provider
        if (isSaidAlike(shown.status, status)) return
        // Kept for the "Saved" that ends it, and forgotten with the edit after that.
        const isOver = shown.status.kind === 'saved' && status.kind !== 'saved'
        shown = { status, hadTrouble: isTrouble(status) || (shown.hadTrouble && !isOver) }
        listener()
      }
      const follow = (): void => {
        const reason = reasonToWait(shown.status, provider.status)
        if (reason === undefined) return show()
        // A wait that goes on keeps its end: new edits must not put off what has to be said.
        if (waiting?.reason === reason) return
        waiting?.timer.cancel()
        waiting = { reason, timer: clock.after(calmMs, show) }
      }
      const off = provider.on('status', follow)
      follow()
      return () => {
        off()
        waiting?.timer.cancel()
        waiting = undefined
      }
    },
  }
}

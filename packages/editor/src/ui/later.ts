/** Parts of the interface that are fetched when somebody first needs them. */
import type { EditorContext } from '../feature.ts'
import { element } from './element.ts'
import type { Anchor } from './popovers.ts'

export type Parts = typeof import('../parts.ts')

/**
 * Fetches the parts when the page has nothing else to do, so that they are there when they are needed,
 * also offline. Returns the end of that.
 */
export function fetchWhenIdle(page: Window | null): () => void {
  // Safari has no such moments; there they come when they are needed.
  if (typeof page?.requestIdleCallback !== 'function') return () => {}
  const handle = page.requestIdleCallback(() => {
    void import('../parts.ts').catch(() => {
      // Who needs one asks again, and is told.
    })
  })
  return () => page.cancelIdleCallback(handle)
}

/** Fetches the parts and opens one; says at `anchor` when they cannot be had. True, as a command that applies. */
export function later(context: EditorContext, anchor: Anchor, open: (parts: Parts) => void): true {
  void import('../parts.ts').then(
    (parts) => {
      if (!context.view().isDestroyed) open(parts)
    },
    () => {
      const words = 'This could not be loaded. Check the connection and try again.'
      context.popovers.open({
        anchor,
        content: element('div', { class: 'quire-notice', role: 'alert' }, words),
      })
    },
  )
  return true
}

/**
 * Mounts a part that follows the selection once it is needed for the first time. One that cannot be had
 * is asked for again when it is needed anew. Returns the end of all that.
 */
export function mountLater(
  context: EditorContext,
  isNeeded: () => boolean,
  mount: (parts: Parts) => () => void,
): () => void {
  let wasNeeded = false
  let isOver = false
  let release = context.frames.on(() => {
    const isNow = isNeeded()
    if (isNow && !wasNeeded) {
      void import('../parts.ts').then(
        (parts) => {
          if (isOver) return
          release()
          release = mount(parts)
          context.frames.request()
        },
        () => {
          // Without it everything can still be done by keys and the toolbar.
          wasNeeded = false
        },
      )
    }
    wasNeeded = isNow
  })
  return () => {
    isOver = true
    release()
  }
}

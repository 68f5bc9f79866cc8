/**
 * What a browser tells a page about its network and its life. In Node there is nothing to hear.
 */

/** The part of `window` that is listened to. */
export type PageTarget = Pick<EventTarget, 'addEventListener' | 'removeEventListener'>

export interface PageObserver {
  /** The network may be back, or the page is looked at again. */
  woke(why: 'online' | 'visible' | 'shown'): void
  /** The browser lost the network. */
  offline(): void
  /** The page goes away, perhaps for good. */
  hidden(): void
}

/** The window, where there is one. */
export function currentPage(): PageTarget | undefined {
  return typeof window === 'undefined' ? undefined : window
}

/** Listens until the returned function is called. */
export function watchPage(page: PageTarget, observer: PageObserver): () => void {
  const listeners: Readonly<Record<string, () => void>> = {
    online: () => observer.woke('online'),
    offline: () => observer.offline(),
    pageshow: () => observer.woke('shown'),
    pagehide: () => observer.hidden(),
    // Bubbles from the document to the window.
    visibilitychange: () => {
      if (typeof document === 'undefined' || document.visibilityState === 'visible') {
        observer.woke('visible')
      }
    },
  }
  for (const [name, listener] of Object.entries(listeners)) page.addEventListener(name, listener)
  return () => {
    for (const [name, listener] of Object.entries(listeners)) {
      page.removeEventListener(name, listener)
    }
  }
}

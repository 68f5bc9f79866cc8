import { useMemo, useSyncExternalStore } from 'react'

/** Whether a media query holds now; for what CSS alone cannot decide. */
export function useMedia(query: string): boolean {
  const store = useMemo(() => {
    const list = matchMedia(query)
    return {
      read: () => list.matches,
      subscribe: (listener: () => void) => {
        list.addEventListener('change', listener)
        return () => list.removeEventListener('change', listener)
      },
    }
  }, [query])
  return useSyncExternalStore(store.subscribe, store.read)
}

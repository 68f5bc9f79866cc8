/** The provider's facts as React state. */
import type { Provider, SaveStatus } from '@quire/provider'
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'

/** The refusal, when the server takes no more edits. The status changes with every key; this does not. */
export function useRefusal(
  provider: Provider,
): Extract<SaveStatus, { kind: 'refused' }> | undefined {
  return useSyncExternalStore(
    useCallback((listener: () => void) => provider.on('status', listener), [provider]),
    () => (provider.status.kind === 'refused' ? provider.status : undefined),
  )
}

/** Whether one's role allows to write; true as long as nobody has said otherwise, also while there is no connection. */
export function useMayWrite(provider: Provider): boolean {
  return useSyncExternalStore(
    useCallback((listener: () => void) => provider.on('session', listener), [provider]),
    () => provider.session?.role !== 'view' && provider.session?.role !== 'comment',
  )
}

/** Whether there is something to show: from the server, or from the copy on this device. */
export function useHasContent(provider: Provider): boolean {
  return useSyncExternalStore(
    useCallback((listener: () => void) => provider.on('loaded', listener), [provider]),
    () => provider.loaded,
  )
}

/** Whether somebody may write here now with a version of the editor that knows other content. */
export function useIsOtherVersionHere(provider: Provider): boolean {
  return useSyncExternalStore(
    useCallback((listener: () => void) => provider.on('otherSchemas', listener), [provider]),
    () => provider.otherSchemas.length > 0,
  )
}

/** Asks before the page is closed while edits are neither on the server nor in the copy on this device. */
export function useLossWarning(provider: Provider): void {
  useEffect(() => {
    const onBeforeUnload = (event: BeforeUnloadEvent): void => {
      if (provider.hasUnsaved) event.preventDefault()
    }
    addEventListener('beforeunload', onBeforeUnload)
    return () => removeEventListener('beforeunload', onBeforeUnload)
  }, [provider])
}

/** What the server last said about its own disk. */
export function useStorageState(provider: Provider): 'ok' | 'failing' {
  const [state, setState] = useState<'ok' | 'failing'>('ok')
  useEffect(
    () =>
      provider.on('event', (event) => {
        if (event.kind === 'storage') setState(event.state)
      }),
    [provider],
  )
  return state
}

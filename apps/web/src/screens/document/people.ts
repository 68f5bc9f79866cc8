/**
 * Who else is here, read from presence. What others send is not trusted: names are bounded,
 * colours must be colours.
 */
import { useMemo, useSyncExternalStore } from 'react'
import type { Awareness } from 'y-protocols/awareness'
import { cleanName } from '../../identity/profile.ts'

export interface Person {
  /** The Yjs client id of their page; one person with two tabs is two. */
  readonly clientId: number
  readonly name: string
  readonly color: string
}

const unknownColor = '#6b6459'

function personOf(clientId: number, state: unknown): Person {
  const user: unknown =
    typeof state === 'object' && state !== null && 'user' in state ? state.user : undefined
  let name: string | undefined
  let color = unknownColor
  if (typeof user === 'object' && user !== null) {
    if ('name' in user && typeof user.name === 'string') name = cleanName(user.name)
    if ('color' in user && typeof user.color === 'string' && /^#[0-9a-f]{6}$/i.test(user.color)) {
      color = user.color
    }
  }
  return { clientId, name: name ?? 'Somebody', color }
}

/** Everybody but `ownClientId`, in a stable order. A state without a user is a page that only looks. */
export function peopleOf(
  states: ReadonlyMap<number, unknown>,
  ownClientId: number,
): readonly Person[] {
  return [...states]
    .filter(([clientId]) => clientId !== ownClientId)
    .map(([clientId, state]) => personOf(clientId, state))
    .sort((a, b) => a.clientId - b.clientId)
}

const isSame = (a: readonly Person[], b: readonly Person[]): boolean =>
  a.length === b.length &&
  a.every((person, index) => {
    const other = b[index]
    return (
      other !== undefined &&
      person.clientId === other.clientId &&
      person.name === other.name &&
      person.color === other.color
    )
  })

function peopleStore(awareness: Awareness) {
  let people: readonly Person[] = []
  return {
    read(this: void): readonly Person[] {
      const now = peopleOf(awareness.getStates(), awareness.clientID)
      if (!isSame(people, now)) people = now
      return people
    },
    subscribe(this: void, listener: () => void): () => void {
      awareness.on('change', listener)
      return () => awareness.off('change', listener)
    },
  }
}

/** The others in the document. Moving carets do not re-render. */
export function usePeople(awareness: Awareness): readonly Person[] {
  const store = useMemo(() => peopleStore(awareness), [awareness])
  return useSyncExternalStore(store.subscribe, store.read)
}

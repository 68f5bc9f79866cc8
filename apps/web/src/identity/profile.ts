/**
 * The name and colour of the person at this browser, kept in localStorage and shared by its tabs.
 * Is not an account: nobody is identified by it.
 */
import { type Random, systemRandom } from '@quire/base'
import { useSyncExternalStore } from 'react'
import { readStored, writeStored } from '../browser-storage.ts'
import { personColors } from './colors.ts'
import { pick, randomName } from './random-name.ts'

export interface Profile {
  readonly name: string
  /** One of `personColors`, as `#rrggbb`. */
  readonly color: string
}

/** Long enough for any real name, short enough for a caret label. */
export const nameCharsMax = 60

const key = 'quire.profile'

/** The name without surrounding or repeated spaces and not too long; undefined when nothing is left. */
export function cleanName(text: string): string | undefined {
  const name = Array.from(text.trim().replace(/\s+/gu, ' ')).slice(0, nameCharsMax).join('').trim()
  return name === '' ? undefined : name
}

/** What `text` stores, or undefined when it is not a profile of ours. */
export function parseProfile(text: string | null): Profile | undefined {
  if (text === null) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    if (!('name' in value) || !('color' in value)) return undefined
    if (typeof value.name !== 'string' || typeof value.color !== 'string') return undefined
    const name = cleanName(value.name)
    const isOurs = personColors.some((color) => color.value === value.color)
    return name === undefined || !isOurs ? undefined : { name, color: value.color }
  } catch {
    return undefined // somebody else's text under our key: start anew
  }
}

/** A profile for a first visit. */
export function randomProfile(random: Random): Profile {
  return { name: randomName(random), color: pick(random, personColors).value }
}

let current: Profile | undefined
const listeners = new Set<() => void>()

function announce(): void {
  for (const listener of listeners) listener()
}

/** The profile of this browser; the first call of a first visit makes one and stores it. */
function ownProfile(): Profile {
  if (current === undefined) {
    current = parseProfile(readStored(key))
    if (current === undefined) setOwnProfile(randomProfile(systemRandom))
  }
  return current as Profile
}

/** Changes and stores the profile; every tab of this browser follows. */
export function setOwnProfile(profile: Profile): void {
  current = profile
  writeStored(key, JSON.stringify(profile))
  announce()
}

function subscribe(listener: () => void): () => void {
  const onStorage = (event: StorageEvent): void => {
    if (event.key !== key) return
    current = parseProfile(event.newValue) ?? current
    announce()
  }
  listeners.add(listener)
  addEventListener('storage', onStorage)
  return () => {
    listeners.delete(listener)
    removeEventListener('storage', onStorage)
  }
}

export function useOwnProfile(): Profile {
  return useSyncExternalStore(subscribe, ownProfile)
}

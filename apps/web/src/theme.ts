/**
 * Light, dark, or as the system says. The resolved theme stands on `<html data-theme>`;
 * `public/theme.js` sets it before the first paint, this file from then on.
 */
import { useSyncExternalStore } from 'react'
import { readStored, writeStored } from './browser-storage.ts'

export type ThemeChoice = 'system' | 'light' | 'dark'
export type Theme = 'light' | 'dark'

const key = 'quire.theme'
const systemIsDark = matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

function parse(text: string | null): ThemeChoice {
  return text === 'light' || text === 'dark' ? text : 'system'
}

let choice: ThemeChoice = parse(readStored(key))

function resolved(): Theme {
  if (choice !== 'system') return choice
  return systemIsDark.matches ? 'dark' : 'light'
}

function settle(): void {
  document.documentElement.dataset['theme'] = resolved()
  for (const listener of listeners) listener()
}

/** Follows the system and the other tabs until the page is gone. Called once. */
export function startTheme(): void {
  systemIsDark.addEventListener('change', settle)
  addEventListener('storage', (event) => {
    if (event.key !== key) return
    choice = parse(event.newValue)
    settle()
  })
  settle()
}

export function setThemeChoice(next: ThemeChoice): void {
  choice = next
  writeStored(key, next)
  settle()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore(subscribe, () => choice)
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, resolved)
}

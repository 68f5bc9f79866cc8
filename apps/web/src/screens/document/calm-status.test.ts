import type { Clock } from '@quire/base'
import type { SaveStatus } from '@quire/provider'
import { expect, test } from 'vitest'
import { calmMs, createCalmStatus } from './calm-status.ts'
import { announcementOf } from './save-words.ts'

/** A provider whose status a test sets, and a clock it moves. */
function world(first: SaveStatus) {
  let nowMs = 0
  const timers = new Set<{ dueMs: number; task: () => void }>()
  const clock: Clock = {
    nowMs: () => nowMs,
    wallMs: () => nowMs,
    after(delayMs, task) {
      const timer = { dueMs: nowMs + delayMs, task }
      timers.add(timer)
      return { cancel: () => void timers.delete(timer) }
    },
  }
  const listeners = new Set<(status: SaveStatus) => void>()
  const provider = {
    status: first,
    on(_name: string, listener: (status: never) => void) {
      listeners.add(listener as (status: SaveStatus) => void)
      return () => void listeners.delete(listener as (status: SaveStatus) => void)
    },
  }
  const store = createCalmStatus(provider, clock)
  const stop = store.subscribe(() => undefined)
  return {
    store,
    stop,
    timers,
    shown: () => store.read().status,
    become: (status: SaveStatus): void => {
      provider.status = status
      for (const listener of listeners) listener(status)
    },
    pass: (byMs: number): void => {
      nowMs += byMs
      for (const timer of timers) {
        if (timer.dueMs > nowMs) continue
        timers.delete(timer)
        timer.task()
      }
    },
  }
}

const saved: SaveStatus = { kind: 'saved' }
const saving = (unsaved: number): SaveStatus => ({ kind: 'saving', unsaved })
const offline = (unsaved: number, keptOnDevice: boolean): SaveStatus => ({
  kind: 'offline',
  unsaved,
  keptOnDevice,
})

test('"saved" is said after it has lasted, everything else at once', () => {
  const { become, pass, shown } = world(saved)
  become(saving(1))
  expect(shown()).toEqual(saving(1))
  become(saved)
  expect(shown()).toEqual(saving(1))
  pass(calmMs - 1)
  become(saving(2))
  pass(calmMs)
  expect(shown()).toEqual(saving(1))
  become(saved)
  pass(calmMs)
  expect(shown()).toEqual(saved)
  become(offline(0, true))
  expect(shown()).toEqual(offline(0, true))
})

test('while the copy takes in one more edit the old count stands, and a copy that fails is told', () => {
  const { become, pass, shown } = world(offline(2, true))
  become(offline(3, false))
  expect(shown()).toEqual(offline(2, true))
  pass(10)
  become(offline(3, true))
  expect(shown()).toEqual(offline(3, true))

  become(offline(4, false))
  pass(calmMs - 50)
  become(offline(5, false))
  pass(50)
  expect(shown()).toEqual(offline(5, false))
  become(offline(6, false))
  expect(shown()).toEqual(offline(6, false))
})

test('one more edit on its way changes no word, and draws nothing anew', () => {
  const { become, pass, store } = world(saved)
  become(saving(1))
  const first = store.read()
  become(saving(2))
  become(saved)
  pass(calmMs - 1)
  become(saving(1))
  expect(store.read()).toBe(first)
})

test('the end of trouble is announced once, ordinary saving never', () => {
  const { become, pass, store } = world(saved)
  const said = (): string => {
    const { status, hadTrouble } = store.read()
    return announcementOf(status, hadTrouble)
  }
  become(saving(1))
  become(saved)
  pass(calmMs)
  expect(said()).toBe('')
  become(offline(1, true))
  expect(said()).toBe('Offline. Edits are kept on this device.')
  become(offline(2, true))
  expect(said()).toBe('Offline. Edits are kept on this device.')
  become(saving(2))
  expect(said()).toBe('')
  become(saved)
  pass(calmMs)
  expect(said()).toBe('Saved')
  become(saving(1))
  become(saved)
  pass(calmMs)
  expect(said()).toBe('')
})

test('nothing is left behind by who stops listening', () => {
  const { become, stop, timers } = world(saving(1))
  become(saved)
  expect(timers.size).toBe(1)
  stop()
  expect(timers.size).toBe(0)
})

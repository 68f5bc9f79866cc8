import { createManualClock } from '@quire/testkit'
import {
  encodePresence,
  encodePresenceEntries,
  encodeSaved,
  encodeStep1,
  encodeUpdate,
} from '@quire/protocol'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { createFakeWorld } from '../test/fake-provider.ts'
import { createTypingPace, drawMs, lullMs, typingMs, waitMsMax } from './pace.ts'

/** A page whose keys and frames a test makes. */
function world() {
  const clock = createManualClock()
  const page = new EventTarget()
  const frames: (() => void)[] = []
  const pace = createTypingPace({ page, clock, frame: (callback) => frames.push(callback) })
  const ran: string[] = []
  return {
    clock,
    pace,
    ran,
    run: (name: string) => pace.run(() => ran.push(name)),
    key: (key = 'a') => page.dispatchEvent(Object.assign(new Event('keydown'), { key })),
    leave: () => page.dispatchEvent(new Event('pagehide')),
    /** The frame comes, and other threads have drawn it. */
    paint(this: void): void {
      for (const callback of frames.splice(0)) callback()
      clock.advance(drawMs)
    },
  }
}

test('[PC1] while nobody types work runs inside the call', () => {
  const { run, ran, key, paint, clock } = world()
  run('first')
  expect(ran).toEqual(['first'])
  key()
  paint()
  clock.advance(typingMs)
  run('second')
  expect(ran).toEqual(['first', 'second'])
})

test('[PC1] work waits for the frame of the key that is under way, and keeps its order', () => {
  const { run, ran, key, paint } = world()
  key()
  run('a')
  run('b')
  expect(ran).toEqual([])
  paint()
  expect(ran).toEqual(['a', 'b'])
})

test('[PC1] between keys work waits for a lull or the next key', () => {
  const { run, ran, key, paint, clock } = world()
  key()
  paint()
  run('a')
  clock.advance(lullMs - 1)
  expect(ran).toEqual([])
  clock.advance(1)
  expect(ran).toEqual(['a'])
  run('b')
  clock.advance(lullMs - 1)
  key()
  clock.advance(lullMs)
  expect(ran).toEqual(['a'])
  paint()
  expect(ran).toEqual(['a', 'b'])
})

test('[PC1] a frame that does not come is waited for 100 ms', () => {
  const { run, ran, key, clock } = world()
  key()
  run('a')
  clock.advance(waitMsMax - 1)
  expect(ran).toEqual([])
  clock.advance(1)
  expect(ran).toEqual(['a'])
})

test('[PC1] a page that is left, and one that stops, let nothing wait; a shift key is not typing', () => {
  const { run, ran, key, leave, pace } = world()
  key('Shift')
  run('at once')
  expect(ran).toEqual(['at once'])
  key()
  run('left')
  leave()
  expect(ran).toEqual(['at once', 'left'])
  key()
  run('stopped')
  pace.stop()
  expect(ran).toEqual(['at once', 'left', 'stopped'])
})

/** A provider that is synced, with a pace that a test keeps, and a colleague. */
function paced() {
  const waiting: (() => void)[] = []
  const made = createFakeWorld({ pace: (task) => waiting.push(task) })
  made.network.last.sync(made.serverDoc)
  const colleague = new Y.Doc()
  const typed = (text: string): Uint8Array => {
    const before = Y.encodeStateVector(colleague)
    const shared = colleague.getText('t')
    shared.insert(shared.length, text)
    return encodeUpdate(Y.encodeStateAsUpdate(colleague, before))
  }
  const release = (): void => {
    for (const task of waiting.splice(0)) task()
  }
  return { ...made, waiting, typed, release, text: () => made.doc.getText('t').toJSON() }
}

test('[PC1] what waited is taken in as one change, and presence after it', () => {
  const { network, doc, provider, typed, release, text } = paced()
  const seen: string[] = []
  doc.on('afterTransaction', ({ local }) => seen.push(`${local ? 'own' : 'other'} ${text()}`))
  provider.awareness.on('change', () => seen.push('presence'))
  network.last.receive(typed('a'))
  const json = new TextEncoder().encode(JSON.stringify({ user: { name: 'Ada' } }))
  network.last.receive(encodePresence(encodePresenceEntries([{ clientId: 77, clock: 3, json }])))
  network.last.receive(typed('b'))
  expect(seen).toEqual([])
  release()
  expect(seen).toEqual(['other ab', 'presence'])
})

test('[PC3] an ack does not wait for what others wrote', () => {
  const { network, provider, type, typed, waiting } = paced()
  network.last.receive(typed('a'))
  type('b')
  network.last.receive(encodeSaved(network.last.syncCount))
  expect(provider.status).toEqual({ kind: 'saved' })
  expect(waiting.length).toBe(1)
})

test('[PC2] an edit is sent at once, whatever waits', () => {
  const { network, type, typed } = paced()
  network.last.receive(typed('a'))
  const before = network.last.syncCount
  type('b')
  expect(network.last.syncCount).toBe(before + 1)
})

test('[PC3] a question, the end of a connection and the end of the provider find everything taken in', async () => {
  const { network, provider, doc, typed, text } = paced()
  network.last.receive(typed('a'))
  network.last.receive(encodeStep1(Y.encodeStateVector(new Y.Doc())))
  expect(text()).toBe('a')
  network.last.receive(typed('b'))
  network.last.end(1006)
  expect(text()).toBe('ab')
  expect(doc.store.pendingStructs).toBeNull()
  await provider.close()
})

import { expect, test } from 'vitest'
import { Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { defaultLimits } from './limits.ts'
import { encodePresenceEntries, isLeave, leaveJson, parsePresence } from './presence-codec.ts'

test('[PC1] entries are the bytes of y-protocols, there and back', () => {
  const awareness = new Awareness(new Y.Doc())
  awareness.setLocalState({ user: { name: 'Ada 🦊' }, cursor: { anchor: [1, 2.5e-3, null, true] } })
  awareness.states.set(7, { x: '"\\\u2028' })
  awareness.meta.set(7, { clock: 300, lastUpdated: 0 })
  const entries = encodeAwarenessUpdate(awareness, [...awareness.states.keys()])
  const parsed = parsePresence(entries, defaultLimits)
  if ('kind' in parsed) throw new Error(parsed.why)
  expect(parsed.map((entry) => entry.clientId)).toEqual([...awareness.states.keys()])
  expect(parsed.map(isLeave)).toEqual([false, false])
  expect(encodePresenceEntries(parsed)).toEqual(entries)
  awareness.destroy()
})

test('[PC2] a state that would not parse, or is no object, is refused', () => {
  const entry = (json: string) =>
    encodePresenceEntries([{ clientId: 1, clock: 1, json: new TextEncoder().encode(json) }])
  for (const json of [
    '{',
    '',
    ' null',
    'nul1',
    '5',
    '"x"',
    '[]',
    '{"a":}',
    '{}{}',
    '{"a":"\u0001"}',
  ]) {
    expect(parsePresence(entry(json), defaultLimits), json).toMatchObject({ close: 'malformed' })
  }
  const tooLarge = entry(`{"x":"${'y'.repeat(defaultLimits.presenceEntryBytesMax)}"}`)
  expect(parsePresence(tooLarge, defaultLimits)).toMatchObject({ close: 'tooLarge' })
  const deep = entry(`{"x":${'['.repeat(5000)}${']'.repeat(5000)}}`)
  expect(parsePresence(deep, defaultLimits)).toMatchObject({ close: 'malformed' })
  const claim = Uint8Array.from(Buffer.from('ffffffff070101027b7d', 'hex'))
  expect(parsePresence(claim, defaultLimits)).toMatchObject({ close: 'malformed' })
})

test('[WR4] more presence states than a message may have are refused', () => {
  const entries = [1, 2, 3].map((clientId) => ({ clientId, clock: 1, json: leaveJson }))
  const message = encodePresenceEntries(entries)
  expect(parsePresence(message, { ...defaultLimits, presenceEntriesMax: 3 })).toHaveLength(3)
  const refused = parsePresence(message, { ...defaultLimits, presenceEntriesMax: 2 })
  expect(refused).toMatchObject({ kind: 'refused', close: 'tooLarge' })
})

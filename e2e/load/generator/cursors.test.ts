import { expect, test } from 'vitest'
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { cursorEntries, readCursors } from './cursors.ts'

const read = (entries: Uint8Array): readonly (readonly [number, number])[] => {
  const shown: [number, number][] = []
  readCursors(entries, (client, move) => shown.push([client, move]))
  return shown
}

test('a cursor is read by the stock awareness, and found again in what that one sends', () => {
  const awareness = new Awareness(new Y.Doc())
  awareness.setLocalState(null)
  applyAwarenessUpdate(awareness, cursorEntries(3_000_000_001, 8, 7), 'wire')
  applyAwarenessUpdate(awareness, cursorEntries(42, 124, 123), 'wire')
  expect(awareness.getStates().get(42)).toMatchObject({ move: 123, user: { name: 'Person 42' } })
  expect(read(encodeAwarenessUpdate(awareness, [3_000_000_001, 42]))).toEqual([
    [3_000_000_001, 7],
    [42, 123],
  ])
  awareness.destroy()
})

test('somebody who left shows no cursor', () => {
  const awareness = new Awareness(new Y.Doc())
  const client = awareness.clientID
  awareness.setLocalState(null)
  expect(read(encodeAwarenessUpdate(awareness, [client], new Map()))).toEqual([])
  awareness.destroy()
})

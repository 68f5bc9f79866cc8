import { closeCodes } from '@quire/protocol'
import { expect, test } from 'vitest'
import { refusalWords, saveWords } from './save-words.ts'

test('"Saved" is said of nothing but saved', () => {
  expect(saveWords({ kind: 'saved' }, 'ok').long).toBe('Saved')
  expect(saveWords({ kind: 'saved' }, 'failing').long).toBe('Saved')
  for (const words of [
    saveWords({ kind: 'saving', unsaved: 0 }, 'ok'),
    saveWords({ kind: 'saving', unsaved: 2 }, 'ok'),
    saveWords({ kind: 'saving', unsaved: 2 }, 'failing'),
    saveWords({ kind: 'unconfirmed', unsaved: 2 }, 'ok'),
    saveWords({ kind: 'offline', unsaved: 0, keptOnDevice: true }, 'ok'),
    saveWords({ kind: 'readOnly', unsaved: 1, keptOnDevice: true }, 'ok'),
    saveWords({ kind: 'refused', code: 4400, reason: 'x', unsaved: 0 }, 'ok'),
  ]) {
    expect(words.tone).not.toBe('good')
    expect(words.short).not.toBe('Saved')
    expect(words.long).not.toMatch(/^Saved/)
  }
})

test('a first connection is connecting, edits on the way are saving', () => {
  expect(saveWords({ kind: 'saving', unsaved: 0 }, 'ok').long).toBe('Connecting…')
  expect(saveWords({ kind: 'saving', unsaved: 1 }, 'ok').long).toBe('Saving…')
  expect(saveWords({ kind: 'saving', unsaved: 3 }, 'failing').long).toContain('trouble')
})

test('offline says how many edits there are, and whether this device keeps them', () => {
  const offline = (unsaved: number, keptOnDevice: boolean): string =>
    saveWords({ kind: 'offline', unsaved, keptOnDevice }, 'ok').long
  expect(offline(0, true)).toBe('Offline')
  expect(offline(1, true)).toBe('Offline — 1 edit kept on this device')
  expect(offline(12, true)).toBe('Offline — 12 edits kept on this device')
  expect(offline(12, false)).toBe('Offline — not kept on this device')
})

test('a reader is told that they read, and what of theirs is not taken', () => {
  const words = (unsaved: number, keptOnDevice: boolean) =>
    saveWords({ kind: 'readOnly', unsaved, keptOnDevice }, 'ok')
  expect(words(0, true).long).toBe('View only')
  expect(words(1, true).long).toBe('Not saved: you may only view this document')
  expect(words(1, true).detail).toContain('1 edit of yours')
  expect(words(2, false).detail).toContain('lost when this page is closed')
})

test('a refusal says why in words, for every permanent code of the wire', () => {
  for (const { code, reason, retry } of Object.values(closeCodes)) {
    if (retry === 'later') continue
    const words = saveWords({ kind: 'refused', code, reason, unsaved: 1 }, 'ok')
    expect(words.long).toMatch(/^Not saved: ./)
    expect(words.detail.length).toBeGreaterThan(20)
  }
  expect(refusalWords(4499, '').phrase).toBe('the server refused (4499)')
})

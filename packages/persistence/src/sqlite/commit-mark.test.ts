import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { checksum } from './checksum.ts'
import { CommitMark } from './commit-mark.ts'

const folder = mkdtempSync(join(tmpdir(), 'quire-mark-'))
const file = join(folder, 'quire.mark')
afterAll(() => rmSync(folder, { recursive: true }))

function readBack(): unknown {
  const mark = new CommitMark(file)
  const commit = mark.read()
  mark.close()
  return commit
}

test('[SQ4] the mark keeps the last commit, and a torn or changed one says nothing', () => {
  expect(readBack()).toBeUndefined()
  const mark = new CommitMark(file)
  expect(mark.write({ documentId: 12, order: 123_456_789 })).toBe(true)
  expect(mark.write({ documentId: 3, order: 4 })).toBe(true)
  mark.close()
  expect(readBack()).toEqual({ documentId: 3, order: 4 })
  const whole = readFileSync(file)
  expect(whole.length).toBe(64)
  for (const place of [0, 16, 18, 20]) {
    const changed = Buffer.from(whole)
    changed[place] = (changed[place] ?? 0) ^ 1
    writeFileSync(file, changed)
    expect(readBack()).toBeUndefined()
  }
  writeFileSync(file, whole.subarray(0, 20))
  expect(readBack()).toBeUndefined()
})

test('[SQ4] the checksum depends on the bytes and on the place, also without bytes', () => {
  const empty = new Uint8Array()
  const view = new Uint8Array(8).subarray(4, 4)
  expect(checksum(empty, 7)).toBe(checksum(view, 7))
  expect(checksum(empty, 7)).not.toBe(checksum(empty, 8))
  expect(checksum(new Uint8Array([1]), 7)).not.toBe(checksum(new Uint8Array([1]), 8))
  expect(checksum('123456789')).toBe(0xcbf43926)
})

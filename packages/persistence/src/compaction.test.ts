import { expect, test } from 'vitest'
import { shouldCompact } from './compaction.ts'

const kb = 1024
const mb = 1024 * kb

test('[CP1] a short tail is left alone, unless it is a pasted book', () => {
  expect(shouldCompact({ snapshotBytes: 0, tailBytes: 0, tailRows: 0 })).toBe(false)
  expect(shouldCompact({ snapshotBytes: 0, tailBytes: 63 * kb, tailRows: 15 })).toBe(false)
  expect(shouldCompact({ snapshotBytes: 0, tailBytes: 300 * kb, tailRows: 1 })).toBe(true)
  expect(shouldCompact({ snapshotBytes: mb, tailBytes: 300 * kb, tailRows: 1 })).toBe(false)
  expect(shouldCompact({ snapshotBytes: 0, tailBytes: 3 * kb, tailRows: 200 })).toBe(false)
})

test('[CP1] a tail that weighs half its snapshot is compacted', () => {
  expect(shouldCompact({ snapshotBytes: 0, tailBytes: 64 * kb, tailRows: 16 })).toBe(true)
  expect(shouldCompact({ snapshotBytes: mb, tailBytes: 500 * kb, tailRows: 100 })).toBe(false)
  expect(shouldCompact({ snapshotBytes: mb, tailBytes: 512 * kb, tailRows: 100 })).toBe(true)
})

test('[CP1] no tail is ever longer than 10,000 rows, and a small document has no more than 1,000', () => {
  expect(shouldCompact({ snapshotBytes: 0, tailBytes: 20 * kb, tailRows: 1_000 })).toBe(true)
  expect(shouldCompact({ snapshotBytes: 4 * mb, tailBytes: 99 * kb, tailRows: 5_000 })).toBe(false)
  expect(shouldCompact({ snapshotBytes: 900 * mb, tailBytes: 1, tailRows: 10_000 })).toBe(true)
})

test('[CP1] a document that is typed row by row is rewritten a bounded number of times', () => {
  let [snapshotBytes, tailBytes, tailRows, rewritten] = [0, 0, 0, 0]
  const rows = 300_000
  for (let row = 0; row < rows; row++) {
    tailBytes += 25
    tailRows += 1
    if (!shouldCompact({ snapshotBytes, tailBytes, tailRows })) continue
    // A row of 25 bytes leaves about 2 in the snapshot.
    snapshotBytes += tailRows * 2
    rewritten += snapshotBytes
    ;[tailBytes, tailRows] = [0, 0]
  }
  expect(tailRows).toBeLessThan(10_000)
  expect(rewritten).toBeLessThan(rows * 25 * 10)
})

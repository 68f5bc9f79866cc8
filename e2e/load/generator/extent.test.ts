import { expect, test } from 'vitest'
import { Extent, Extents } from './extent.ts'

test('what comes after a gap counts when the gap is filled, and a repeat counts for nothing', () => {
  const extent = new Extent()
  extent.add(5, 8)
  extent.add(10, 12)
  expect(extent.end).toBe(0)
  extent.add(0, 6)
  expect(extent.end).toBe(8)
  extent.add(2, 4)
  extent.add(8, 10)
  expect(extent.end).toBe(12)
})

test('extents have clocks when each client has come as far', () => {
  const extents = new Extents()
  extents.of(1).add(0, 3)
  expect(extents.has(new Map([[1, 3]]))).toBe(true)
  expect(extents.has(new Map([[1, 4]]))).toBe(false)
  expect(
    extents.has(
      new Map([
        [1, 3],
        [2, 1],
      ]),
    ),
  ).toBe(false)
})

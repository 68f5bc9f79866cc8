import { expect, test } from 'vitest'
import { cell, doc, p, row, table } from './doc-notation.ts'
import { drawEdit } from './random-edits.ts'
import { createSeededRandom } from './seeded-random.ts'

const { node } = doc(p('alpha 𝄞 beta'), p('gamma'), table(row(cell('a'), cell('b'))))
const draw = (seed: number, count: number) => {
  const random = createSeededRandom(seed)
  return Array.from({ length: count }, () => drawEdit(random, node))
}

test('the same seed draws the same edits, another seed does not', () => {
  expect(draw(1, 50)).toEqual(draw(1, 50))
  expect(draw(1, 50)).not.toEqual(draw(2, 50))
})

test('every position lies in the document and not inside a sign', () => {
  const inside = 8
  expect(node.textBetween(inside - 1, inside)).toBe('\ud834')
  for (const edit of draw(3, 3_000)) {
    for (const name of ['at', 'from', 'to', 'anchor', 'head', 'sliceFrom', 'sliceTo']) {
      const value: unknown = Reflect.get(edit, name)
      if (typeof value !== 'number') continue
      expect(value).toBeGreaterThanOrEqual(0)
      expect(value).toBeLessThanOrEqual(node.content.size)
      expect(value, JSON.stringify(edit)).not.toBe(inside)
    }
  }
})

test('every kind of edit is drawn', () => {
  const kinds = new Set(draw(4, 5_000).map(({ kind }) => kind))
  expect(kinds.size).toBe(20)
})

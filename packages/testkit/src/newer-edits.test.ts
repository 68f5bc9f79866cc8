import { expect, test } from 'vitest'
import { doc, p } from './doc-notation.ts'
import { newerInstead } from './newer-edits.ts'
import { drawEdit } from './random-edits.ts'
import { createSeededRandom } from './seeded-random.ts'

const { node } = doc(p('alpha'), p('beta'))

function draw(seed: number, count: number) {
  const [random, newer] = [createSeededRandom(seed), createSeededRandom(seed + 1)]
  return Array.from({ length: count }, () => newerInstead(newer, drawEdit(random, node)))
}

test('the same seeds draw the same edits', () => {
  expect(draw(1, 50)).toEqual(draw(1, 50))
})

test('everything that came after the first release is drawn', () => {
  const drawn = JSON.stringify(draw(2, 3_000))
  for (const name of ['toggle', 'caption', 'page_break', 'math_block', 'math_inline', 'mention']) {
    expect(drawn, name).toContain(`"${name}"`)
  }
})

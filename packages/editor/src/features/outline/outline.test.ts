import { expect, test } from 'vitest'
import { stateOf } from '../../../test/notation.ts'
import { outlineOf } from './outline.ts'

test('headings are listed with their level and place; empty ones and other blocks are not', () => {
  const { doc } = stateOf('h1 Plan\np text\nh3 Deep\nh2\nh2 Next')
  const outline = outlineOf(doc)
  expect(outline.map(({ level, text }) => [level, text])).toEqual([
    [1, 'Plan'],
    [3, 'Deep'],
    [2, 'Next'],
  ])
  expect(outline.map(({ pos }) => doc.nodeAt(pos)?.textContent)).toEqual(['Plan', 'Deep', 'Next'])
})

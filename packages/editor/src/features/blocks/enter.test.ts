import { expect, test } from 'vitest'
import { after } from '../../../test/notation.ts'
import { firstOf } from '../../edit.ts'
import { leaveEmptyBlock, paragraphAfterNode, splitBlock } from './enter.ts'

const enter = firstOf(leaveEmptyBlock, splitBlock, paragraphAfterNode)

const table: readonly [string, string, string][] = [
  ['splits a paragraph in two', 'p one| two', 'p one\np | two'],
  ['goes on with the next item at the end of an item', '- one|', '- one\n- |'],
  ['keeps the indent of a list', '  # one|', '  # one\n  # |'],
  ['moves an empty nested item out by one', '- one\n  - |', '- one\n- |'],
  ['makes an empty item at the edge a paragraph', '- one\n- |', '- one\np |'],
  ['starts an open task after a ticked one', '[x] done|', '[x] done\n[ ] |'],
  ['starts a paragraph after a heading', 'h2 title|', 'h2 title\np |'],
  ['splits a heading into two headings', 'h2 one| two', 'h2 one\nh2 | two'],
  ['writes before a heading at its start', 'h2 |title', 'p\nh2 |title'],
  ['writes before a ticked task at its start without unticking it', '[x] |done', '[ ]\n[x] |done'],
  ['leaves an empty quote', '> said\n> |', '> said\np |'],
  ['leaves an empty callout', '! note\n! |', '! note\np |'],
  ['goes on in a quote with text', '> said|', '> said\n> |'],
  ['replaces a selection', 'p a‹b›c', 'p a\np |c'],
  ['replaces a selection over two blocks', 'p a‹b\n- c›d', 'p a\np |d'],
]

for (const [title, before, expected] of table) {
  test(`Enter ${title}`, () => {
    expect(after(before, enter)).toBe(expected)
  })
}

test('Enter is not for code blocks', () => {
  expect(after('``` a|', enter)).toBe(null)
})

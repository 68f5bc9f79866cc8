// @vitest-environment jsdom
import type { Editor } from '../../create-editor.ts'
import { expect, test } from 'vitest'
import { edit, press, text, type } from '../../../test/open-editor.ts'

function linksOf({ view }: Editor): string[] {
  const found: string[] = []
  view.state.doc.descendants(({ text: words, marks }) => {
    const link = marks.find((mark) => mark.type.name === 'link')
    if (link) found.push(`${words} → ${link.attrs['href']}`)
  })
  return found
}

const cases: readonly [string, string[]][] = [
  ['see https://quire.test/a now', ['https://quire.test/a → https://quire.test/a']],
  ['www.quire.test is it', ['www.quire.test → https://www.quire.test']],
  ['(see https://quire.test). So', ['https://quire.test → https://quire.test']],
  ['https://quire.test/a_(b) c', ['https://quire.test/a_(b) → https://quire.test/a_(b)']],
  ['javascript:alert(1) no', []],
  ['quire.test no', []],
  ['`https://quire.test` no', []],
]

for (const [keys, links] of cases) {
  test(`typing “${keys}” links ${links.length === 0 ? 'nothing' : links.join(', ')}`, () => {
    const editor = edit()
    type(editor, keys)
    expect(linksOf(editor)).toEqual(links)
  })
}

test('Enter links the address before it and still begins a new block', () => {
  const editor = edit()
  type(editor, 'at https://quire.test')
  press(editor, 'Enter')
  expect(text(editor)).toBe('p at https://quire.test\np |')
  expect(linksOf(editor)).toEqual(['https://quire.test → https://quire.test'])
})

test('what is typed behind the link is no part of it, and Backspace makes it plain again', () => {
  const editor = edit()
  type(editor, 'https://quire.test ')
  press(editor, 'Backspace')
  expect(text(editor)).toBe('p https://quire.test |')
  expect(linksOf(editor)).toEqual([])
  const other = edit()
  type(other, 'https://quire.test and')
  expect(linksOf(other)).toEqual(['https://quire.test → https://quire.test'])
})

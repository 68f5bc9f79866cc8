// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { edit, press, text, type } from '../../../test/open-editor.ts'

const rules: readonly [string, string][] = [
  ['# Title', 'h1 Title|'],
  ['###### Six', 'h6 Six|'],
  ['- item', '- item|'],
  ['* item', '- item|'],
  ['+ item', '- item|'],
  ['1. item', '# item|'],
  ['[ ] do', '[ ] do|'],
  ['[x] done', '[x] done|'],
  ['- [ ] do', '[ ] do|'],
  ['> said', '> said|'],
  ['```code', '``` code|'],
  ['1. 2. x', '# 2. x|'],
  ['2024 - x', 'p 2024 - x|'],
]

for (const [typed, expected] of rules) {
  test(`typing “${typed}” gives “${expected}”`, () => {
    const editor = edit()
    type(editor, typed)
    expect(text(editor)).toBe(expected)
  })
}

test('typing --- gives a divider and goes on below', () => {
  const editor = edit()
  type(editor, '---')
  expect(text(editor)).toBe('---\np |')
})

const marked: readonly [string, string, string][] = [
  ['a **b** c', 'bold', 'b'],
  ['a __b__ c', 'bold', 'b'],
  ['a *b* c', 'italic', 'b'],
  ['a _b_ c', 'italic', 'b'],
  ['a `b` c', 'code', 'b'],
  ['a ~~b~~ c', 'strike', 'b'],
]

for (const [typed, mark, inner] of marked) {
  test(`typing “${typed}” makes the middle ${mark}`, () => {
    const editor = edit()
    type(editor, typed)
    const block = editor.view.state.doc.firstChild
    expect(block?.textContent).toBe('a b c')
    const found = block?.children.filter((node) => node.marks.length > 0)
    expect(found?.map((node) => [node.text, node.marks[0]?.type.name])).toEqual([[inner, mark]])
  })
}

test('signs inside words and products stay signs', () => {
  const editor = edit()
  type(editor, 'snake_case_name and 2 * 3 * 4')
  expect(text(editor)).toBe('p snake_case_name and 2 * 3 * 4|')
})

test('Backspace or undo right after a rule brings the signs back', () => {
  for (const key of [
    ['Backspace', {}],
    ['z', { ctrlKey: true }],
  ] as const) {
    const editor = edit()
    type(editor, '## ')
    expect(text(editor)).toBe('h2 |')
    press(editor, key[0], key[1])
    expect(text(editor)).toBe('p ## |')
  }
})

test('Enter behind a fence begins the code, and a language written there is its language', () => {
  const editor = edit()
  type(editor, '```')
  press(editor, 'Enter')
  type(editor, 'a')
  expect(text(editor)).toBe('``` a|')

  const named = edit()
  type(named, '```js')
  press(named, 'Enter')
  type(named, 'b')
  expect(text(named)).toBe('``` b|')
  expect(named.view.state.doc.firstChild?.attrs['language']).toBe('javascript')
})

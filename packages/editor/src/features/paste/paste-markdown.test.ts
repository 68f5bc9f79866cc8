// @vitest-environment jsdom
import { until } from '@quire/testkit'
import { expect, test } from 'vitest'
import { edit, text, type } from '../../../test/open-editor.ts'
import { pasteText } from '../../../test/paste-text.ts'
import { isMarkdown } from './markdown-signs.ts'

const markdown = '# Plan\n\nSome **bold** words.\n\n- one\n  - below\n- two\n'

test('Markdown becomes what it means, and undo brings its signs back', async () => {
  const editor = edit()
  pasteText(editor, markdown)
  expect(text(editor)).toContain('p Some **bold** words.')
  await until('it is read', () => text(editor).startsWith('h1'))
  expect(text(editor).replace('|', '')).toBe('h1 Plan\np Some bold words.\n- one\n  - below\n- two')
  expect(JSON.stringify(editor.json())).toContain('{"type":"bold"}')
  editor.undo()
  expect(text(editor)).toContain('p # Plan')
  editor.undo()
  expect(text(editor).replace('|', '').trim()).toBe('p')
})

test('what was changed meanwhile stays as it was pasted', async () => {
  const editor = edit()
  pasteText(editor, markdown)
  editor.goTo(4)
  type(editor, '!')
  const before = text(editor)
  const other = edit()
  pasteText(other, markdown)
  await until('the reader is there', () => text(other).startsWith('h1'))
  expect(text(editor)).toBe(before)
})

test('who went on writing behind it goes on there', async () => {
  const editor = edit()
  pasteText(editor, 'so **very** much')
  type(editor, '!')
  await until('it is read', () => !text(editor).includes('*'))
  expect(text(editor)).toBe('p so very much!|')
})

test('Markdown behind words, and before others, leaves both where they are', async () => {
  const editor = edit()
  type(editor, 'before after')
  editor.goTo(8)
  pasteText(editor, 'x **bold** y\n\n## Heading\n\nlast ')
  await until('it is read', () => text(editor).includes('h2'))
  expect(text(editor).replace('|', '')).toBe('p before x bold y\nh2 Heading\np lastafter')
})

test.each([
  '# Title',
  'a\n\n## Title\n\nb',
  '```js\nlet x\n```',
  '| a | b |\n|---|---|\n| 1 | 2 |',
  '- [ ] do',
  '- a\n- b',
  '1. a\n2. b',
  'see [this](https://quire.test/a)',
  'so **very** much',
  '> said',
])('%j is Markdown', (words) => {
  expect(isMarkdown(words)).toBe(true)
})

test.each([
  'just words',
  '# a comment\nx = 1',
  'a - b - c',
  '2 * 3 ** 4 ** 5',
  '- one thing',
  '__init__.py and self.__dict__',
  'x > y',
  'f(a)[0](b)',
  '#hashtag and C# too',
  'mail@example.org\n--\nAda',
])('%j is not', (words) => {
  expect(isMarkdown(words)).toBe(false)
})

test('a long text is looked at in good time', () => {
  const begin = performance.now()
  for (const part of ['**a ', '[a](', '# ', '- a\n\n', '```\n', '> ', '|a|\n|']) {
    isMarkdown(part.repeat(200_000 / part.length))
  }
  expect(performance.now() - begin).toBeLessThan(3_000)
})

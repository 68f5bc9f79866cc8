// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { edit, press, text, type } from '../../../test/open-editor.ts'

const typed = (words: string, language = 'en'): string => {
  const editor = edit({ language })
  type(editor, words)
  return text(editor).slice(2, -1)
}

const english: readonly [string, string][] = [
  ['wait...', 'wait…'],
  ['one -- two', 'one — two'],
  ['one-- two', 'one— two'],
  ['run it with --port 1', 'run it with --port 1'],
  ['a -> b <- c', 'a → b ← c'],
  ['(c) and (TM)', '© and ™'],
  ['"So," she said', '“So,” she said'],
  [`it's "a 'b' c"`, 'it’s “a ‘b’ c”'],
  ["the '90s", 'the ‘90s'],
  ['see https://x.test/a--b... now', 'see https://x.test/a--b... now'],
  ['`"x"`', '"x"'],
]

for (const [keys, result] of english) {
  test(`${keys} becomes ${result}`, () => expect(typed(keys)).toBe(result))
}

test('quotation marks are those of the language', () => {
  const words = `"a" it's`
  expect(typed(words, 'de-AT')).toBe('„a“ it’s')
  expect(typed(words, 'fr')).toBe('«\u00a0a\u00a0» it’s')
  expect(typed(words, 'sv')).toBe('”a” it’s')
  expect(typed(words, 'xx')).toBe('“a” it’s')
})

test('Backspace right after brings back what was typed', () => {
  const editor = edit({ language: 'en' })
  type(editor, 'wait...')
  press(editor, 'Backspace')
  expect(text(editor)).toBe('p wait...|')
})

test('nothing is changed in code, nor where an editor says no language', () => {
  const editor = edit({ language: 'en' })
  type(editor, '```"a"...')
  expect(text(editor)).toBe('``` "a"...|')
  const plain = edit({ language: null })
  type(plain, '"a"...')
  expect(text(plain)).toBe('p "a"...|')
})

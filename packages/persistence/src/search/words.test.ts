import { createSeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import { snippetOf } from './snippet.ts'
import { placedWords, questionOf, questionWordsMax, wordCharsMax, wordsOf } from './words.ts'

test('[SE1] words have no case, no accents and no signs, in any script', () => {
  const texts: [string, string[]][] = [
    ['Hello, WORLD! hello', ['hello', 'world']],
    ['Crème brûlée – ÅNGSTRÖM', ['creme', 'brulee', 'angstrom']],
    ['İstanbul Straße ﬁne', ['istanbul', 'straße', 'fine']],
    ['данные ΑΒΓ', ['данные', 'αβγ']],
    ['日本語', ['日本', '本語', '語']],
    ['東京2024年 go', ['東京', '京', '2024', '年', 'go']],
    ['العَرَبِيَّة שָׁלוֹם', ['العربية', 'שלום']],
    ['किताब 한국어', ['किताब', '한국어'.normalize('NFKD')]],
    ["it's e-mail a_b 3.14", ['it', 's', 'e', 'mail', 'a', 'b', '3', '14']],
    ['  \u{1f600} -- ', []],
  ]
  for (const [text, words] of texts) expect(wordsOf(text), text).toEqual(words)
})

test('[SE1] a question of letters without spaces needs no pair that goes on', () => {
  expect(questionOf('日本語')).toEqual(['日本', '本語'])
  expect(questionOf('語')).toEqual(['語'])
  expect(questionOf('Two two TWO words')).toEqual(['two', 'words'])
  expect(questionOf(Array.from({ length: 40 }, (_, at) => `w${at}`).join(' ')).length).toBe(
    questionWordsMax,
  )
})

test('[SE5] words are cut, and a text has no more of them than a database takes', () => {
  expect(wordsOf('x'.repeat(500))).toEqual(['x'.repeat(wordCharsMax)])
  expect(wordsOf('\u{1d504}'.repeat(500)).join()).not.toMatch(/\p{Surrogate}/u)
  const many = wordsOf(Array.from({ length: 200_000 }, (_, at) => `word${at}`).join(' '))
  expect(Buffer.byteLength(many.join(' '))).toBeLessThan(500_000)
  expect(many.length).toBeGreaterThan(20_000)
})

test('[SE6] a snippet shows the first match and what is around it, as it was written', () => {
  const text = `${'lorem ipsum '.repeat(30)}The  Crème\nbrûlée was good. ${'dolor sit '.repeat(40)}`
  const snippet = snippetOf(text, ['creme', 'goo'])
  expect(snippet.filter(({ isMatch }) => isMatch).map(({ text: match }) => match)).toEqual([
    'Crème',
    'good',
  ])
  const whole = snippet.map(({ text: part }) => part).join('')
  expect(whole).toContain('ipsum The Crème brûlée was good. dolor')
  expect(whole.length).toBeLessThanOrEqual(160)
  expect(snippetOf('all 日本語 here', ['日本', '本語'])).toEqual([
    { text: 'all ', isMatch: false },
    { text: '日本語', isMatch: true },
    { text: ' here', isMatch: false },
  ])
  expect(snippetOf('nothing of it', ['zebra'])).toEqual([{ text: 'nothing of it', isMatch: false }])
  expect(snippetOf('', ['zebra'])).toEqual([])
})

test('[SE6] whatever a text is, its words stand where they say, and its snippet is part of it', () => {
  const signs = [
    'a',
    'É',
    ' ',
    '\n',
    '日',
    '語',
    '\u{1f600}',
    '\u0301',
    '-',
    'ß',
    '\u{1d504}',
    'ก',
    '7',
  ]
  const random = createSeededRandom(5)
  for (let round = 0; round < 500; round++) {
    const text = Array.from(
      { length: random.below(300) },
      () => signs[random.below(signs.length)],
    ).join('')
    for (const { word, from, to } of placedWords(text)) {
      expect(wordsOf(text.slice(from, to))).toContain(word)
    }
    const [word = 'a'] = wordsOf(text).slice(random.below(5))
    const whole = snippetOf(text, [word])
      .map(({ text: part }) => part)
      .join('')
    expect(whole).not.toMatch(/\p{Surrogate}/u)
    expect(text.replace(/\s+/g, ' ')).toContain(whole.trim())
  }
})

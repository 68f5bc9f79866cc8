import { expect, test } from 'vitest'
import { stateOf } from '../../../test/notation.ts'
import { countsIn } from './counts.ts'

const counts = (notation: string) => countsIn(stateOf(notation).doc)

test('words of several blocks, code and lists are counted', () => {
  expect(counts("h1 A plan\n- don't stop\n``` let x = 1")).toEqual({
    words: 7,
    characters: 25,
    charactersWithoutSpaces: 20,
  })
})

test('a block ends a word, a line break too, and neither is a character', () => {
  expect(counts('p one\np two')).toMatchObject({ words: 2, characters: 6 })
})

test('languages without spaces have words, and what is drawn as one sign is one character', () => {
  expect(counts('p 我爱北京').words).toBe(3)
  expect(counts('p 👩‍👩‍👧‍👦e\u0301').characters).toBe(2)
})

test('a part of the document is counted by itself', () => {
  const { doc } = stateOf('p one two\np three four')
  expect(countsIn(doc, 5, 16)).toMatchObject({ words: 2, characters: 9 })
  expect(countsIn(doc, 3, 3).words).toBe(0)
})

import { expect, test } from 'vitest'
import { cellsFromText } from './tab-separated.ts'

test('rows of tabs are cells, whatever ends their lines', () => {
  expect(cellsFromText('a\tb\r\nc\td\r\n')).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ])
  expect(cellsFromText('a\t\n\td')).toEqual([
    ['a', ''],
    ['', 'd'],
  ])
  expect(cellsFromText('a\tb\tc')).toEqual([['a', 'b', 'c']])
})

test('quotes hold line breaks, tabs and quotes of a cell together; others are letters', () => {
  expect(cellsFromText('"a\nb"\t"say ""so"""\n5"\t"x" y')).toEqual([
    ['a\nb', 'say "so"'],
    ['5"', '"x" y'],
  ])
})

test('what only has tabs in it is no table', () => {
  for (const text of [
    'a',
    'a\nb',
    '\tif (x) {\n\treturn\n',
    'a\tb\nc',
    'one\ttwo\nthree\tfour\tfive',
    'function\n\tbody',
  ]) {
    expect(cellsFromText(text)).toBeNull()
  }
})

test('a long text is read in good time, whatever its quotes', () => {
  const begin = performance.now()
  expect(cellsFromText('"a\tb\n'.repeat(20_000))).not.toBeNull()
  expect(cellsFromText(`${'"'.repeat(100_001)}\tb`)).not.toBeUndefined()
  expect(performance.now() - begin).toBeLessThan(2_000)
})

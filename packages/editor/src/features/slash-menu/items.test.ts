import { Pilcrow } from 'lucide'
import { expect, test } from 'vitest'
import type { SlashItem } from '../../feature.ts'
import { filterItems } from './items.ts'

const item = (id: string, label: string, words = ''): SlashItem => ({
  id,
  label,
  words,
  group: 'Text',
  icon: Pilcrow,
})
const items = [
  item('text', 'Text', 'paragraph plain'),
  item('heading-1', 'Heading 1', 'h1 title'),
  item('heading-2', 'Heading 2', 'h2 title'),
  item('task', 'Task list', 'todo checkbox'),
  item('table', 'Table', 'grid'),
  item('number', 'Numbered list', 'ol'),
]
const labels = (query: string) => filterItems(items, query).map(({ label }) => label)

test('an empty query keeps everything in order', () => {
  expect(labels('')).toEqual(items.map(({ label }) => label))
})

test('names that begin with the query come first, then words in names, then other words', () => {
  expect(labels('t')).toEqual(['Text', 'Task list', 'Table', 'Heading 1', 'Heading 2'])
  expect(labels('list')).toEqual(['Task list', 'Numbered list'])
})

test('other words and names without spaces find an entry', () => {
  expect(labels('todo')).toEqual(['Task list'])
  expect(labels('h2')).toEqual(['Heading 2'])
  expect(labels('Heading2')).toEqual(['Heading 2'])
  expect(labels('zzz')).toEqual([])
})

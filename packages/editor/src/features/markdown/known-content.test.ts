import { schema, schemaWith } from '@quire/document'
import { markdownOf } from '@quire/document/convert'
import { expect, test } from 'vitest'
import { rating } from '../../../test/rating-feature.ts'
import { knownContent } from './known-content.ts'

const theirs = schemaWith([
  rating,
  {
    nodes: {
      poll: { group: 'flow', content: 'flow*' },
      poll_line: { group: 'flow', content: 'inline*' },
    },
  },
])
const text = (words: string, ...marks: string[]) =>
  theirs.text(
    words,
    marks.map((name) => theirs.mark(name)),
  )

test('what is of other features is written as its words, and all else as it is', () => {
  const cell = theirs.node('table_cell', { header: true }, theirs.node('block', null, [text('c')]))
  const doc = theirs.node('doc', null, [
    theirs.node('block', { kind: 'heading', level: 2 }, [
      text('good', 'bold', 'rating_spoiler'),
      theirs.node('rating_stars', { count: 3 }),
    ]),
    theirs.node('poll', null, [
      theirs.node('poll_line', null, [text('yes')]),
      theirs.node('block', { kind: 'bullet' }, [text('no', 'italic')]),
    ]),
    theirs.node('table', null, theirs.node('table_row', null, cell)),
    theirs.node('divider'),
  ])
  const known = knownContent(doc)
  known.check()
  expect(known.type.schema).toBe(schema)
  expect(markdownOf(known)).toBe('## **good**★★★\n\nyes\n\n- *no*\n\n| c |\n| --- |\n\n---')
})

test('a document without any of that stays what it is', () => {
  const doc = schema.node('doc', null, [
    schema.node('code_block', { language: 'js' }, [schema.text('let x')]),
    schema.node('block', { kind: 'task', checked: true }, [
      schema.node('mention', { of: 'person', target: 'u', label: 'Ada' }),
      schema.node('hard_break'),
    ]),
  ])
  expect(knownContent(doc).eq(doc)).toBe(true)
})

import { Node } from 'prosemirror-model'
import { expect, test } from 'vitest'
import { htmlOf, markdownOf, plainTextOf } from '../convert/index.ts'
import { schema } from '../index.ts'

const ada = schema.node('mention', { of: 'person', target: 'u1', label: 'Ada' })
const plan = schema.node('mention', { of: 'document', target: 'd1', label: 'The *plan* <1>' })
const doc = schema.node('doc', null, [
  schema.node('block', null, [schema.text('ask '), ada, schema.text(' about '), plan]),
])

test('[EX5] [EX6] a mention is its words in text and Markdown, and no sign there', () => {
  expect(plainTextOf(doc)).toBe('ask @Ada about The *plan* <1>')
  expect(markdownOf(doc)).toBe('ask @Ada about The \\*plan\\* \\<1>')
})

test('[EX3] a mention is whom it means in HTML, and its name never markup', () => {
  expect(htmlOf(doc)).toContain(
    '<span data-mention="person" data-target="u1" data-label="Ada">@Ada</span>',
  )
  expect(htmlOf(doc)).toContain('>The *plan* &lt;1&gt;</span>')
})

test('[SC2] a mention of something else, or with a name without end is refused', () => {
  for (const attrs of [
    { of: 'place', target: 'x', label: 'x' },
    { of: 'person', target: 7, label: 'x' },
    { of: 'person', target: 'x', label: 'x'.repeat(201) },
  ]) {
    const json = {
      type: 'doc',
      content: [{ type: 'block', content: [{ type: 'mention', attrs }] }],
    }
    expect(() => Node.fromJSON(schema, json).check()).toThrow(RangeError)
  }
})

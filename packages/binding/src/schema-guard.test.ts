/** What the first release did not know is locked in it, block by block. */
import { contentOf, schema } from '@quire/document'
import { Schema } from 'prosemirror-model'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { unknownAmong } from './schema-guard.ts'

const kinds = ['paragraph', 'heading', 'bullet', 'number', 'task', 'quote', 'callout']

const { spec: blockSpec } = schema.nodes['block']!
const {
  page_break: _page,
  math_block: _block,
  math_inline: _inline,
  ...nodes
} = Object.fromEntries(Object.entries(schema.nodes).map(([name, { spec }]) => [name, spec]))
const {
  font: _font,
  font_size: _size,
  ...marks
} = Object.fromEntries(Object.entries(schema.marks).map(([name, { spec }]) => [name, spec]))
const first = new Schema({
  nodes: {
    ...nodes,
    block: {
      ...blockSpec,
      attrs: {
        ...blockSpec.attrs,
        kind: {
          default: 'paragraph',
          validate: (kind) => {
            if (!kinds.includes(String(kind))) throw new RangeError('an unknown kind')
          },
        },
      },
    },
  },
  marks,
})

function block(kind: string, words: string, attributes?: object): Y.XmlElement {
  const element = new Y.XmlElement('block')
  element.setAttribute('kind', kind)
  const text = new Y.XmlText()
  element.insert(0, [text])
  text.insert(0, words, attributes)
  return element
}

test('toggles, captions, page breaks, formulas, fonts and sizes are locked where they are not known, and nothing else is', () => {
  const content = contentOf(new Y.Doc())
  const inLine = block('paragraph', 'e')
  inLine.insert(1, [new Y.XmlElement('math_inline')])
  content.insert(0, [
    block('paragraph', 'known', { bold: {} }),
    block('toggle', 'a'),
    block('caption', 'b'),
    new Y.XmlElement('page_break'),
    block('paragraph', 'c', { font: { family: 'Georgia' } }),
    block('paragraph', 'd', { font_size: { points: 12 } }),
    block('heading', 'known'),
    new Y.XmlElement('math_block'),
    inLine,
  ])
  const { blocks, rest } = unknownAmong(content.toArray(), first)
  expect(rest).toEqual([])
  expect(
    [...blocks].map(([element, names]) => [content.toArray().indexOf(element), names]),
  ).toEqual([
    [1, ['kind "toggle" of block']],
    [2, ['kind "caption" of block']],
    [3, ['node page_break']],
    [4, ['mark font']],
    [5, ['mark font_size']],
    [7, ['node math_block']],
    [8, ['node math_inline']],
  ])
  expect(unknownAmong(content.toArray(), schema).blocks.size).toBe(0)
})

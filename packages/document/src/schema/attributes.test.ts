import { Node } from 'prosemirror-model'
import { expect, test } from 'vitest'
import { aligns, blockKinds, readColor, schema, tones } from '../index.ts'

const refused: readonly [string, Record<string, unknown>][] = [
  ['block', { kind: 'banner' }],
  ['block', { kind: 7 }],
  ['block', { level: 7 }],
  ['block', { level: '2' }],
  ['block', { level: 1.5 }],
  ['block', { indent: -1 }],
  ['block', { indent: 9 }],
  ['block', { indent: '1' }],
  ['block', { checked: 'true' }],
  ['block', { align: 'middle' }],
  ['block', { dir: 'auto' }],
  ['block', { tone: { toString: () => 'info' } }],
  ['code_block', { language: 'x'.repeat(41) }],
  ['code_block', { language: ['js'] }],
  ['image', { src: 'javascript:alert(1)' }],
  ['image', { src: 'data:image/svg+xml,<svg/>' }],
  ['image', { src: 5 }],
  ['image', { width: 0 }],
  ['image', { width: '100' }],
  ['image', { alt: {} }],
  ['table_cell', { colspan: 0 }],
  ['table_cell', { rowspan: 1_001 }],
  ['table_cell', { header: 'yes' }],
  ['table_cell', { colwidth: 100 }],
  ['table_cell', { colwidth: ['100'] }],
  ['table_cell', { background: 'red; x: url(//a)' }],
]

test.each(refused)('[SC2] %s %o is refused', (type, attrs) => {
  const json = { type: 'doc', content: [{ type, attrs }] }
  expect(() => Node.fromJSON(schema, json)).toThrow(RangeError)
  expect(() => schema.node(type, attrs)).toThrow(RangeError)
})

test.each([
  ['link', { href: 'javascript:alert(1)' }],
  ['link', { href: ' https://a.b' }],
  ['link', { href: null }],
  ['color', { color: 'red' }],
  ['color', { color: '#FFF' }],
  ['highlight', { color: '#ffffff;background:url(//a)' }],
  ['font', { family: 'Arial", url(//a)' }],
  ['font', { family: 'Arial;color:red' }],
  ['font', { family: ' ' }],
  ['font', { family: 'x'.repeat(61) }],
  ['font_size', { points: '12' }],
  ['font_size', { points: 1_000 }],
  ['font_size', { points: 1.5 }],
])('[SC2] the mark %s %o is refused', (name, attrs) => {
  const text = { type: 'text', text: 'x', marks: [{ type: name, attrs }] }
  expect(() => Node.fromJSON(schema, text)).toThrow(RangeError)
  expect(() => schema.mark(name, attrs)).toThrow(RangeError)
})

test('[SC1] every combination of the attributes of a block is valid', () => {
  for (const kind of blockKinds) {
    for (const tone of [null, ...tones]) {
      for (const checked of [null, true, false]) {
        for (const align of [null, ...aligns]) {
          const attrs = { kind, tone, checked, align, level: 2, indent: 3, dir: 'rtl' }
          schema.node('block', attrs, [schema.text('x')]).check()
        }
      }
    }
  }
})

test('[SC3] tables, rows, cells and blocks may be empty; a document may not', () => {
  const { table, table_row: row, table_cell: cell, block } = schema.nodes
  for (const type of [table, row, cell, block]) type?.create().check()
  expect(() => schema.node('doc').check()).toThrow(RangeError)
})

test('[SC4] attributes that may be left out are null, and those with a value are few', () => {
  const valued = Object.values(schema.nodes).flatMap((type) =>
    Object.entries(type.spec.attrs ?? {})
      .filter(([, { default: value }]) => value !== null)
      .map(([name, { default: value }]) => `${type.name}.${name} = ${String(value)}`),
  )
  expect(valued).toEqual([
    'block.kind = paragraph',
    'block.indent = 0',
    'table_cell.colspan = 1',
    'table_cell.rowspan = 1',
  ])
})

test('[SC6] a code block has no marks; all marks go together', () => {
  const bold = schema.text('x', [schema.mark('bold')])
  expect(() => schema.node('code_block', null, [bold]).check()).toThrow(RangeError)
  const all = Object.keys(schema.marks).map((name) =>
    schema.mark(name, { href: '/x', color: '#123456', family: 'Arial', points: 12 }),
  )
  const together = all.reduce((set, mark) => mark.addToSet(set), schema.mark('bold').addToSet([]))
  expect(together.map((mark) => mark.type.name).sort()).toEqual(Object.keys(schema.marks).sort())
  schema.node('block', null, schema.text('x', together)).check()
})

test('[HT6] a colour is read from its usual spellings and from nothing else', () => {
  expect(['#A1B2c3', '#fff', 'rgb(1, 2, 3)', 'rgba(1 2 3 / 50%)', ' Red '].map(readColor)).toEqual([
    '#a1b2c3',
    '#ffffff',
    '#010203',
    '#010203',
    '#ff0000',
  ])
  const others = ['', 'rgba(1,2,3,0)', 'rgb(256,0,0)', 'constructor', 'url(x)', '#12345', 'inherit']
  expect(others.map(readColor)).toEqual(others.map(() => null))
})

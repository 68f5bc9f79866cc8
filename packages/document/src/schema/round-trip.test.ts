// @vitest-environment jsdom
import type { Attrs, Node } from 'prosemirror-model'
import { describe, expect, test } from 'vitest'
import { parse, render } from '../../test/html.ts'
import { aligns, blockKinds, schema, tones } from '../index.ts'

const block = (attrs: Attrs | null = null, ...text: (string | Node)[]) =>
  schema.node(
    'block',
    attrs,
    text.map((part) => (typeof part === 'string' ? schema.text(part) : part)),
  )
const marked = (text: string, ...marks: [string, Attrs?][]) =>
  schema.text(
    text,
    marks.map(([name, attrs]) => schema.mark(name, attrs)),
  )
const cell = (attrs: Attrs | null, ...content: Node[]) => schema.node('table_cell', attrs, content)

const documents: readonly [string, ...Node[]][] = [
  [
    'every kind at every indent',
    ...blockKinds.flatMap((kind) =>
      [0, 1, 8].map((indent) =>
        block({ kind, indent, level: kind === 'heading' ? 3 : null }, `${kind} ${indent}`),
      ),
    ),
  ],
  [
    'every heading level',
    ...[1, 2, 3, 4, 5, 6].map((level) => block({ kind: 'heading', level }, `${level}`)),
  ],
  [
    'tasks',
    block({ kind: 'task' }, 'open'),
    block({ kind: 'task', checked: true, indent: 2 }, 'done'),
    block({ kind: 'task', checked: true }),
  ],
  ['every alignment and direction', ...aligns.map((align) => block({ align, dir: 'rtl' }, 'x'))],
  ['callouts', ...[null, ...tones].map((tone) => block({ kind: 'callout', tone }, 'x'))],
  ['an empty document', block()],
  [
    'spaces and breaks',
    block(null, '  two  spaces '),
    block(null, 'a', schema.node('hard_break')),
    block(null, 'a ', schema.node('mention', { of: 'person', target: 'u', label: 'A < B' }), ' c'),
    block(null, schema.node('hard_break'), 'b', schema.node('hard_break'), 'c'),
  ],
  [
    'marks',
    block(
      null,
      marked('bold', ['bold']),
      marked('all', ['link', { href: '/x' }], ['bold'], ['italic'], ['underline'], ['strike']),
      marked('up', ['superscript']),
      marked('down', ['subscript']),
      marked('black', ['color', { color: '#000000' }]),
      marked('white', ['highlight', { color: '#ffffff' }]),
      marked('both', ['color', { color: '#123456' }], ['highlight', { color: '#abcdef' }]),
      marked('code', ['code']),
      marked('font', ['font', { family: 'Times New Roman' }]),
      marked('size', ['font_size', { points: 24 }], ['color', { color: '#123456' }]),
    ),
    block({ kind: 'task' }, marked('in a task', ['bold'])),
  ],
  [
    'code',
    schema.node('code_block', { language: 'ts' }, [
      schema.text('\n  if (a < b)\n\n\treturn "&"\n'),
    ]),
    schema.node('code_block'),
  ],
  [
    'images, dividers and page breaks',
    schema.node('image', { src: 'https://a.b/c.png', alt: 'a "c"', width: 320, align: 'center' }),
    schema.node('image', { src: '/files/x.png' }),
    schema.node('divider'),
    schema.node('page_break'),
    block(null, 'on the next page'),
  ],
  [
    'formulas',
    block(null, 'a ', schema.node('math_inline', { tex: 'a < b \\) & "c"' }), ' b'),
    schema.node('math_block', { tex: '\\begin{aligned}\n  a &= b\n\n\\end{aligned}' }),
    schema.node('math_block', { tex: '\\[x\\]' }),
  ],
  [
    'tables',
    schema.node('table', null, [
      schema.node('table_row', null, [
        cell({ header: true, colwidth: [120] }, block(null, 'a')),
        cell(
          { colspan: 2, colwidth: [0, 80] },
          block({ kind: 'bullet' }, 'b'),
          schema.node('divider'),
        ),
      ]),
      schema.node('table_row', null, [
        cell({ background: '#ff0000', align: 'right' }, block(null, 'c')),
        cell({ rowspan: 2 }, block()),
        cell(null),
      ]),
      schema.node('table_row'),
    ]),
    schema.node('table'),
  ],
]

describe('[HT1] own HTML comes back as it was', () => {
  test.each(documents)('%s', (_, ...blocks) => {
    const before = schema.node('doc', null, blocks)
    before.check()
    const html = render(before)
    const after = parse(html)
    expect(after.toJSON()).toEqual(before.toJSON())
    expect(render(after)).toBe(html)
  })
})

test('[HT1] blocks are the elements that a screen reader expects', () => {
  const html = render(
    schema.node('doc', null, [
      block({ kind: 'heading', level: 2 }, 'a'),
      block({ kind: 'number', indent: 1 }, 'b'),
      block({ kind: 'task', checked: true }, 'c'),
    ]),
  )
  expect(html).toContain('<h2 ')
  expect(html).toMatch(/<div [^>]*role="group"[^>]*aria-roledescription="[^"]*, level 2"/)
  expect(html).toMatch(/<span role="checkbox" aria-checked="true"/)
})

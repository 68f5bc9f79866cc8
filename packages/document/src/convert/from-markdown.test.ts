import type { Node } from 'prosemirror-model'
import { expect, test } from 'vitest'
import { schema } from '../schema.ts'
import { documentOfMarkdown, markdownCharsMax } from './from-markdown.ts'
import { markdownOf } from './markdown.ts'

/** A block a line: what it is, and its text with its marks. */
function lines(doc: Node): string[] {
  return doc.children.map((node) => {
    const { kind, level, indent, checked, tone } = node.attrs
    const name = node.type.name === 'block' ? String(kind) : node.type.name
    const more = [level, tone, checked === true ? 'done' : null].filter(Boolean).join(' ')
    const lead = '>'.repeat(Number(indent ?? 0)) + (more ? `${name} ${more}` : name)
    return `${lead}: ${inner(node)}`.trimEnd()
  })
}

function inner(node: Node): string {
  if (node.type.name === 'image') return `${node.attrs['alt']} (${node.attrs['src']})`
  return node.children
    .map((child) => {
      if (child.type.name === 'hard_break') return '⏎'
      if (!child.isText) return `[${inner(child)}]`
      const marks = child.marks.map(({ type, attrs }) =>
        type.name === 'link' ? `link ${attrs['href']}` : type.name,
      )
      return marks.length > 0 ? `{${marks.join(' ')}: ${child.text}}` : (child.text ?? '')
    })
    .join('')
}

const cases: readonly [what: string, markdown: string, expected: string[]][] = [
  [
    'headings',
    '# One\n\nTwo\n===\n\n### Three',
    ['heading 1: One', 'heading 1: Two', 'heading 3: Three'],
  ],
  [
    'marks, of HTML too',
    '**a** *b* ~~c~~ `d` <u>e</u> x<sup>2</sup> <mark>f</mark>',
    [
      'paragraph: {bold: a} {italic: b} {strike: c} {code: d} {underline: e} x{superscript: 2} {highlight: f}',
    ],
  ],
  ['line breaks', 'a  \nb\nc<br>d', ['paragraph: a⏎b c⏎d']],
  [
    'lists in lists, and what belongs to an item',
    '- a\n  more\n\n  second\n  1. b\n     - c\n- d',
    ['bullet: a more', '>paragraph: second', '>number: b', '>>bullet: c', 'bullet: d'],
  ],
  ['tasks', '- [ ] a\n- [x] b\n- [y] c', ['task: a', 'task done: b', 'bullet: [y] c']],
  ['a list that begins in a list', '1. - a', ['number:', '>bullet: a']],
  [
    'a list that something interrupts',
    '- a\n  - b\n\n    ```\n    code\n    ```\n  - c',
    ['bullet: a', '>bullet: b', 'code_block: code', 'bullet: c'],
  ],
  [
    'quotes and alerts',
    '> a\n>\n> b\n\n> [!WARNING]\n> c\n\n> [!NOTE]\n> d',
    ['quote: a', 'quote: b', 'callout warning: c', 'callout: d'],
  ],
  [
    'code',
    '```js title\nlet a\n\n```\n\n    indented',
    ['code_block: let a', 'code_block: indented'],
  ],
  [
    'images, which part a line',
    'before ![a *b*](/c.png) after ![d](data:x)',
    ['paragraph: before', 'image: a b (/c.png)', 'paragraph: after ![d](data:x)'],
  ],
  [
    'links, and only those that may be followed',
    '[a](https://b.test/ "title") [c](javascript:d) <https://e.test> https://f.test/ g.md',
    [
      'paragraph: {link https://b.test/: a} [c](javascript:d) {link https://e.test: https://e.test} {link https://f.test/: https://f.test/} g.md',
    ],
  ],
  [
    'HTML that is none of ours',
    '<div>\na\n</div>\n\nb <kbd>c</kbd><!-- d -->\n\n<!-- e -->',
    ['code_block: <div>\na\n</div>', 'paragraph: b <kbd>c</kbd>'],
  ],
  ['a divider', 'a\n\n---\n\nb', ['paragraph: a', 'divider:', 'paragraph: b']],
  ['nothing at all', '', ['paragraph:']],
]

for (const [what, markdown, expected] of cases) {
  test(`[EX7] ${what}, written and read again as the same`, () => {
    const doc = documentOfMarkdown(markdown)
    doc.check()
    expect(lines(doc)).toEqual(expected)
    expect(lines(documentOfMarkdown(markdownOf(doc)))).toEqual(expected)
  })
}

test('[EX7] tables keep their heading row, alignment, marks and images', () => {
  const markdown = '| a | b |\n| :---: | ---: |\n| **c** | ![d](/e.png) |\n| f\\|g | |'
  const doc = documentOfMarkdown(markdown)
  doc.check()
  const [head, first, second] = doc.firstChild?.children ?? []
  expect(head?.children.map(({ attrs }) => [attrs['header'], attrs['align']])).toEqual([
    [true, 'center'],
    [true, 'right'],
  ])
  expect(first?.children.map(inner)).toEqual(['[{bold: c}]', '[d (/e.png)]'])
  expect(second?.textContent).toBe('f|g')
  expect(documentOfMarkdown(markdownOf(doc)).eq(doc)).toBe(true)
})

test('[EX7] what is deeper than a document goes is as deep as it goes', () => {
  const markdown = Array.from({ length: 12 }, (_, depth) => `${'  '.repeat(depth)}- ${depth}`).join(
    '\n',
  )
  const doc = documentOfMarkdown(markdown)
  doc.check()
  expect(doc.lastChild?.attrs['indent']).toBe(8)
  expect(doc.textContent).toBe('01234567891011')
})

test('[EX9] more Markdown than can be read in good time is refused', () => {
  expect(() => documentOfMarkdown('a'.repeat(markdownCharsMax + 1))).toThrow(RangeError)
  expect(
    documentOfMarkdown('a').eq(
      schema.node('doc', null, [schema.node('block', null, [schema.text('a')])]),
    ),
  ).toBe(true)
})

test('[EX8] HTML in Markdown stays as letters, unless it is a mark', () => {
  const doc = documentOfMarkdown('a <img src=x onerror=b> <script>c</script> <B>d</B>')
  expect(lines(doc)).toEqual(['paragraph: a <img src=x onerror=b> <script>c</script> {bold: d}'])
})

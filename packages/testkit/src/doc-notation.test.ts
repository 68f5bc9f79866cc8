import { expect, test } from 'vitest'
import {
  bold,
  br,
  callout,
  cell,
  code,
  color,
  divider,
  doc,
  h,
  image,
  inlineCode,
  italic,
  li,
  link,
  ol,
  p,
  quote,
  row,
  show,
  table,
  task,
  th,
} from './doc-notation.ts'

test('a document is shown as one line per block and one per table row', () => {
  const { node } = doc(
    p('on<a>e ', bold('two ', italic('three')), br, link('/x', 'four')),
    p(),
    h(2, 'Title', { align: 'center' }),
    li('a', { indent: 1 }),
    ol('b'),
    task('done', { checked: true }),
    task('open', { indent: 2 }),
    quote('q'),
    callout('c', { tone: 'danger' }),
    code('let a\n', 'js'),
    image('/a.png', { width: 30 }),
    divider,
    table(row(th('a'), cell('b')), row(cell([p('x'), li('y')], { colspan: 2 })), row(cell([]))),
    p(color('#ff0000', 'red'), ' ', inlineCode('x')),
  )
  expect(show(node)).toEqual([
    'p one **two ****_three_**⏎[four](/x)',
    'p',
    'h2{align=center} Title',
    '  - a',
    '1. b',
    '[x] done',
    '    [ ] open',
    '> q',
    '!{tone=danger} c',
    'code{language=js} "let a\\n"',
    'image{src=/a.png width=30}',
    'divider',
    '| # a | b |',
    '| (2x1) x / - y |',
    '| ∅ |',
    'p {color #ff0000: red} `x`',
  ])
})

test('named positions count as ProseMirror counts', () => {
  const { node, at } = doc(p('ab<one>c'), divider, table(row(cell('x'), cell('<two>y'))))
  expect(node.textBetween(at['one']!, at['one']! + 1)).toBe('c')
  expect(node.textBetween(at['two']!, at['two']! + 1)).toBe('y')
  expect(() => at['three']).toThrow('names no position <three>')
})

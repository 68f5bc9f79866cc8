// @vitest-environment jsdom
import { Node } from 'prosemirror-model'
import { expect, test } from 'vitest'
import { parse } from '../../test/html.ts'
import { documentOfMarkdown, htmlOf, markdownOf, plainTextOf } from '../convert/index.ts'
import { schema } from '../index.ts'
import { texCharsMax } from './math.ts'

const line = (...parts: (string | { readonly tex: string })[]): Node =>
  schema.node(
    'block',
    null,
    parts.map((part) =>
      typeof part === 'string' ? schema.text(part) : schema.node('math_inline', part),
    ),
  )
const math = (tex: string): Node => schema.node('math_block', { tex })
const doc = (...blocks: Node[]): Node => schema.node('doc', null, blocks)
const isKept = (document: Node): boolean => documentOfMarkdown(markdownOf(document)).eq(document)

test('[EX5] [EX6] a formula is its TeX in text, and stands between dollars in Markdown', () => {
  const both = doc(line('so ', { tex: 'a_1 < b' }, '.'), math('\\int_0^1\nx'))
  expect(plainTextOf(both)).toBe('so a_1 < b.\n\\int_0^1\nx')
  expect(markdownOf(both)).toBe('so $a_1 < b$.\n\n$$\n\\int_0^1\nx\n$$')
  expect(isKept(both)).toBe(true)
})

test('[EX7] what the dollars cannot say, GitHub’s forms do', () => {
  const odd = doc(line({ tex: 'x' }, '1 and ', { tex: '5' }), math('a\n\nb'), math('a$$b'))
  expect(markdownOf(odd)).toBe('$`x`$1 and $5$\n\n```math\na\n\nb\n```\n\n```math\na$$b\n```')
  expect(isKept(odd)).toBe(true)
})

test.each(['costs $5', '$HOME is \\$PWD or $OLDPWD$', '$$', '$$ x $$', 'a $x$ in words'])(
  '[EX7] the dollars of the words %j stay words',
  (words) => {
    const code = schema.text('$c$', [schema.mark('code')])
    const mixed = schema.node('block', null, [schema.text(`${words} `), code])
    for (const document of [doc(line(words)), doc(line(words, { tex: 'x' })), doc(mixed)]) {
      expect(isKept(document), markdownOf(document)).toBe(true)
    }
  },
)

test.each([
  ['$20 and $30', 0],
  ['$ x$ and $x $', 0],
  ['\\$x$ and x\\$', 0],
  ['`$x$`', 0],
  ['$a\\$b$', 1],
  ['$a\nb$', 1],
  ['$$a$$ in a line', 1],
  ['**$a$**, [$b$](/c)', 2],
])('the formulas in the line %j are %i', (markdown, count) => {
  const [block] = documentOfMarkdown(markdown).children
  expect(block?.children.filter(({ type }) => type.name === 'math_inline')).toHaveLength(count)
})

test.each([
  ['$$ a $$', 'a'],
  ['words\n$$\na\n  b\n$$\nwords', 'a\n  b'],
  ['$$a\nb$$', 'a\nb'],
  ['- item\n\n  $$\n  a\n  $$', 'a'],
  ['```math\na\n```', 'a'],
])('%j has the block %j', (markdown, tex) => {
  const found = documentOfMarkdown(markdown).children.filter(
    ({ type }) => type.name === 'math_block',
  )
  expect(found.map(({ attrs }) => attrs['tex'])).toEqual([tex])
})

test('two dollars that are never closed are words', () => {
  const { children } = documentOfMarkdown('$$\na\n\nb\n\n$$')
  expect(children.map(({ textContent }) => textContent)).toEqual(['$$ a', 'b', '$$'])
})

test('in a table a formula is one line, and its double bars stay double', () => {
  const cell = schema.node('table_cell', { header: true }, [line({ tex: '\\|x\\|' }), math('a|b')])
  const table = schema.node('table', null, schema.node('table_row', null, cell))
  const text = markdownOf(doc(table))
  expect(text).toBe('| $\\Vert x\\Vert$<br>$a\\|b$ |\n| --- |')
})

test('[EX3] the HTML of a formula is pandoc’s, and comes back', () => {
  const both = doc(line('a ', { tex: 'x < 1' }), math('y & z'))
  const html = htmlOf(both)
  expect(html).toContain('<span class="math inline">\\(x &lt; 1\\)</span>')
  expect(html).toContain('<p><span class="math display">\\[y &amp; z\\]</span></p>')
  expect(parse(html).eq(both)).toBe(true)
})

test('[HT10] formulas of KaTeX, MathML and Wikipedia are read by what they say of their TeX', () => {
  const drawn =
    '<semantics><mi>x</mi><annotation encoding="application/x-tex">x_1</annotation></semantics>'
  const katex = `<span class="katex"><span class="katex-mathml"><math>${drawn}</math></span><span class="katex-html">x1</span></span>`
  const page = parse(
    `<p>a ${katex} b <math>${drawn}</math> <span class="mwe-math-element"><math>${drawn}</math><img src="/x.svg"></span></p>` +
      `<p><span class="katex-display">${katex}</span></p><math display="block">${drawn}</math><p>c <math><mi>z</mi></math></p>`,
  )
  const one = { tex: 'x_1' }
  expect(
    page.eq(doc(line('a ', one, ' b ', one, ' ', one), math('x_1'), math('x_1'), line('c z'))),
  ).toBe(true)
})

test('[SC2] a formula without end is refused', () => {
  const json = {
    type: 'doc',
    content: [{ type: 'math_block', attrs: { tex: 'x'.repeat(texCharsMax + 1) } }],
  }
  expect(() => Node.fromJSON(schema, json).check()).toThrow(RangeError)
})

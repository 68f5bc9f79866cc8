// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { lines, parse, read, render } from '../../test/html.ts'
import { schema, schemaFingerprint } from '../index.ts'

test('[HT2] headings, paragraphs and their alignment and direction', () => {
  const html = `<h1>a</h1><h6 style="text-align: center">b</h6><p dir="rtl">c</p><p align="right">d</p>
    <section><h2>e</h2>loose</section><div>f<div>g</div>h</div>`
  expect(read(html)).toEqual([
    'heading{level=1} a',
    'heading{level=6 align=center} b',
    'paragraph{dir=rtl} c',
    'paragraph{align=right} d',
    'heading{level=2} e',
    'paragraph loose',
    'paragraph f',
    'paragraph g',
    'paragraph h',
  ])
})

test('[HT2] each paragraph of a quote is a quote, and other blocks in it stay what they are', () => {
  expect(read('<blockquote>one line</blockquote>')).toEqual(['quote one line'])
  const html = '<blockquote><p>a</p><p>b</p><ul><li>c</li></ul><h2>d</h2></blockquote><p>e</p>'
  expect(read(html)).toEqual([
    'quote a',
    'quote b',
    'bullet c',
    'heading{level=2} d',
    'paragraph e',
  ])
})

test('[HT2] code keeps its lines, its spaces and its language, and loses its marks', () => {
  const html =
    '<pre><code class="hljs language-js">let a\n  b</code></pre><pre>a<br>b <b>c</b></pre><pre class="language-c++"></pre>'
  expect(parse(html).toJSON()).toEqual({
    type: 'doc',
    content: [
      {
        type: 'code_block',
        attrs: { language: 'js' },
        content: [{ type: 'text', text: 'let a\n  b' }],
      },
      {
        type: 'code_block',
        attrs: { language: null },
        content: [{ type: 'text', text: 'a\nb c' }],
      },
      { type: 'code_block', attrs: { language: 'c++' } },
    ],
  })
})

test('[HT2] rules and images stand between blocks, also when they were in the middle of a line', () => {
  const html =
    'a<hr>b<img src="/x.png" alt="an x" width="100"><p>see <a href="/l"><img src="y.png" width="50%" alt=""></a> end</p>'
  expect(read(html)).toEqual([
    'paragraph a',
    'divider',
    'paragraph b',
    'image{src=/x.png alt=an x width=100}',
    'paragraph see',
    'image{src=y.png}',
    'paragraph  end',
  ])
})

test('[HT2] a break is kept where it breaks a line, and not where it only keeps one open', () => {
  expect(read('<p>a<br>b<br></p><p><br></p><p><span>c<br></span></p>')).toEqual([
    'paragraph a(hard_break)b',
    'paragraph',
    'paragraph c',
  ])
  // Google Docs writes an empty line as a break between paragraphs.
  expect(read('<p>a</p><br><p>b</p><br class="Apple-interchange-newline">')).toEqual([
    'paragraph a',
    'paragraph',
    'paragraph b',
  ])
  expect(read('a<br><br>b')).toEqual(['paragraph a(hard_break)(hard_break)b'])
})

test('[HT3] nested lists become flat blocks with an indent', () => {
  const nested = '<ul><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li><li>d</li></ul>'
  const flat = ['bullet a', 'bullet{indent=1} b', 'number{indent=2} c', 'bullet d']
  expect(read(nested)).toEqual(flat)
  const paragraphs = nested.replaceAll(/([abcd])/g, '<p>$1</p>')
  expect(read(paragraphs)).toEqual(flat)
  const listInList = '<ul><li>a</li><ul><li>b</li><ol><li>c</li></ol></ul><li>d</li></ul>'
  expect(read(listInList)).toEqual(flat)
})

test('[HT3] only the first line of an item has its mark', () => {
  expect(read('<ol><li><p>a</p><p>b</p><ul><li>c</li></ul></li><li>d<p>e</p></li></ol>')).toEqual([
    'number a',
    'paragraph{indent=1} b',
    'bullet{indent=1} c',
    'number d',
    'paragraph{indent=1} e',
  ])
})

test('[HT3] an item that begins with something else than text becomes that', () => {
  expect(read('<ul><li><h3>a</h3></li><li><pre>b</pre></li><li></li></ul>')).toEqual([
    'heading{level=3} a',
    'code_block b',
    'bullet',
  ])
})

test('[HT3] no list is deeper than an indent can be', () => {
  const html = `${'<ul><li>x'.repeat(12)}${'</li></ul>'.repeat(12)}`
  expect(read(html).at(-1)).toBe('bullet{indent=8} x')
})

test('[HT4] items with a checkbox are tasks, in each of the ways in which pages write them', () => {
  const done = ['task{checked=true} a', 'task b']
  expect(
    read(
      '<ul><li><input type="checkbox" checked disabled> a</li><li><input type="checkbox"> b</li></ul>',
    ),
  ).toEqual(done)
  expect(
    read(
      '<ul><li><p><input type="checkbox" checked> a</p></li><li><p><input type="checkbox"> b</p></li></ul>',
    ),
  ).toEqual(done)
  expect(
    read(
      '<ul><li role="checkbox" aria-checked="true"><p>a</p></li><li role="checkbox" aria-checked="false"><p>b</p></li></ul>',
    ),
  ).toEqual(done)
  expect(
    read(
      `<ul><li data-checked="true"><label><input type="checkbox" checked><span></span></label><div><p>a</p></div></li>
       <li data-checked="false"><label><input type="checkbox"><span></span></label><div><p>b</p></div></li></ul>`,
    ),
  ).toEqual(done)
})

test('[HT5] a table keeps headers, spans, alignment and ground, and its cells hold blocks', () => {
  const html = `<table><colgroup><col></colgroup><thead><tr><th>h</th><th></th></tr></thead><tbody><tr>
    <td colspan="2" rowspan="3" style="background-color: #ff0000; text-align: right">x</td>
    <td><p>a</p><ul><li>b</li></ul><img src="i.png"></td></tr></tbody></table>`
  expect(read(html)).toEqual([
    'table',
    '  table_row',
    '    table_cell{header=true}',
    '      paragraph h',
    '    table_cell{header=true}',
    '      paragraph',
    '  table_row',
    '    table_cell{colspan=2 rowspan=3 align=right background=#ff0000}',
    '      paragraph x',
    '    table_cell',
    '      paragraph a',
    '      bullet b',
    '      image{src=i.png}',
  ])
  expect(read('<table><tr><td colspan="0" rowspan="99999">x</td></tr></table>')[2]).toBe(
    '    table_cell',
  )
})

test('[HT5] text of a table in a table and of a caption is kept', () => {
  const html =
    '<table><caption>cap</caption><tr><td>a<table><tr><td>b</td></tr></table></td><td>c</td></tr></table>'
  expect(parse(html).textContent).toBe('capabc')
})

test('[HT6] marks from elements', () => {
  expect(
    read(
      '<p><strong>a</strong><b>b</b><i>c</i><em>d</em><u>e</u><ins>f</ins><s>g</s><del>h</del><code>i</code><kbd>j</kbd><sub>k</sub><sup>l</sup><mark>m</mark></p>',
    ),
  ).toEqual([
    'paragraph <bold>ab</bold><italic>cd</italic><underline>ef</underline><strike>gh</strike><code>ij</code><subscript>k</subscript><superscript>l</superscript><highlight #fff3a3>m</highlight>',
  ])
})

test('[HT6] marks from styles, several on one element too', () => {
  const html = `<p><span style="font-weight: 700; font-style: italic">a</span>
    <span style="text-decoration: line-through underline">b</span>
    <span style="vertical-align: super">c</span>
    <span style="color: #f00">d</span> <span style="color: rgb(0, 128, 0)">e</span>
    <span style="background-color: yellow">f</span></p>`
  expect(read(html)).toEqual([
    'paragraph <bold><italic>a</italic></bold> <underline><strike>b</strike></underline> <superscript>c</superscript> <color #ff0000>d</color> <color #008000>e</color> <highlight #ffff00>f</highlight>',
  ])
})

test('[HT6] black text on white or no ground is no mark, and the ground of a cell is not that of its text', () => {
  const html = `<p style="color: #000000; background-color: transparent">a
    <span style="color: rgb(0, 0, 0); background-color: white">b</span>
    <span style="background-color: rgba(0, 0, 0, 0); color: inherit">c</span></p>
    <table><tr><td style="background-color: #ff0000">d</td></tr></table>`
  expect(parse(html).textContent).toBe('a b cd')
  expect(read(html).join()).not.toContain('<')
})

test('[HT6] the wrapper that Google Docs puts around a clipboard makes nothing bold', () => {
  const html = `<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-6aba46e4"><p dir="ltr">
    <span style="font-weight:400;text-decoration:none;vertical-align:baseline">plain</span>
    <span style="font-weight:700">bold</span></p></b>`
  expect(read(html)).toEqual(['paragraph{dir=ltr} plain <bold>bold</bold>'])
})

test('[HT6] links of a safe address, and the text of others', () => {
  expect(
    read(
      '<p><a href="https://a.b">a</a> <a href="/r">b</a> <a href="javascript:x">c</a> <a name="n">d</a></p>',
    ),
  ).toEqual(['paragraph <link https://a.b>a</link> <link /r>b</link> c d'])
})

test('[HT9] toggles and captions of foreign HTML, with headings and lists in them', () => {
  expect(
    read(
      '<details><summary><h3>more</h3></summary><p>text</p><ul><li>one<ul><li>two</li></ul></li></ul></details>' +
        '<figure><img src="f.png"><figcaption>words</figcaption></figure>',
    ),
  ).toEqual([
    'toggle more',
    'paragraph{indent=1} text',
    'bullet{indent=1} one',
    'bullet{indent=2} two',
    'image{src=f.png}',
    'caption words',
  ])
})

test('[HT7] what the schema does not know becomes text', () => {
  const html = `<main>a</main><article>b</article><dl><dt>c</dt><dd>d</dd></dl><img src="f.png"><legend>e</legend><video>f</video><x-y data-kind="nonsense">g</x-y><center>h</center><ul>i</ul>`
  const seen = lines(parse(html)).map((line) => line.replace('paragraph ', ''))
  expect(seen.join('')).toBe('abcdimage{src=f.png}efghi')
})

test('[SC7] what stands in for a locked block is no content: pasted, it is nothing', () => {
  const view = render(schema.node('doc', null, [schema.node('block'), schema.node('locked')]))
  expect(view).toContain('data-locked')
  expect(read(`<p>a</p>${view}`)).toEqual(['paragraph a', 'paragraph'])
  expect(schemaFingerprint).not.toContain('locked')
})

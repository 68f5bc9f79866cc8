// @vitest-environment jsdom
import MarkdownIt from 'markdown-it'
import type { Node } from 'prosemirror-model'
import { describe, expect, test } from 'vitest'
import { lines, parse, render } from '../../test/html.ts'
import { drawDocument } from '../../test/random-document.ts'
import { schema } from '../index.ts'
import { escapeText } from './html.ts'
import { withMath } from './markdown-math.ts'
import { contentHtml, documentOfMarkdown, htmlOf, markdownOf, plainTextOf } from './index.ts'

const block = (kind: string, text: string, attrs: object = {}): Node =>
  schema.node('block', { kind, ...attrs }, text === '' ? [] : [schema.text(text)])
const cell = (text: string, attrs: object = {}): Node =>
  schema.node('table_cell', attrs, [block('paragraph', text)])
const docOf = (...blocks: Node[]): Node => schema.node('doc', null, blocks)
const seeds = Array.from({ length: 60 }, (_, at) => at + 1)

const sample = docOf(
  block('heading', 'Plan', { level: 2 }),
  block('paragraph', 'Two < three & "four"'),
  block('bullet', 'one'),
  block('number', 'inside', { indent: 1 }),
  block('number', 'again', { indent: 1 }),
  block('paragraph', 'more of again', { indent: 2 }),
  block('bullet', 'two'),
  block('task', 'done', { checked: true }),
  block('task', 'open'),
  block('quote', 'first'),
  block('quote', 'second'),
  block('callout', 'careful', { tone: 'warning' }),
  schema.node('code_block', { language: 'js' }, schema.text('a()\n```\nb')),
  schema.node('divider'),
  schema.node('image', { src: '/files/x.png', alt: 'a [map]' }),
  schema.node('table', null, [
    schema.node('table_row', null, [cell('name', { header: true }), cell('a|b', { header: true })]),
    schema.node('table_row', null, [cell('x', { colspan: 2 })]),
  ]),
)

describe('HTML', () => {
  test('[EX1] lists nest, quotes join, and nothing is left unescaped', () => {
    expect(
      htmlOf(sample)
        .replaceAll(/(<(?:[houl]|p|li|bl|as|pre|ta|tr)[a-z0-9]*)/g, '\n$1')
        .split('\n'),
    ).toEqual([
      '',
      '<h2>Plan</h2>',
      '<p>Two &lt; three &amp; "four"</p>',
      '<ul>',
      '<li>',
      '<p>one</p>',
      '<ol>',
      '<li>',
      '<p>inside</p></li>',
      '<li>',
      '<p>again</p>',
      '<p>more of again</p></li></ol></li>',
      '<li>',
      '<p>two</p></li></ul>',
      '<ul>',
      '<li><input type="checkbox" disabled="" checked=""><div>',
      '<p>done</p></div></li>',
      '<li><input type="checkbox" disabled=""><div>',
      '<p>open</p></div></li></ul>',
      '<blockquote>',
      '<p>first</p>',
      '<p>second</p></blockquote>',
      '<aside role="note">',
      '<p data-kind="callout" data-tone="warning">careful</p></aside>',
      '<pre><code class="language-js">a()',
      '```',
      'b</code></pre>',
      '<hr><img src="/files/x.png" alt="a [map]" loading="lazy">',
      '<table><tbody>',
      '<tr><th>',
      '<p>name</p></th><th>',
      '<p>a|b</p></th></tr>',
      '<tr><td colspan="2">',
      '<p>x</p></td></tr></tbody></table>',
    ])
  })

  test('[EX2] what is written is read back as the same document', () => {
    for (const seed of seeds) {
      const doc = drawDocument(seed)
      expect(lines(parse(htmlOf(doc))), `seed ${seed}`).toEqual(lines(doc))
    }
  })

  test('[EX2] what our own schema says as HTML is what a browser would write of it', () => {
    for (const seed of seeds) {
      const doc = drawDocument(seed)
      const page = document.createElement('div')
      page.innerHTML = contentHtml(doc)
      expect(page.innerHTML, `seed ${seed}`).toBe(render(doc))
    }
  })

  test('[EX3] no text or attribute can become markup', () => {
    const evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    const doc = docOf(
      block('paragraph', evil),
      schema.node('image', { src: '/x', alt: evil }),
      schema.node('code_block', { language: '"><b>' }, schema.text(evil)),
    )
    const page = document.createElement('div')
    page.innerHTML = htmlOf(doc)
    expect([...page.querySelectorAll('*')].map(({ tagName }) => tagName)).toEqual([
      'P',
      'IMG',
      'PRE',
      'CODE',
    ])
    expect(page.querySelector('img')?.getAttribute('alt')).toBe(evil)
    expect(page.querySelector('p')?.textContent).toBe(evil)
  })
})

describe('Markdown', () => {
  test('[EX4] each kind has the sign that GitHub reads', () => {
    expect(markdownOf(sample).split('\n')).toEqual([
      '## Plan',
      '',
      'Two \\< three \\& "four"',
      '',
      '- one',
      '  1. inside',
      '',
      '  2. again',
      '',
      '     more of again',
      '- two',
      '',
      '',
      '- [x] done',
      '- [ ] open',
      '',
      '> first',
      '>',
      '> second',
      '',
      '> [!WARNING]',
      '> careful',
      '',
      '````js',
      'a()',
      '```',
      'b',
      '````',
      '',
      '---',
      '',
      '![a \\[map\\]](/files/x.png)',
      '',
      '| name | a\\|b |',
      '| --- | --- |',
      '| x |  |',
    ])
  })

  test('[EX5] every word is still there when it is read again, and nothing became something else', () => {
    const markdown = withMath(new MarkdownIt({ html: true, linkify: false }))
    markdown.renderer.rules['math_inline'] = (tokens, at) =>
      `\\(${escapeText(tokens[at]?.content ?? '')}\\)`
    markdown.renderer.rules['math_block'] = (tokens, at) =>
      `\\[${escapeText(tokens[at]?.content ?? '')}\\]`
    /** Without what Markdown has other rules for: spaces, and the boxes of tasks. */
    const wordsOf = (text: string): string => text.replaceAll(/\[[ x]\] |\[!\w+\]|\s+/g, '')
    for (const seed of seeds) {
      const doc = drawDocument(seed)
      const page = document.createElement('div')
      page.innerHTML = markdown.render(markdownOf(doc))
      const html = document.createElement('div')
      html.innerHTML = htmlOf(doc)
      const what = `seed ${seed}:\n${markdownOf(doc)}`
      expect(wordsOf(page.textContent ?? ''), what).toBe(wordsOf(html.textContent ?? ''))
      const count = (root: Element, selector: string): number =>
        root.querySelectorAll(selector).length
      for (const selector of ['h1, h2, h3, h4, h5, h6', 'pre', 'img', 'hr', 'a', 'table', 'li']) {
        expect(count(page, selector), `${selector} of ${what}`).toBe(count(html, selector))
      }
    }
  })
})

test('[EX6] plain text has a line for each block and nothing that nobody wrote', () => {
  expect(plainTextOf(sample)).toBe(
    [
      'Plan',
      'Two < three & "four"',
      'one',
      'inside',
      'again',
      'more of again',
      'two',
      'done',
      'open',
      'first',
      'second',
      'careful',
      'a()\n```\nb',
      '',
      'a [map]',
      'name\ta|b',
      'x',
    ].join('\n'),
  )
})

describe('toggles and captions', () => {
  const inside = { indent: 1 }
  const toggles = docOf(
    block('toggle', 'What is < in it?'),
    block('paragraph', 'This.', inside),
    block('bullet', 'and that', inside),
    schema.node('image', { src: '/files/x.png' }),
    block('caption', 'Figure 1', inside),
    block('toggle', 'deeper', inside),
    block('paragraph', 'inmost', { indent: 2 }),
    block('paragraph', 'after it'),
    schema.node('image', { src: '/files/y.png' }),
    block('caption', 'Figure 2'),
  )

  test('[EX1] what belongs to a toggle lies in it, and a caption lies with its picture', () => {
    const page = document.createElement('div')
    page.innerHTML = htmlOf(toggles)
    expect(page.querySelector('details > summary')?.textContent).toBe('What is < in it?')
    expect(page.querySelectorAll('details')).toHaveLength(2)
    expect(page.querySelector('details > details > p')?.textContent).toBe('inmost')
    expect(page.querySelector(':scope > figure > img + figcaption')?.textContent).toBe('Figure 2')
    expect(page.querySelector('details > figure > figcaption')?.textContent).toBe('Figure 1')
  })

  test('[EX2] they come back from HTML as they were', () => {
    expect(parse(htmlOf(toggles)).toJSON()).toEqual(toggles.toJSON())
  })

  test('[EX7] toggles come back from Markdown, with marks in their line and lists in them', () => {
    const markdown =
      '<details>\n<summary>plain &amp; &lt;short&gt;</summary>\n\ntext\n\n- one\n  - two\n\n```\ncode\n```\n\nmore\n\n</details>\n\n' +
      '- item\n\n  <details>\n  <summary>\n\n  a **bold** line\n\n  </summary>\n\n  in the item\n\n  </details>\n\nafter'
    const doc = documentOfMarkdown(markdown)
    expect(lines(doc)).toEqual([
      'toggle plain & <short>',
      'paragraph{indent=1} text',
      'bullet{indent=1} one',
      'bullet{indent=2} two',
      'code_block code',
      'paragraph{indent=1} more',
      'bullet item',
      'toggle{indent=1} a <bold>bold</bold> line',
      'paragraph{indent=2} in the item',
      'paragraph after',
    ])
    const again = documentOfMarkdown(markdownOf(doc))
    expect(again.toJSON()).toEqual(doc.toJSON())
  })

  test('[EX8] tags of toggles that are none of ours stay as letters', () => {
    const doc = documentOfMarkdown('</details>\n\n<details>\n<summary>a</summary>\nb\n</details>')
    expect(plainTextOf(doc)).toContain('</details>')
    expect(plainTextOf(doc)).toContain('b')
  })
})

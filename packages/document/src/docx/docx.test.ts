// @vitest-environment jsdom
import type { Node } from 'prosemirror-model'
import { expect, test } from 'vitest'
import { documentOfMarkdown, plainTextOf } from '../convert/index.ts'
import { schema } from '../schema.ts'
import { docxBytesMax, DocxError, documentOfDocx, docxOf, type PageRoot } from './index.ts'

const parseHtml = (html: string): PageRoot =>
  new globalThis.DOMParser().parseFromString(html, 'text/html').body

/** One red pixel. */
const pixel = Uint8Array.from(
  atob(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC',
  ),
  (letter) => letter.charCodeAt(0),
)

const loadImage = () => Promise.resolve({ bytes: pixel, type: 'png' as const, width: 1, height: 1 })
const storeImage = () => Promise.resolve('/files/stored.png')

async function throughWord(doc: Node): Promise<Node> {
  const read = await documentOfDocx(await docxOf(doc, { loadImage }), { parseHtml, storeImage })
  read.check()
  return read
}

const kinds = (doc: Node): string[] =>
  doc.children.map(({ type, attrs, textContent }) => {
    const name = type.name === 'block' ? `${attrs['kind']}${attrs['level'] ?? ''}` : type.name
    return `${'>'.repeat(Number(attrs['indent'] ?? 0))}${name} ${textContent}`.trimEnd()
  })

test('[EX10] headings, lists in lists, quotes and code come back from Word', async () => {
  const doc = documentOfMarkdown(
    '# Plan\n\nWords.\n\n- one\n  - inner\n- two\n\n1. first\n2. second\n\n### Deep\n\n> said\n\n```\nlet a = 1\n  b()\n```',
  )
  expect(kinds(await throughWord(doc))).toEqual([
    'heading1 Plan',
    'paragraph Words.',
    'bullet one',
    '>bullet inner',
    'bullet two',
    'number first',
    'number second',
    'heading3 Deep',
    'quote said',
    'code_block let a = 1\n  b()',
  ])
})

test('[EX10] a page ends where it ended', async () => {
  const page = schema.node('page_break')
  const line = (text: string): Node => schema.node('block', null, [schema.text(text)])
  const read = await throughWord(schema.node('doc', null, [line('one'), page, line('two')]))
  expect(kinds(read)).toEqual(['paragraph one', 'page_break', 'paragraph two'])
})

test('[EX10] the line of a toggle and the words below a picture are known again', async () => {
  const line = (kind: string, text: string): Node =>
    schema.node('block', { kind }, [schema.text(text)])
  const image = schema.node('image', { src: '/files/p.png', alt: 'a pixel' })
  const doc = schema.node('doc', null, [line('toggle', 'more'), image, line('caption', 'below')])
  expect(kinds(await throughWord(doc))).toEqual(['toggle more', 'image', 'caption below'])
})

test('[EX10] marks and links come back, and breaks', async () => {
  const markdown =
    '**bold** *italic* ~~gone~~ <u>under</u> x<sup>2</sup> H<sub>2</sub>O `code` [a **link**](https://quire.test/)<br>next'
  const doc = documentOfMarkdown(markdown)
  const read = await throughWord(doc)
  expect(read.firstChild?.toJSON()).toEqual(doc.firstChild?.toJSON())
})

test('[EX10] tables keep their rows, spans and text, and pictures their place', async () => {
  const doc = documentOfMarkdown('| a | b |\n| --- | --- |\n| c | d |\n\n![a pixel](/files/p.png)')
  const read = await throughWord(doc)
  const [table] = read.children
  expect(table?.children.map((row) => row.children.map((cell) => cell.textContent))).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ])
  const image = read.children.find(({ type }) => type.name === 'image')
  expect(image?.attrs).toMatchObject({ src: '/files/stored.png', alt: 'a pixel' })

  const cell = (attrs: object, text: string): Node =>
    schema.node('table_cell', attrs, [schema.node('block', null, [schema.text(text)])])
  const wide = schema.node('doc', null, [
    schema.node('table', null, [
      schema.node('table_row', null, [cell({ colspan: 2, header: true }, 'wide')]),
      schema.node('table_row', null, [cell({ rowspan: 2 }, 'tall'), cell({}, 'x')]),
      schema.node('table_row', null, [cell({}, 'y')]),
    ]),
  ])
  const spans = (await throughWord(wide)).firstChild?.children.map((row) =>
    row.children.map(({ attrs }) => [attrs['colspan'], attrs['rowspan']]),
  )
  expect(spans).toEqual([
    [[2, 1]],
    [
      [1, 2],
      [1, 1],
    ],
    [[1, 1]],
  ])
})

test('[EX11] no text is lost: tasks, callouts, pictures that cannot be had', async () => {
  const doc = documentOfMarkdown(
    '- [ ] open\n- [x] done\n\n> [!TIP]\n> hint\n\n![words](/gone.png)',
  )
  const read = await documentOfDocx(await docxOf(doc), { parseHtml })
  for (const word of ['open', 'done', 'hint', 'words']) expect(plainTextOf(read)).toContain(word)
})

test('[EX12] what is no Word document is refused, and a failing store is not taken for one', async () => {
  const reading = { parseHtml }
  await expect(documentOfDocx(new Uint8Array(), reading)).rejects.toThrow(DocxError)
  await expect(documentOfDocx(new TextEncoder().encode('PK words'), reading)).rejects.toThrow(
    DocxError,
  )
  await expect(documentOfDocx(new Uint8Array(docxBytesMax + 1), reading)).rejects.toThrow(DocxError)
  const bytes = await docxOf(documentOfMarkdown('![a](/b.png)'), { loadImage })
  const full = new Error('the disk is full')
  const failing = { parseHtml, storeImage: () => Promise.reject(full) }
  await expect(documentOfDocx(bytes, failing)).rejects.toBe(full)
})

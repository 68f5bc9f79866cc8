// @vitest-environment jsdom
/** Real Word documents: all can be read, with all their text, and are the same after being written and read again. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Node } from 'prosemirror-model'
import { expect, test } from 'vitest'
import { plainTextOf } from '../src/convert/index.ts'
import { documentOfDocx, docxOf, type PageRoot } from '../src/docx/index.ts'

const here = dirname(fileURLToPath(import.meta.url))
const data = process.env['QUIRE_TEST_DATA'] ?? resolve(here, '../../../../shared/data')
const folder = join(data, 'docx')
const hasData = existsSync(folder)
const files = hasData
  ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.docx'),
    )
  : ['(no data)']

const parseHtml = (html: string): PageRoot =>
  new globalThis.DOMParser().parseFromString(html, 'text/html').body
const read = (bytes: Uint8Array): Promise<Node> =>
  documentOfDocx(bytes, { parseHtml, storeImage: () => Promise.resolve('/files/stored.png') })
const letters = (text: string): string => text.replace(/\s+/g, '')

/** The words of the structure that stands beside a file, as Haskell writes strings. */
function wordsExpected(name: string): string[] {
  const path = join(folder, name.replace(/\.docx$/, '.native'))
  if (!existsSync(path)) return []
  // Words that a tracked change takes out do not count.
  const kept = readFileSync(path, 'utf8').replace(/"deletion"[\s\S]*?\)\s*\[[^\]]*\]/g, '')
  const strings = kept.matchAll(/\bStr\s*"((?:[^"\\]|\\.)*)"/g)
  return [...strings].map(([, text = '']) =>
    text
      .replace(/\\(\d+)(?:\\&)?/g, (_, code: string) => String.fromCodePoint(Number(code)))
      .replace(/\\(["\\])/g, '$1'),
  )
}

/** What must survive: text, kinds and levels of headings and list items, cells, addresses of links, the count of pictures. */
function structureOf(doc: Node): object {
  const found = {
    text: letters(plainTextOf(doc)),
    blocks: [] as string[],
    links: [] as string[],
    images: 0,
  }
  doc.descendants((node, _pos, parent) => {
    const { kind, level } = node.attrs
    const isKind = ['heading', 'bullet', 'number'].includes(String(kind))
    if (isKind && parent === doc && node.textContent.trim() !== '') {
      found.blocks.push(`${kind}${level ?? ''} ${letters(node.textContent)}`)
    }
    if (node.type.name === 'table_cell') found.blocks.push(`cell ${letters(node.textContent)}`)
    if (node.type.name === 'image') found.images += 1
    const link = node.marks.find(({ type }) => type.name === 'link')
    if (link && found.links.at(-1) !== link.attrs['href'])
      found.links.push(String(link.attrs['href']))
    return true
  })
  return found
}

/** One pixel, whatever was asked for. */
const pixel = Uint8Array.from(
  atob('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'),
  (letter) => letter.charCodeAt(0),
)
const loadImage = () => Promise.resolve({ bytes: pixel, type: 'gif' as const, width: 1, height: 1 })

for (const name of files) {
  test.skipIf(!hasData)(
    `[EX10] ${name}: read with all its words, written and read again as the same`,
    async () => {
      const doc = await read(new Uint8Array(readFileSync(join(folder, name))))
      doc.check()
      const text = letters(plainTextOf(doc))
      for (const word of wordsExpected(name)) expect(text).toContain(letters(word))
      const again = await read(await docxOf(doc, { loadImage }))
      again.check()
      expect(structureOf(again)).toEqual(structureOf(doc))
    },
  )
}

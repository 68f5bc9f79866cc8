/** Real Markdown: what is read is written so that reading it again gives the same, and no text is lost. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { documentOfMarkdown, markdownOf, plainTextOf } from '../src/convert/index.ts'

const here = dirname(fileURLToPath(import.meta.url))
const data = process.env['QUIRE_TEST_DATA'] ?? resolve(here, '../../../../shared/data')
const folder = join(data, 'markdown')
const hasData = existsSync(folder)
const files = hasData ? readdirSync(folder).filter((name) => name.endsWith('.md')) : ['(no data)']
const file = (name: string): string => readFileSync(join(folder, name), 'utf8')

for (const name of files) {
  test.skipIf(!hasData)(`[EX7] ${name}: written and read again, it is the same document`, () => {
    const doc = documentOfMarkdown(file(name))
    doc.check()
    expect(doc.childCount).toBeGreaterThan(100)
    expect(documentOfMarkdown(markdownOf(doc)).eq(doc)).toBe(true)
  })
}

/** Of the specification of CommonMark: Markdown and the HTML that it means. */
function examples(): { readonly markdown: string; readonly html: string }[] {
  const pattern = /^`{32} example\n([\s\S]*?)^\.\n([\s\S]*?)^`{32}$/gm
  return [...file('commonmark-spec.txt').matchAll(pattern)].map(([, markdown = '', html = '']) => ({
    markdown: markdown.replaceAll('→', '\t'),
    html: html.replaceAll('→', '\t'),
  }))
}

const entities: Readonly<Record<string, string>> = { quot: '"', lt: '<', gt: '>', amp: '&' }

/** What a reader of the HTML sees, without spaces. */
const lettersOf = (html: string): string =>
  html
    .replace(/<!--[\s\S]*?-->|<[^>]*>|\s+/g, '')
    .replace(/&(quot|lt|gt|amp);/g, (_, name: string) => entities[name] ?? '')

/** Whether all of `part` is in `whole`, in its order. */
function isWithin(part: string, whole: string): boolean {
  let at = 0
  for (const letter of whole) if (part.startsWith(letter, at)) at += letter.length
  return at === part.length
}

test.skipIf(!hasData)(
  '[EX8] no example of CommonMark loses text, read once or written and read again',
  () => {
    const all = examples()
    expect(all.length).toBeGreaterThanOrEqual(652)
    for (const { markdown, html } of all) {
      const doc = documentOfMarkdown(markdown)
      doc.check()
      const text = plainTextOf(doc)
      expect(isWithin(lettersOf(html), text.replace(/\s+/g, '')), JSON.stringify(markdown)).toBe(
        true,
      )
      expect(plainTextOf(documentOfMarkdown(markdownOf(doc))), JSON.stringify(markdown)).toBe(text)
    }
  },
)

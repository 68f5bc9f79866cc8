/**
 * Paste and copy through the real clipboard of Chromium, with what office programs really put there, and
 * with HTML that is made to attack. The clipboards are test data that is not in the repository: without
 * it those tests are skipped, and say so.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import type { BlockJson, Writer } from './writer.ts'

const here = dirname(fileURLToPath(import.meta.url))
const data = process.env['QUIRE_TEST_DATA'] ?? resolve(here, '../../../shared/data')
const clipboards = join(data, 'paste/ck')
const attacks = join(data, 'security/dompurify-expect.json')

interface Copied {
  readonly html?: string
  readonly text?: string
}

/** Another program: a page of another origin in the same browser, which shares its clipboard. */
async function otherProgram(writer: Writer): Promise<{ copy(what: Copied): Promise<void> }> {
  const { context, page } = writer
  const url = 'https://other.test/'
  await context.route(`${url}**`, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>other</title>' }),
  )
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: url })
  const other = await context.newPage()
  await other.goto(url)
  return {
    async copy(what) {
      await other.bringToFront()
      await write(other, what)
      await page.bringToFront()
    },
  }
}

async function write(page: Page, what: Copied): Promise<void> {
  await page.evaluate(async ({ html, text }) => {
    const item: Record<string, Blob> = {}
    if (html !== undefined) item['text/html'] = new Blob([html], { type: 'text/html' })
    if (text !== undefined) item['text/plain'] = new Blob([text], { type: 'text/plain' })
    await navigator.clipboard.write([new ClipboardItem(item)])
  }, what)
}

/** Replaces everything by what is pasted, and answers with what is there then. */
async function pasteAnew(writer: Writer): Promise<BlockJson> {
  await writer.press('Control+a', 'Delete', 'Control+v')
  return writer.json()
}

const wordsOf = ({ text, content }: BlockJson): string =>
  (text ?? '') + (content ?? []).map(wordsOf).join('')
const letters = (text: string): string => text.replaceAll(/\s+/g, '')

/** The letters of HTML that a reader could see, but for the signs of Word's lists. */
function lettersOf(writer: Writer, html: string): Promise<string> {
  return writer.page.evaluate((source) => {
    const page = new DOMParser().parseFromString(
      source.replaceAll(/\son\w+=/gi, ' data-on='),
      'text/html',
    )
    for (const hidden of page.querySelectorAll('script, style, title, head, noscript, object')) {
      hidden.remove()
    }
    for (const sign of page.querySelectorAll('[style]')) {
      if (!/mso-list:\s*ignore/i.test(sign.getAttribute('style') ?? '')) continue
      const isNumber = /^[\d.]+[.)]$/.test(sign.textContent?.trim() ?? '')
      if (!isNumber || sign.closest('h1, h2, h3, h4, h5, h6') === null) sign.remove()
    }
    return (page.body.textContent ?? '').replaceAll(/\s+/g, '')
  }, html)
}

function blocksIn(json: BlockJson): readonly BlockJson[] {
  return (json.content ?? []).flatMap((block) =>
    ['table', 'table_row', 'table_cell'].includes(block.type) ? blocksIn(block) : [block],
  )
}

const kindsOf = (json: BlockJson): unknown[] =>
  blocksIn(json).map(({ type, attrs }) => (type === 'block' ? attrs?.['kind'] : type))
const marksOf = (json: BlockJson): Set<string> =>
  new Set([
    ...(json.marks ?? []).map(({ type }) => type),
    ...(json.content ?? []).flatMap((part) => [...marksOf(part)]),
  ])

/** What an element of the text may be. Anything else would have come from outside. */
async function dangerIn(writer: Writer): Promise<string[]> {
  return writer.paper.evaluate((paper) => {
    const found: string[] = []
    for (const element of paper.querySelectorAll('*')) {
      if (
        /^(script|iframe|object|embed|style|link|meta|form|svg|math|base)$/i.test(element.localName)
      ) {
        found.push(element.localName)
      }
      for (const { name, value } of element.attributes) {
        if (/^on|^srcdoc$|^formaction$/i.test(name)) found.push(`${element.localName} ${name}`)
        if (
          /^(href|src|xlink:href)$/i.test(name) &&
          /^\s*(javascript|data|vbscript):/i.test(value)
        ) {
          found.push(`${name}=${value}`)
        }
        if (name === 'style' && /url\(|expression|import/i.test(value)) found.push(value)
      }
    }
    return found
  })
}

test('Markdown, cells and plain text keep their structure', async ({ people }) => {
  const ada = await people.join('Ada')
  const ben = await people.join('Ben')
  const other = await otherProgram(ada)
  await ada.paper.click()

  await other.copy({ text: '# Plan\n\nSome **bold** words\n\n- one\n  - below\n' })
  await ada.press('Control+v')
  await expect
    .poll(() => ben.lines())
    .toEqual(['heading 1: Plan', 'paragraph: Some bold words', 'bullet: one', '>bullet: below'])

  await other.copy({ text: 'one\ntwo\n\nthree' })
  await pasteAnew(ada)
  await expect
    .poll(() => ben.lines())
    .toEqual(['paragraph: one', 'paragraph: two', 'paragraph: three'])

  const cells =
    '<table><tr><td>Name</td><td><b>Sum</b></td></tr><tr><td>Ada</td><td>1,5</td></tr></table>'
  await other.copy({ html: cells, text: 'Name\tSum\nAda\t1,5' })
  await pasteAnew(ada)
  await expect.poll(() => ben.lines()).toContain('table: Name | Sum / Ada | 1,5')
  // Into its last cell: the table grows, and what Ben writes beside it stays.
  await ben.caret('after', 'Name')
  await ben.type('s')
  await ada.sees('Names')
  await ada.caret('after', '1,5')
  await ada.press('Control+v')
  await expect
    .poll(() => ben.lines())
    .toContain('table: Names | Sum |  / Ada | Name | Sum /  | Ada | 1,5')
})

test('what is copied is HTML with lists for other programs, and Markdown on demand', async ({
  people,
}) => {
  const ada = await people.join('Ada')
  await ada.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await ada.paper.click()
  await ada.type('## Plan\n- one\n')
  await ada.press('Tab')
  await ada.type('**two**')
  await ada.press('Control+a', 'Control+c')
  /** What is on the clipboard; nothing when it changes while it is read. */
  const read = (type: string): Promise<string> =>
    ada.page.evaluate(async (wanted) => {
      try {
        const [item] = await navigator.clipboard.read()
        return (await item?.getType(wanted))?.text() ?? ''
      } catch (error) {
        if (error instanceof DOMException) return ''
        throw error
      }
    }, type)
  await expect.poll(() => read('text/html')).not.toBe('')
  const html = await read('text/html')
  expect(html).toMatch(
    /<h2[^>]*>Plan<\/h2><ul[^>]*><li[^>]*>one<ul[^>]*><li[^>]*><strong>two<\/strong><\/li><\/ul><\/li><\/ul>/,
  )
  expect(await read('text/plain')).toBe('Plan\none\ntwo')

  await ada.page.getByRole('button', { name: 'Tools' }).click()
  await ada.page.getByRole('menuitem', { name: 'Copy as Markdown' }).click()
  await expect.poll(() => read('text/plain')).toBe('## Plan\n\n- one\n  - **two**')
})

test.describe('with the test data', () => {
  test.skip(!existsSync(clipboards), `no clipboards in ${clipboards}`)
  const files = existsSync(clipboards) ? readdirSync(clipboards).sort() : []
  const isDocs = (name: string): boolean => name.startsWith('paste-from-google-docs')

  for (const [program, chosen] of [
    ['Google Docs', files.filter(isDocs)],
    ['Word', files.filter((name) => !isDocs(name))],
  ] as const) {
    test(`clipboards of ${program} keep their words and their structure`, async ({ people }) => {
      const ada = await people.join('Ada')
      ada.mayLoseNetwork = true
      await ada.context.route(/^https?:\/\/(?!127\.|other\.test)/, (route) => route.abort())
      const other = await otherProgram(ada)
      await ada.paper.click()
      for (const name of chosen) {
        const html = readFileSync(join(clipboards, name), 'utf8')
        await other.copy({ html, text: 'plain' })
        const json = await pasteAnew(ada)
        const [expected, danger] = await Promise.all([lettersOf(ada, html), dangerIn(ada)])
        expect.soft(letters(wordsOf(json)), name).toBe(expected)
        expect.soft(danger, name).toEqual([])
        const kinds = kindsOf(json)
        if (/<li[\s>]|<p[^>]*mso-list:\s*l\d+\s+level/i.test(html)) {
          const isItem = (kind: unknown): boolean => kind === 'bullet' || kind === 'number'
          expect.soft(kinds.filter(isItem).length, name).toBeGreaterThan(0)
        }
        if (/<h1/i.test(html)) expect.soft(kinds, name).toContain('heading')
        if (/<body[^]*<b>[^<\s]/.test(html)) expect.soft([...marksOf(json)], name).toContain('bold')
        if (/<body[^]*<i>[^<\s]/.test(html))
          expect.soft([...marksOf(json)], name).toContain('italic')
        if (/<body[^]*<a[^>]* href="http/.test(html))
          expect.soft([...marksOf(json)], name).toContain('link')
        if (/<body[^]*<td/.test(html))
          expect.soft(JSON.stringify(json), name).toContain('"table_cell"')
      }
    })
  }

  test('HTML made to attack runs nothing and leaves nothing', async ({ people }) => {
    test.skip(!existsSync(attacks), `no attacks in ${attacks}`)
    const ada = await people.join('Ada')
    ada.mayLoseNetwork = true
    await ada.context.route(/^https?:\/\/(?!127\.|other\.test)/, (route) => route.abort())
    let dialogs = 0
    ada.page.on('dialog', (dialog) => {
      dialogs += 1
      void dialog.dismiss()
    })
    const other = await otherProgram(ada)
    await ada.paper.click()
    const payloads = (JSON.parse(readFileSync(attacks, 'utf8')) as { payload: string }[]).map(
      ({ payload }) => payload,
    )
    // Many at once, for the time it takes; each by itself is a unit test of the document.
    for (let at = 0; at < payloads.length; at += 20) {
      const html = payloads
        .slice(at, at + 20)
        .map((one) => `<section>${one}</section>`)
        .join('\n')
      await other.copy({ html, text: 'plain' })
      await pasteAnew(ada)
      expect(await dangerIn(ada), `attacks from ${at}`).toEqual([])
    }
    expect(dialogs).toBe(0)
    expect(
      await ada.page.evaluate(() => Object.keys(window).filter((name) => /xss|pwn/i.test(name))),
    ).toEqual([])
  })
})
